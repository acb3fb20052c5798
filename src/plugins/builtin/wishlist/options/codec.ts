import { formatDuration, nearestKey, parseDuration } from '../../../api/index.ts';

/** A value is at fault; the message goes on behind the option's name: `must be a whole number`. */
export class ValueError extends Error {}

/** How the value of an option is read and written. Reading what was written gives the same value. */
export interface Codec {
  /** `list`: divided at commas. `each`: the option may be given several times, each is one part. */
  readonly kind: 'one' | 'list' | 'each';
  /**
   * @param at now, for what is counted from it; undefined where nothing may be: a config is read again and again.
   * @throws ValueError
   */
  read(parts: readonly string[], at: number | undefined): unknown;
  /** @returns undefined: this option does not say it. */
  write(value: unknown): readonly string[] | undefined;
}

function one<T>(
  read: (part: string, at: number | undefined) => T,
  write: (value: T) => string = String,
): Codec {
  return {
    kind: 'one',
    read: ([part = ''], at) => read(part, at),
    write: (value) => [write(value as T)],
  };
}

export const text = (max: number): Codec =>
  one((part) => {
    if (part.length > max) throw new ValueError(`must have at most ${max} characters`);
    return part;
  });

const listOf = (kind: 'list' | 'each', max: number): Codec => ({
  kind,
  read: (parts) => {
    if (parts.length > max) throw new ValueError(`takes ${max} at most`);
    return parts;
  },
  write: (value) => value as readonly string[],
});

export const list = (max = 50): Codec => listOf('list', max);

export const each = (max = 10): Codec => listOf('each', max);

export function oneOf(...values: readonly string[]): Codec {
  return one((part) => known(part, values));
}

export function anyOf(...values: readonly string[]): Codec {
  return {
    kind: 'list',
    read: (parts) => parts.map((part) => known(part, values)),
    write: (value) => value as readonly string[],
  };
}

function known(part: string, values: readonly string[]): string {
  const found = values.find((value) => value === part.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestKey(part, values);
  throw new ValueError(`must be ${values.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`);
}

const YES = new Map([
  ['yes', true],
  ['on', true],
  ['true', true],
  ['no', false],
  ['off', false],
  ['false', false],
]);

export const bool: Codec = one<boolean>(
  (part) => {
    const value = YES.get(part.toLowerCase());
    if (value === undefined) throw new ValueError('must be yes or no');
    return value;
  },
  (value) => (value ? 'yes' : 'no'),
);

export const int = (min: number, max: number): Codec =>
  one((part) => {
    const value = /^\d{1,15}$/.test(part) ? Number(part) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new ValueError(`must be a whole number from ${min} to ${max}`);
  });

/** Milliseconds. */
export const duration = (min: string): Codec =>
  one((part) => {
    const value = parseDuration(part);
    if (value === undefined) throw new ValueError('must be a duration such as 30m or 1d12h');
    if (value < parseDuration(min)!) throw new ValueError(`must be at least ${min}`);
    return value;
  }, formatDuration);

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
};

/** Bytes; with `k`, `M`, `G` (thousands) or `Ki`, `Mi`, `Gi`, and a `B` behind if one likes. */
export const bytes: Codec = one<number>(
  (part) => {
    const match = /^(\d+(?:\.\d+)?)\s*(|[kmg]i?)b?$/iu.exec(part);
    const value =
      match === null ? Number.NaN : Math.round(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!);
    if (Number.isSafeInteger(value)) return value;
    throw new ValueError('must be a size such as 5MB, 700k or 1.5GiB');
  },
  (value) => {
    for (const [unit, size] of [
      ['GB', 1e9],
      ['MB', 1e6],
      ['kB', 1e3],
    ] as const)
      if (value > 0 && value % size === 0) return `${value / size}${unit}`;
    return String(value);
  },
);

/** Seconds; `3:50`, `1:02:03`, `230` or `4m`. */
export const seconds: Codec = one<number>(
  (part) => {
    if (/^\d{1,6}(?::[0-5]\d){1,2}$/u.test(part))
      return part.split(':').reduce((total, field) => total * 60 + Number(field), 0);
    const value = /^\d{1,7}$/.test(part) ? Number(part) * 1000 : parseDuration(part);
    if (value === undefined || value % 1000 !== 0)
      throw new ValueError('must be a length such as 3:50, 230 (seconds) or 4m');
    return value / 1000;
  },
  (value) =>
    value < 60 ? String(value) : `${Math.floor(value / 60)}:${String(value % 60).padStart(2, '0')}`,
);

/** Hz; `44100`, `44.1k`, `96kHz`. */
export const hertz: Codec = one<number>((part) => {
  const match = /^(\d+(?:\.\d+)?)\s*(k?)(?:hz)?$/iu.exec(part);
  const value = match === null ? 0 : Math.round(Number(match[1]) * (match[2] === '' ? 1 : 1000));
  if (value >= 1000 && value <= 1_000_000) return value;
  throw new ValueError('must be a sample rate such as 44100 or 96kHz');
});

const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{3})?)?Z?)?$/u;

/** Milliseconds since the epoch; a date of UTC, or a duration from now. */
export const moment: Codec = one<number>(
  (part, at) => {
    const upper = part.toUpperCase();
    const date = DATE.test(upper)
      ? Date.parse(upper.includes('T') && !upper.endsWith('Z') ? `${upper}Z` : upper)
      : Number.NaN;
    if (!Number.isNaN(date)) return date;
    const away = parseDuration(part);
    if (away === undefined || away === 0)
      throw new ValueError('must be a date such as 2027-05-01, or a time from now such as 90d');
    if (at === undefined)
      throw new ValueError(
        'must be a date such as 2027-05-01 here: "from now" would begin anew at every start',
      );
    // Nobody means milliseconds, and everybody reads them in "wish show".
    return Math.ceil((at + away) / 60_000) * 60_000;
  },
  (value) =>
    new Date(value)
      .toISOString()
      .replace(/:00\.000Z$/u, 'Z')
      .replace(/T00:00Z$/u, ''),
);

const TELL = ['sources', 'better', 'again'] as const;

/** `new`: only what nobody had; else the kinds that are told besides. */
export const tell: Codec = {
  kind: 'list',
  read: (parts) => {
    const wanted = parts.map((part) => known(part, ['new', ...TELL]));
    return Object.fromEntries(TELL.map((kind) => [kind, wanted.includes(kind)]));
  },
  write: (value) => {
    const { sources = true, better = true, again = false } = value as Partial<Record<string, boolean>>;
    const kinds = [sources && 'sources', better && 'better', again && 'again'].filter(
      (kind) => kind !== false,
    );
    return kinds.length === 0 ? ['new'] : kinds;
  },
};

/** A scope that is a word, a room or a user: three options for one thing. */
export const wideScope: Codec = {
  ...oneOf('network', 'buddies'),
  write: (value) => (typeof value === 'string' ? [value] : undefined),
};

export const scopeOf = (kind: 'room' | 'user'): Codec => ({
  kind: 'one',
  read: ([part = '']) => ({ [kind]: part }),
  write: (value) => {
    const name =
      typeof value === 'object' && value !== null ? (value as Record<string, string>)[kind] : undefined;
    return name === undefined ? undefined : [name];
  },
});
