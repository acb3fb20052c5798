import { formatDuration } from '../api/duration.ts';
import { PluginError } from '../api/errors.ts';
import type { JobSpec, RetrySpec } from './wire.ts';

const MAX_ATTEMPTS = 20;
/** The longest wait before another attempt, in milliseconds. */
export const MAX_BACKOFF_MS = 3_600_000;
const MIN_EVERY_MS = 1000;

const MISFIRE = ['once', 'skip', 'all'] as const;
const OVERLAP = ['skip', 'wait'] as const;
const GAP = ['shift', 'skip'] as const;
const FOLD = ['first', 'second', 'both'] as const;

/**
 * Checks what a plugin says about a job; nothing in it is trusted. Expressions and time zones are read by the bot.
 * @throws PluginError `invalid`, naming the job and what is wrong with it.
 */
export function checkJobSpec(given: unknown): JobSpec {
  const spec = record(given);
  const when = record(spec['when']);
  const where = `${when['kind'] === 'every' ? 'bot.every' : 'bot.schedule'}(${nameOf(spec['id'])})`;
  return {
    id: checkJobId(spec['id'], where),
    when: when['kind'] === 'every' ? checkEvery(when, where) : checkCron(when, where),
    misfire: oneOf(spec['misfire'], MISFIRE, `${where}: misfire`),
    overlap: oneOf(spec['overlap'], OVERLAP, `${where}: overlap`),
    retry: checkRetry(spec['retry'], where),
  };
}

/** @throws PluginError `invalid` */
export function checkRetry(given: unknown, where: string): RetrySpec {
  const { attempts, backoffMs } = record(given);
  if (!isWhole(attempts) || attempts < 1 || attempts > MAX_ATTEMPTS)
    throw wrong(`${where}: retry.attempts must be a whole number from 1 to ${MAX_ATTEMPTS}`);
  if (!isWhole(backoffMs) || backoffMs < 0 || backoffMs > MAX_BACKOFF_MS)
    throw wrong(`${where}: retry.backoff must be a time of up to ${formatDuration(MAX_BACKOFF_MS)}`);
  return { attempts, backoffMs };
}

/** @throws PluginError `invalid` */
export function checkJobId(value: unknown, where: string): string {
  if (typeof value === 'string' && /^[^\p{C}]{1,64}$/u.test(value)) return value;
  throw wrong(`${where}: the id must be 1 to 64 characters, without control characters`);
}

/** An id for messages. */
export function nameOf(id: unknown): string {
  return typeof id === 'string' ? JSON.stringify(id.slice(0, 64)) : '';
}

function checkCron(when: Readonly<Record<string, unknown>>, where: string): JobSpec['when'] {
  const { cron, timezone } = when;
  if (typeof cron !== 'string' || cron.trim() === '')
    throw wrong(`${where}: cron must be an expression such as "0 20 * * *"`);
  if (timezone !== undefined && typeof timezone !== 'string')
    throw wrong(`${where}: timezone must be an IANA name such as "Europe/Berlin"`);
  return {
    kind: 'cron',
    cron,
    ...(timezone === undefined ? {} : { timezone }),
    gap: oneOf(when['gap'], GAP, `${where}: gap`),
    fold: oneOf(when['fold'], FOLD, `${where}: fold`),
  };
}

function checkEvery(when: Readonly<Record<string, unknown>>, where: string): JobSpec['when'] {
  const { everyMs, jitterMs } = when;
  if (!isWhole(everyMs) || everyMs < MIN_EVERY_MS)
    throw wrong(`${where}: every must be at least ${formatDuration(MIN_EVERY_MS)}`);
  if (!isWhole(jitterMs) || jitterMs < 0 || jitterMs > everyMs)
    throw wrong(`${where}: jitter must not be longer than every (${formatDuration(everyMs)})`);
  return { kind: 'every', everyMs, jitterMs };
}

function oneOf<const T extends string>(value: unknown, known: readonly T[], where: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined)
    throw wrong(`${where} must be ${known.map((one) => JSON.stringify(one)).join(' or ')}`);
  return found;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function wrong(message: string): PluginError {
  return new PluginError('invalid', message);
}
