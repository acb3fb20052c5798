/** One number of the governor, and how far it may be moved. */
export interface LimitSpec {
  readonly default: number;
  /** Values above it need `allowAboveCeiling`. For a number of which more is gentler (a gap), absent. */
  readonly ceiling?: number;
  /** Values below it need `allowAboveCeiling`. For a number of which more is gentler (a gap). */
  readonly floor?: number;
  /** Beyond these no flag helps: the value makes no sense. */
  readonly range: readonly [least: number, most: number];
  readonly unit: string;
  readonly about: string;
}

const atMost = (
  value: number,
  ceiling: number,
  range: readonly [number, number],
  unit: string,
  about: string,
) => ({ default: value, ceiling, range, unit, about }) satisfies LimitSpec;
const atLeast = (
  value: number,
  floor: number,
  range: readonly [number, number],
  unit: string,
  about: string,
) => ({ default: value, floor, range, unit, about }) satisfies LimitSpec;

/**
 * Every limit of the governor. The server publishes none: it bans account and address for 30 minutes. Search
 * numbers lie below what widely used programs run with for years; the others are chosen far below any report
 * of a ban, and are not measured. Housekeeping, joins and tickers are ours and unmeasured altogether.
 */
export const LIMITS = {
  housekeeping: {
    perSecond: atMost(
      50,
      100,
      [1, 1000],
      'frames/s',
      'acknowledgements, pings, watches, addresses, ConnectToPeer together',
    ),
    burst: atMost(500, 1000, [40, 10_000], 'frames', 'how many of them may leave at once after a quiet time'),
  },
  join: {
    everySeconds: atLeast(2, 1, [0.1, 3600], 's', 'between two JoinRoom'),
  },
  ticker: {
    everySeconds: atLeast(30, 10, [0.1, 86_400], 's', 'between two SetRoomTicker, whatever the room'),
  },
  roomLine: {
    everySeconds: atLeast(3, 2, [0.1, 3600], 's', 'per room: one line comes back into its bucket'),
    burst: atMost(3, 5, [1, 100], 'lines', 'per room: lines at once after a quiet time'),
    perMinute: atMost(10, 15, [1, 600], 'lines/min', 'per room'),
    allRoomsPerMinute: atMost(20, 30, [1, 600], 'lines/min', 'over all rooms together'),
    repeatSeconds: atLeast(
      60,
      60,
      [0, 86_400],
      's',
      'the same text is not said again in the same room sooner; it is dropped',
    ),
    repeatRun: atMost(2, 2, [1, 100], 'lines', 'the same text in one room in a row; the next one is dropped'),
  },
  privateLine: {
    everySeconds: atLeast(2, 1, [0.1, 3600], 's', 'between two lines to the same user'),
    usersPerMinute: atMost(10, 15, [1, 600], 'users/min', 'different users written to'),
    strangersPerHour: atMost(30, 30, [0, 3600], 'lines/h', 'to users who never wrote to us'),
    repeatRun: atMost(
      2,
      3,
      [1, 100],
      'lines',
      'the same text to one user in a row within repeatSeconds; the next one is dropped',
    ),
    repeatSeconds: atLeast(60, 30, [0, 86_400], 's', 'how long a text to a user counts for repeatRun'),
  },
  anyLine: {
    sameTextPerMinute: atMost(
      6,
      10,
      [1, 600],
      'lines/min',
      'one text to whatever rooms and users; further ones wait',
    ),
  },
  search: {
    max: atMost(30, 34, [1, 1000], 'searches', 'in any span of windowSeconds'),
    windowSeconds: atLeast(220, 220, [1, 86_400], 's', 'span of max'),
    gapSeconds: atLeast(5, 4, [0, 3600], 's', 'between two searches'),
    burst: atMost(
      3,
      6,
      [1, 100],
      'searches',
      'at the pace of gapSeconds after a quiet time; then at that of max',
    ),
    repeatSeconds: atLeast(
      600,
      300,
      [0, 86_400],
      's',
      'a search for the same words is not sent again sooner; it is dropped',
    ),
  },
  roomAdmin: {
    everySeconds: atLeast(1, 1, [0.1, 3600], 's', 'between two changes of members or operators'),
    perMinute: atMost(20, 30, [1, 600], 'requests/min', 'changes of members or operators'),
  },
  login: {
    retrySeconds: atLeast(
      5,
      5,
      [0.1, 3600],
      's',
      'first wait after a lost connection is 1 to 3 times this, then doubling',
    ),
    retryMaxSeconds: atLeast(300, 60, [0.1, 86_400], 's', 'longest wait between two attempts'),
    restartSeconds: atLeast(
      10,
      10,
      [0, 3600],
      's',
      'least time since the last attempt of an earlier run, doubling with each',
    ),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, LimitSpec>>>>;

type Table = typeof LIMITS;

/** Every limit with its value. */
export type Limits = { readonly [G in keyof Table]: { readonly [K in keyof Table[G]]: number } };

/** Limits that differ from the defaults. Units and bounds: {@link LIMITS}. */
export type LimitOptions = { readonly [G in keyof Table]?: { readonly [K in keyof Table[G]]?: number } } & {
  /** Lets values pass a ceiling or a floor. It is what gets bots banned. @default false */
  readonly allowAboveCeiling?: boolean;
};

/** A limit that may not have the value given. `key` is like `search.max`. */
export class LimitError extends RangeError {
  override readonly name = 'LimitError';
  readonly key: string;

  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

/** Defaults with `options` laid over. Throws a {@link LimitError} for an unknown key, nonsense, or a value past its bound. */
export function resolveLimits(options: LimitOptions = {}): Limits {
  const groups: Readonly<Record<string, Readonly<Record<string, LimitSpec>>>> = LIMITS;
  const { allowAboveCeiling = false, ...given } = options;
  for (const [group, values] of Object.entries(given)) {
    if (!Object.hasOwn(groups, group)) throw new LimitError(group, `there is no limit ${group}`);
    for (const key of Object.keys(values)) {
      if (!Object.hasOwn(groups[group]!, key))
        throw new LimitError(`${group}.${key}`, `there is no limit ${group}.${key}`);
    }
  }
  const chosen = given as Readonly<Record<string, Readonly<Record<string, number | undefined>> | undefined>>;
  return Object.fromEntries(
    Object.entries(groups).map(([group, specs]) => [
      group,
      Object.fromEntries(
        Object.entries(specs).map(([key, spec]) => {
          const value = chosen[group]?.[key] ?? spec.default;
          check(`${group}.${key}`, value, spec, allowAboveCeiling);
          return [key, value];
        }),
      ),
    ]),
  ) as Limits;
}

function check(key: string, value: number, spec: LimitSpec, allowed: boolean): void {
  const [least, most] = spec.range;
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new LimitError(
      key,
      `${key} must be a number from ${least} to ${most} (${spec.unit}), not ${String(value)}`,
    );
  }
  const whole = spec.ceiling !== undefined;
  if (whole && !Number.isInteger(value))
    throw new LimitError(key, `${key} must be a whole number, not ${value}`);
  if (allowed) return;
  if (spec.ceiling !== undefined && value > spec.ceiling) {
    throw new LimitError(
      key,
      `${key} is ${value}, above its ceiling of ${spec.ceiling} ${spec.unit}; set allowAboveCeiling to insist`,
    );
  }
  if (spec.floor !== undefined && value < spec.floor) {
    throw new LimitError(
      key,
      `${key} is ${value}, below its floor of ${spec.floor} ${spec.unit}; set allowAboveCeiling to insist`,
    );
  }
}
