import { PluginError } from '../api/errors.ts';
import type { NotifyTarget } from '../api/notify.ts';
import type { WireNotice } from './wire.ts';

const MAX_TARGETS = 20;
const MAX_TITLE = 200;
const MAX_LINES = 50;
const MAX_LINE = 2_000;
const MAX_KEY = 200;
const MAX_LINK = 2_000;
const MAX_DATA = 65_536;
const DIGESTS = ['none', 'hour', 'day'];

type Given = Readonly<Record<string, unknown>>;

/** Whom a notice goes to. @throws PluginError `invalid` */
export function readTargets(value: unknown): readonly NotifyTarget[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.length > MAX_TARGETS)
    throw invalid(`bot.notify: give it 1 to ${MAX_TARGETS} targets`);
  return list.map(readTarget);
}

function readTarget(value: unknown): NotifyTarget {
  if (isText(value, 64)) return value;
  if (typeof value === 'object' && value !== null) {
    const { pm, room } = value as Given;
    if (isText(pm, 64) && room === undefined) return { pm };
    if (isText(room, 64) && pm === undefined) return { room };
  }
  throw invalid('bot.notify: a target is the name of a channel, { pm: user } or { room }');
}

/** A notice of which nothing has been checked but that it is plain. @throws PluginError `invalid`, `too-large` */
export function readNotice(value: unknown): WireNotice {
  if (typeof value !== 'object' || value === null) throw invalid('bot.notify: give it { title, … }');
  const { title, lines, key, digest, group, urgent, ttlMs, data, link } = value as Given;
  if (!isText(title, MAX_TITLE))
    throw invalid(`bot.notify: title must be a text of 1 to ${MAX_TITLE} characters`);
  if (
    lines !== undefined &&
    !(Array.isArray(lines) && lines.every((line) => typeof line === 'string' && line.length <= MAX_LINE))
  )
    throw invalid(`bot.notify: lines must be texts of at most ${MAX_LINE} characters`);
  if (Array.isArray(lines) && lines.length > MAX_LINES)
    throw invalid(`bot.notify: there can be at most ${MAX_LINES} lines`);
  if (key !== undefined && !isText(key, MAX_KEY))
    throw invalid(`bot.notify: key must be a text of 1 to ${MAX_KEY} characters`);
  if (group !== undefined && !isText(group, MAX_KEY))
    throw invalid(`bot.notify: group must be a text of 1 to ${MAX_KEY} characters`);
  if (digest !== undefined && !DIGESTS.includes(digest as string))
    throw invalid(`bot.notify: digest must be one of ${DIGESTS.join(', ')}`);
  if (urgent !== undefined && typeof urgent !== 'boolean')
    throw invalid('bot.notify: urgent must be true or false');
  if (ttlMs !== undefined && !(typeof ttlMs === 'number' && ttlMs > 0))
    throw invalid('bot.notify: ttl must be a duration');
  if (link !== undefined && !isText(link, MAX_LINK))
    throw invalid(`bot.notify: link must be a text of 1 to ${MAX_LINK} characters`);
  if (data !== undefined && (JSON.stringify(data) ?? '').length > MAX_DATA)
    throw new PluginError('too-large', `bot.notify: data must be at most ${MAX_DATA} characters as JSON`);
  return Object.fromEntries(
    Object.entries({ title, lines, key, digest, group, urgent, ttlMs, data, link }).filter(
      ([, entry]) => entry !== undefined,
    ),
  ) as unknown as WireNotice;
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= most;
}

function invalid(message: string): PluginError {
  return new PluginError('invalid', message);
}
