import type { SearchHit } from './hit.ts';
import { SearchError } from './search-error.ts';

/**
 * Which hits are wanted, as plain data. All conditions must hold. A file whose owner does not say what a condition is about
 * does not pass it; a missing bitrate is computed from size and duration.
 */
export interface SearchFilter {
  /** One of these extensions, without the dot, in any case. */
  readonly ext?: readonly string[];
  /** Bytes. */
  readonly minSize?: number;
  /** Bytes. */
  readonly maxSize?: number;
  /** kbit/s. */
  readonly minBitrate?: number;
  /** kbit/s. */
  readonly maxBitrate?: number;
  /** Seconds. */
  readonly minDuration?: number;
  /** Seconds. */
  readonly maxDuration?: number;
  /** Hz. */
  readonly minSampleRate?: number;
  /** Bits per sample. */
  readonly minBitDepth?: number;
  /** True: only from users who could start at once. */
  readonly freeSlot?: boolean;
  /** Uploads waiting at the user. */
  readonly maxQueue?: number;
  /** Bytes/s. */
  readonly minSpeed?: number;
  /** Files only for people whom the owner allows. @default 'include' */
  readonly locked?: 'include' | 'exclude' | 'only';
  /** Only from users whose names are proven. @default false */
  readonly verified?: boolean;
  /** Only from these users, exact and case-sensitive. */
  readonly users?: readonly string[];
  /** Not from these users. May be empty. */
  readonly notUsers?: readonly string[];
}

/** A filter ready for use. */
export interface HitTest {
  /** Whether anything from this user can pass at all; asked before a response is inflated. */
  user(user: string, verified: boolean): boolean;
  hit(hit: SearchHit): boolean;
}

const NUMBERS = [
  'minSize',
  'maxSize',
  'minBitrate',
  'maxBitrate',
  'minDuration',
  'maxDuration',
  'minSampleRate',
  'minBitDepth',
  'maxQueue',
  'minSpeed',
] as const satisfies readonly (keyof SearchFilter)[];
const FLAGS = ['freeSlot', 'verified'] as const satisfies readonly (keyof SearchFilter)[];
const LISTS = ['ext', 'users', 'notUsers'] as const satisfies readonly (keyof SearchFilter)[];
const KEYS: ReadonlySet<string> = new Set([...NUMBERS, ...FLAGS, ...LISTS, 'locked']);

/** Longest list of a filter. */
const MAX_LIST = 10_000;

const NUMBER_OF: Readonly<Record<(typeof NUMBERS)[number], (hit: SearchHit) => number | undefined>> = {
  minSize: (hit) => hit.size,
  maxSize: (hit) => hit.size,
  minBitrate: (hit) => bitrateOf(hit),
  maxBitrate: (hit) => bitrateOf(hit),
  minDuration: (hit) => hit.attributes.duration,
  maxDuration: (hit) => hit.attributes.duration,
  minSampleRate: (hit) => hit.attributes.sampleRate,
  minBitDepth: (hit) => hit.attributes.bitDepth,
  maxQueue: (hit) => hit.queueLength,
  minSpeed: (hit) => hit.speed,
};

/** Throws a {@link SearchError} `invalid` for an unknown key, a wrong type, or a condition that nothing could meet. */
export function compileFilter(filter: SearchFilter = {}): HitTest {
  check(filter);
  const tests: ((hit: SearchHit) => boolean)[] = [];
  const { ext, locked = 'include', freeSlot } = filter;
  if (ext) {
    const wanted = new Set(ext.map((name) => name.toLowerCase().replace(/^\./u, '')));
    tests.push((hit) => wanted.has(hit.extension));
  }
  if (locked !== 'include') tests.push((hit) => hit.locked === (locked === 'only'));
  if (freeSlot) tests.push((hit) => hit.slotFree);
  for (const key of NUMBERS) {
    const bound = filter[key];
    if (bound === undefined) continue;
    const least = key.startsWith('min');
    tests.push((hit) => {
      const value = NUMBER_OF[key](hit);
      return value !== undefined && (least ? value >= bound : value <= bound);
    });
  }
  const only = filter.users && new Set(filter.users);
  const not = new Set(filter.notUsers);
  return {
    user: (user, verified) =>
      (only?.has(user) ?? true) && !not.has(user) && (verified || filter.verified !== true),
    hit: (hit) => tests.every((test) => test(hit)),
  };
}

function bitrateOf({ size, attributes: { bitrate, duration } }: SearchHit): number | undefined {
  if (bitrate !== undefined) return bitrate;
  return duration === undefined || duration === 0 ? undefined : (size * 8) / 1000 / duration;
}

function check(filter: SearchFilter): void {
  const given: Readonly<Record<string, unknown>> = { ...filter };
  for (const [key, value] of Object.entries(given)) {
    if (!KEYS.has(key)) throw invalid(`the filter takes no ${JSON.stringify(key)}`);
    if (value === undefined) throw invalid(`${key} must not be undefined; leave it out`);
  }
  for (const key of NUMBERS) {
    const value = given[key];
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY))
      throw invalid(`${key} must be a number, 0 or more`);
  }
  for (const key of FLAGS) {
    if (given[key] !== undefined && typeof given[key] !== 'boolean')
      throw invalid(`${key} must be true or false`);
  }
  for (const key of LISTS) {
    const value = given[key];
    if (value === undefined) continue;
    if (
      !Array.isArray(value) ||
      value.length > MAX_LIST ||
      !value.every((entry) => typeof entry === 'string')
    )
      throw invalid(`${key} must be a list of at most ${MAX_LIST} texts`);
    if (key !== 'notUsers' && value.length === 0)
      throw invalid(`${key} is empty and would match nothing; leave it out to match everything`);
  }
  if (!['include', 'exclude', 'only', undefined].includes(filter.locked))
    throw invalid('locked must be "include", "exclude" or "only"');
}

const invalid = (message: string): SearchError => new SearchError('invalid', message);
