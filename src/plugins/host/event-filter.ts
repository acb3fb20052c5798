import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { PluginError } from '../api/errors.ts';
import type { AnyEvent, EventName } from '../api/events.ts';
import type { AnyFilter, TextFilter } from '../api/filter.ts';
import { nearestKey } from '../api/schema/nearest-key.ts';

/** Whether an event passes. `self`: the bot's user name. */
export type EventPredicate = (event: AnyEvent, self: string) => boolean;

type Key = keyof AnyFilter;

const ROOM: readonly Key[] = ['rooms', 'private'];
const FROM: readonly Key[] = ['from', 'notFrom'];

/** Which conditions an event takes; it mirrors the types of plugins/api/filter.ts. */
const KEYS: Readonly<Record<EventName, readonly Key[]>> = {
  'room.message': [...ROOM, ...FROM, 'own', 'text'],
  'room.join': [...ROOM, ...FROM, 'own'],
  'room.leave': [...ROOM, ...FROM, 'own'],
  'room.ticker': [...ROOM, ...FROM, 'own'],
  'room.member': [...ROOM, ...FROM],
  'room.operator': [...ROOM, ...FROM],
  'room.entered': ROOM,
  'room.exited': ROOM,
  'private.message': [...FROM, 'text', 'replayed'],
  'user.status': FROM,
  notice: [],
  connection: [],
};

/** Long enough for a list of words, short enough to compile in no time. */
const MAX_PATTERN = 4_000;

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(KEYS, name);
}

/** Names of all events, for messages. */
export const EVENT_NAMES = Object.keys(KEYS);

/**
 * Compiles a filter, whose types nobody has checked when the plugin is JavaScript.
 * @throws PluginError `invalid`, `bad-pattern`.
 */
export function compileFilter(event: EventName, filter: AnyFilter): EventPredicate {
  checkKeys(filter, KEYS[event], `the filter of ${event}`);
  const tests: EventPredicate[] = [];
  const { rooms, from, notFrom, own, text, replayed } = filter;

  if (KEYS[event].includes('own') && !flag(own, 'own')) {
    tests.push((e, self) => !('own' in e && e.own) && !('user' in e && e.user === self));
  }
  if (rooms !== undefined) {
    const wanted = new Set(names(rooms, 'rooms', 1));
    tests.push((e) => 'room' in e && typeof e.room === 'object' && wanted.has(e.room.name));
  }
  if (filter.private !== undefined) {
    const wanted = flag(filter.private, 'private');
    tests.push((e) => 'room' in e && typeof e.room === 'object' && e.room.private === wanted);
  }
  if (from !== undefined) {
    const wanted = new Set(names(from, 'from', 1));
    tests.push((e) => 'user' in e && e.user !== undefined && wanted.has(e.user));
  }
  if (notFrom !== undefined) {
    const unwanted = new Set(names(notFrom, 'notFrom', 0));
    tests.push((e) => !('user' in e && e.user !== undefined && unwanted.has(e.user)));
  }
  if (replayed !== undefined && replayed !== 'include') {
    if (replayed !== 'exclude' && replayed !== 'only') {
      throw new PluginError(
        'invalid',
        `replayed must be "include", "exclude" or "only", not ${JSON.stringify(replayed)}`,
      );
    }
    const wanted = replayed === 'only';
    tests.push((e) => e.type === 'private.message' && e.replayed === wanted);
  }
  if (text !== undefined) {
    const test = compileText(text);
    tests.push((e) => 'text' in e && test(e.text));
  }
  return (e, self) => e.type === event && tests.every((test) => test(e, self));
}

function compileText(filter: TextFilter): (text: string) => boolean {
  checkKeys(filter, ['includes', 'startsWith', 'equals', 'pattern', 'caseSensitive'], 'text');
  const exact = flag(filter.caseSensitive, 'text.caseSensitive');
  const fold = (text: string) => (exact ? text : text.toLowerCase());
  const tests: ((raw: string, folded: string) => boolean)[] = [];
  const any = (
    key: 'includes' | 'startsWith' | 'equals',
    matches: (text: string, part: string) => boolean,
  ) => {
    const given = filter[key];
    if (given === undefined) return;
    const parts = names(typeof given === 'string' ? [given] : given, `text.${key}`, 1).map(fold);
    if (parts.includes(''))
      throw new PluginError('invalid', `text.${key} must not be empty: it would match everything`);
    tests.push((_, folded) => parts.some((part) => matches(folded, part)));
  };
  any('includes', (text, part) => text.includes(part));
  any('startsWith', (text, part) => text.startsWith(part));
  any('equals', (text, part) => text === part);
  if (filter.pattern !== undefined) {
    const pattern = compilePattern(filter.pattern);
    tests.push((raw) => pattern.test(raw));
  }
  if (tests.length === 0) {
    throw new PluginError('invalid', 'text needs at least one of includes, startsWith, equals, pattern');
  }
  return (text) => {
    const folded = fold(text);
    return tests.every((test) => test(text, folded));
  };
}

/** Loaded when the first pattern is: most bots have none, and it takes 2 MiB. */
function re2(): typeof RE2JS {
  const { RE2JS: loaded } = createRequire(import.meta.url)('re2js') as typeof import('re2js');
  return loaded;
}

function compilePattern(pattern: unknown): RE2JS {
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > MAX_PATTERN) {
    throw new PluginError(
      'bad-pattern',
      `text.pattern must be a text of 1 to ${MAX_PATTERN} characters in RE2 syntax`,
    );
  }
  try {
    return re2().compile(pattern);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PluginError(
      'bad-pattern',
      `text.pattern ${JSON.stringify(pattern)} is not RE2 syntax: ${why}`,
      { cause },
    );
  }
}

function checkKeys(given: unknown, known: readonly string[], what: string): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new PluginError('invalid', `${what} must be an object`);
  }
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const nearest = nearestKey(key, known);
    const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
    throw new PluginError('invalid', `${what} takes no ${JSON.stringify(key)}${hint}`);
  }
}

function flag(value: unknown, name: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true;
  throw new PluginError('invalid', `${name} must be true or false`);
}

function names(value: unknown, name: string, least: number): readonly string[] {
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    throw new PluginError('invalid', `${name} must be a list of texts`);
  }
  if (value.length < least) {
    throw new PluginError(
      'invalid',
      `${name} is empty and would match nothing; leave it out to match everything`,
    );
  }
  return value;
}
