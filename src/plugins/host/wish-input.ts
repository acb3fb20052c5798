import { PluginError } from '../api/errors.ts';
import type { WishQuery, WishState } from '../api/wishlist.ts';
import { checkKnownKeys } from './known-keys.ts';
import type { WishSpec, WishSpecChange } from './wire.ts';

type Given = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => string | undefined;

/** A value of a wish's own data, as JSON. */
const MAX_DATA = 4_096;
const MAX_NOTE = 500;
const MAX_TAGS = 10;
const MAX_TAG = 32;
const MAX_ONLINE = 20;
const DAY_MS = 86_400_000;

const text: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a text that is not empty';
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const object: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'must be an object';
const time: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : 'must be a time in milliseconds since the epoch';
const whole =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `must be a whole number from ${least} to ${most}`;
const lasting =
  (least: number, most: number, shown: string): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most ? undefined : `must be ${shown}`;
const texts =
  (count: number, length: number): Check =>
  (value) =>
    Array.isArray(value) &&
    value.length <= count &&
    value.every((entry) => typeof entry === 'string' && entry !== '' && entry.length <= length)
      ? undefined
      : `must be a list of at most ${count} texts of 1 to ${length} characters`;

const scope: Check = (value) => {
  if (value === 'network' || value === 'buddies') return undefined;
  if (typeof value === 'object' && value !== null) {
    const { room, user } = value as Given;
    if ((text(room) === undefined) !== (text(user) === undefined)) return undefined;
  }
  return 'must be "network", "buddies", { room } or { user }';
};

const data: Check = (value) =>
  (JSON.stringify(value) ?? '').length <= MAX_DATA
    ? undefined
    : `must be at most ${MAX_DATA} characters as JSON`;

/** What each key takes; what is in `filter` is read by whoever compiles it. */
const KEYS: { readonly [K in keyof Required<WishSpec>]: Check } = {
  query: text,
  scope,
  cron: text,
  timezone: text,
  whenOnline: texts(MAX_ONLINE, 30),
  priority: whole(1, 10),
  everyMs: lasting(600_000, 365 * DAY_MS, 'from 10m to 365d'),
  atMostMs: lasting(600_000, 365 * DAY_MS, 'from 10m to 365d'),
  deadline: time,
  expires: time,
  completeAfter: whole(1, 1_000_000),
  profile: text,
  filter: object,
  tell: object,
  variants: flag,
  user: text,
  tags: texts(MAX_TAGS, MAX_TAG),
  note: (value) =>
    typeof value === 'string' && value.length <= MAX_NOTE
      ? undefined
      : `must be a text of at most ${MAX_NOTE} characters`,
  data,
};
const SHOWN: Readonly<Record<string, string>> = { everyMs: 'every', atMostMs: 'atMost' };
const TELL = ['sources', 'better', 'again'];
const STATES: readonly WishState[] = ['active', 'paused', 'snoozed', 'done', 'expired', 'refused'];

/** A wish as a plugin gives it, of which nothing has been checked. @throws PluginError `invalid` */
export function readWish(value: unknown, what: string): WishSpec {
  const given = withoutAbsent(record(value, what));
  checkKnownKeys(given, Object.keys(KEYS), what, SHOWN);
  if (text(given['query']) !== undefined) throw invalid(`${what}: query must be a text that is not empty`);
  for (const [key, entry] of Object.entries(given)) checkValue(key, entry, what);
  const { everyMs, atMostMs } = given as WishSpec;
  if (everyMs !== undefined && atMostMs !== undefined && atMostMs < everyMs)
    throw invalid(`${what}: atMost must not be shorter than every`);
  return given as WishSpec;
}

/** @throws PluginError `invalid` */
export function readWishChange(value: unknown, what: string): WishSpecChange {
  const given = record(value, what);
  checkKnownKeys(given, Object.keys(KEYS), what, SHOWN);
  if (given['query'] === null) throw invalid(`${what}: a wish needs a query`);
  for (const [key, entry] of Object.entries(given)) {
    if (entry !== null && entry !== undefined) checkValue(key, entry, what);
  }
  return withoutAbsent(given);
}

/** @throws PluginError `invalid` */
export function readWishQuery(value: unknown, what: string): WishQuery {
  if (value === undefined) return {};
  const { user, state, tag } = record(value, what);
  for (const [key, entry] of Object.entries({ user, tag })) {
    if (entry !== undefined && typeof entry !== 'string') throw invalid(`${what}: ${key} must be a text`);
  }
  if (
    state !== undefined &&
    !(Array.isArray(state) && state.every((entry) => STATES.includes(entry as WishState)))
  )
    throw invalid(`${what}: state must be a list of ${STATES.join(', ')}`);
  return withoutAbsent({ user, state, tag });
}

/** The id of a wish. @throws PluginError `invalid` */
export function readWishId(value: unknown, what: string): string {
  if (typeof value === 'string' && /^[^\p{C}\s]{1,64}$/u.test(value)) return value;
  throw invalid(`${what}: the id must be 1 to 64 characters without spaces and control characters`);
}

function checkValue(key: string, value: unknown, what: string): void {
  const problem = KEYS[key as keyof WishSpec](value);
  if (problem !== undefined) throw invalid(`${what}: ${SHOWN[key] ?? key} ${problem}`);
  if (key !== 'tell') return;
  checkKnownKeys(value as object, TELL, `${what}: tell`);
  for (const [name, entry] of Object.entries(value as object)) {
    if (entry !== undefined && typeof entry !== 'boolean')
      throw invalid(`${what}: tell.${name} must be true or false`);
  }
}

function withoutAbsent(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function record(value: unknown, what: string): Given {
  if (object(value) === undefined) return value as Given;
  throw invalid(`${what} takes an object`);
}

function invalid(message: string): PluginError {
  return new PluginError('invalid', message);
}
