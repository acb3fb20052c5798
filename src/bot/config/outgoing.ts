import { LIMITS, type LimitOptions, type LimitSpec } from '../../network/governor/limits.ts';
import { formatDuration, parseDuration } from '../../plugins/api/duration.ts';
import { formatRate, parseRate, parseSpan, RATE_PATTERN } from './rate.ts';

/** Numbers of the governor by their names there, such as `roomLine.burst`. */
export type LimitValues = Readonly<Record<string, number>>;

/** One key under `outgoing:` and the numbers of the governor that it sets. */
export interface OutgoingKey {
  /** What it limits, for the schema and the example. */
  readonly about: string;
  readonly expected: string;
  /** Form of the value, for editors. */
  readonly json:
    | { readonly type: 'string'; readonly pattern: string }
    | { readonly type: 'integer'; readonly minimum: number };
  /** The governor's names. */
  readonly limits: readonly string[];
  /** The value that means the governor's defaults. */
  readonly standard: string | number;
  read(value: unknown): LimitValues | undefined;
}

const SECOND = 1000;
const DURATION = { type: 'string', pattern: '^[0-9.wdhms ]+$' } as const;

/** One per so long: `1/3s`, and a burst where the governor has one (left out: the default burst). */
function pace(about: string, every: string, burst?: string): OutgoingKey {
  const example = formatRate({
    count: 1,
    perMs: spec(every).default * SECOND,
    ...(burst !== undefined && { burst: spec(burst).default }),
  });
  return rate(about, example, burst, [every], ({ count, perMs }) => ({ [every]: perMs / count / SECOND }));
}

function rate(
  about: string,
  standard: string,
  burst: string | undefined,
  names: readonly string[],
  toLimits: (rate: { readonly count: number; readonly perMs: number }) => LimitValues,
): OutgoingKey {
  return {
    about,
    expected: `a rate such as ${standard}`,
    json: { type: 'string', pattern: RATE_PATTERN },
    limits: burst === undefined ? names : [...names, burst],
    standard,
    read(value) {
      const parsed = typeof value === 'string' ? parseRate(value) : undefined;
      if (parsed === undefined || (parsed.burst !== undefined && burst === undefined)) return undefined;
      return {
        ...toLimits(parsed),
        ...(parsed.burst !== undefined && burst !== undefined && { [burst]: parsed.burst }),
      };
    },
  };
}

function count(about: string, name: string): OutgoingKey {
  return {
    about,
    expected: 'a whole number',
    json: { type: 'integer', minimum: spec(name).range[0] },
    limits: [name],
    standard: spec(name).default,
    read: (value) => (Number.isInteger(value) ? { [name]: Number(value) } : undefined),
  };
}

function gap(about: string, name: string): OutgoingKey {
  return {
    about,
    expected: 'a length of time such as 90s or 10m',
    json: DURATION,
    limits: [name],
    standard: formatDuration(spec(name).default * SECOND),
    read(value) {
      const ms = typeof value === 'string' ? parseDuration(value) : undefined;
      return ms === undefined ? undefined : { [name]: ms / SECOND };
    },
  };
}

function span(about: string, least: string, most: string): OutgoingKey {
  const standard = [least, most].map((name) => formatDuration(spec(name).default * SECOND)).join('..');
  return {
    about,
    expected: `a least and a most such as ${standard}`,
    json: { type: 'string', pattern: '^[0-9.wdhms ]+\\.\\.[0-9.wdhms ]+$' },
    limits: [least, most],
    standard,
    read(value) {
      const parsed = typeof value === 'string' ? parseSpan(value) : undefined;
      return parsed === undefined ? undefined : { [least]: parsed[0] / SECOND, [most]: parsed[1] / SECOND };
    },
  };
}

/** Every key under `outgoing:` except the flag. */
export const OUTGOING: Readonly<Record<string, OutgoingKey>> = {
  room: pace(
    'Lines per room; the burst is how many may come at once after a quiet time.',
    'roomLine.everySeconds',
    'roomLine.burst',
  ),
  'room-minute': count('Lines per room within a minute.', 'roomLine.perMinute'),
  'rooms-minute': count('Lines in all rooms together within a minute.', 'roomLine.allRoomsPerMinute'),
  'room-repeat': gap('The same text is not said again in the same room sooner.', 'roomLine.repeatSeconds'),
  'room-repeat-run': count('The same text in one room so often in a row at most.', 'roomLine.repeatRun'),
  pm: pace('Private lines to the same user.', 'privateLine.everySeconds'),
  'pm-users-minute': count('Different users written to within a minute.', 'privateLine.usersPerMinute'),
  'pm-strangers-hour': count(
    'Private lines within an hour to users who never wrote to the bot.',
    'privateLine.strangersPerHour',
  ),
  'pm-repeat': gap('How long a text to a user counts for pm-repeat-run.', 'privateLine.repeatSeconds'),
  'pm-repeat-run': count('The same text to one user so often in a row at most.', 'privateLine.repeatRun'),
  'same-text-minute': count(
    'One text to whatever rooms and users within a minute.',
    'anyLine.sameTextPerMinute',
  ),
  search: rate(
    'Searches in any such span of time; the burst is how many may come at the pace of search-gap after a quiet time.',
    formatRate({
      count: LIMITS.search.max.default,
      perMs: LIMITS.search.windowSeconds.default * SECOND,
      burst: LIMITS.search.burst.default,
    }),
    'search.burst',
    ['search.max', 'search.windowSeconds'],
    (parsed) => ({ 'search.max': parsed.count, 'search.windowSeconds': parsed.perMs / SECOND }),
  ),
  'search-gap': gap('Between two searches.', 'search.gapSeconds'),
  'search-repeat': gap(
    'A search for the same words is not sent again sooner. Each user asked alone counts apart.',
    'search.repeatSeconds',
  ),
  'room-admin': pace('Changes of the members or operators of private rooms.', 'roomAdmin.everySeconds'),
  'room-admin-minute': count('The same within a minute.', 'roomAdmin.perMinute'),
  join: pace('Rooms joined.', 'join.everySeconds'),
  ticker: pace('Lines put on the wall of a room.', 'ticker.everySeconds'),
  housekeeping: rate(
    'Acknowledgements, pings, watches and addresses together.',
    formatRate({
      count: LIMITS.housekeeping.perSecond.default,
      perMs: SECOND,
      burst: LIMITS.housekeeping.burst.default,
    }),
    'housekeeping.burst',
    ['housekeeping.perSecond'],
    ({ count: frames, perMs }) => ({ 'housekeeping.perSecond': (frames * SECOND) / perMs }),
  ),
  reconnect: span(
    'First and longest wait after a lost connection; it doubles in between.',
    'login.retrySeconds',
    'login.retryMaxSeconds',
  ),
  restart: gap(
    'Least time since the last login attempt of an earlier run; doubles with each.',
    'login.restartSeconds',
  ),
};

/** The governor's number of that name. */
export function spec(name: string): LimitSpec {
  const [group = '', key = ''] = name.split('.');
  const table: Readonly<Record<string, Readonly<Record<string, LimitSpec>>>> = LIMITS;
  const found = table[group]?.[key];
  if (found === undefined) throw new RangeError(`The governor has no limit ${name}`);
  return found;
}

/** Why the governor will not take a number; undefined when it will. */
export function limitProblem(name: string, value: number, allowAboveCeiling: boolean): string | undefined {
  const { range, ceiling, unit } = spec(name);
  const [least, most] = range;
  if (!(value >= least && value <= most)) return `expected from ${least} to ${most} ${unit}`;
  if (ceiling !== undefined && !Number.isInteger(value))
    return `expected a whole number of ${unit}, this makes ${value}`;
  const bound = allowAboveCeiling ? undefined : passedBound(name, value);
  return bound && `expected ${bound} (more gets bots banned; allow-above-ceiling: true insists)`;
}

/** The bound that a value goes beyond: what the flag may insist on and the owner should be told. */
export function passedBound(name: string, value: number): string | undefined {
  const { ceiling, floor, unit } = spec(name);
  if (ceiling !== undefined && value > ceiling) return `at most ${ceiling} ${unit}`;
  if (floor !== undefined && value < floor) return `at least ${floor} ${unit}`;
  return undefined;
}

/** Numbers by name, as the governor takes them. */
export function toLimitOptions(values: LimitValues, allowAboveCeiling: boolean): LimitOptions {
  const groups: Record<string, Record<string, number>> = {};
  for (const [name, value] of Object.entries(values)) {
    const [group = '', key = ''] = name.split('.');
    groups[group] = { ...groups[group], [key]: value };
  }
  return { ...groups, ...(allowAboveCeiling && { allowAboveCeiling }) };
}
