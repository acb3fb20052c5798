import { PluginError } from '../api/errors.ts';
import { checkJobId } from './job-spec.ts';
import { checkPlain } from './plain.ts';

const MAX_KEY = 256;
/** Largest payload of a timer, in bytes. */
export const MAX_TIMER_BYTES = 65_536;
/** The last moment that a date can have, in milliseconds since the epoch. */
const LAST_MOMENT = 8_640_000_000_000_000;

/** A timer that a plugin wants, checked. */
export interface TimerInput {
  readonly kind: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Undefined and null are the same in the store. */
  readonly payload: unknown;
}

/** @throws PluginError `invalid`, `not-plain`, `too-large`. */
export function readTimer(kind: unknown, key: unknown, at: unknown, payload: unknown): TimerInput {
  if (typeof at !== 'number' || !Number.isFinite(at) || Math.abs(at) > LAST_MOMENT)
    throw new PluginError('invalid', "a timer's time must be milliseconds since the epoch");
  const checked = { kind: readTimerKind(kind), key: readTimerKey(key), at: Math.round(at), payload };
  checkPlain(payload ?? null, `timer ${JSON.stringify(checked.key)}`, MAX_TIMER_BYTES, 'json');
  return checked;
}

/** @throws PluginError `invalid` */
export function readTimerKind(kind: unknown): string {
  return checkJobId(kind, 'bot.timer');
}

/** @throws PluginError `invalid` */
export function readTimerKey(key: unknown): string {
  if (typeof key === 'string' && key.length >= 1 && key.length <= MAX_KEY) return key;
  throw new PluginError('invalid', `a timer's key must be a text of 1 to ${MAX_KEY} characters`);
}
