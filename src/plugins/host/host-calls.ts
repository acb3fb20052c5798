import { PluginError } from '../api/errors.ts';
import type { Priority } from '../api/lines.ts';
import type { Need } from '../api/needs.ts';
import type { HostSearches } from './host-searches.ts';
import { readSamples } from './metric-samples.ts';
import { CASE_CALLS, checkArgs, MEMBER_CALLS } from './moderation-calls.ts';
import { readNotice, readTargets } from './notice-input.ts';
import type { ProvidedServices } from './provided-services.ts';
import type { ReplyTokens } from './reply-tokens.ts';
import { readSearchOptions } from './search-input.ts';
import type { HostServices, LineOptions } from './services.ts';
import { readTimer, readTimerKey, readTimerKind } from './timer-input.ts';
import type { HostWeb } from './web.ts';
import { readDecision } from './why-input.ts';
import { WISH_CALLS } from './wish-calls.ts';

/** Who calls, and what they may. */
export interface Caller {
  readonly id: string;
  readonly services: HostServices;
  readonly tokens: ReplyTokens;
  readonly searches: HostSearches;
  readonly web: HostWeb;
  readonly provided: ProvidedServices;
  /** @throws PluginError `need-missing`. */
  require(need: Need, what: string): void;
  /** Milliseconds, monotonic. */
  now(): number;
}

type Args = readonly unknown[];
type HostCall = (caller: Caller, args: Args) => Promise<unknown>;

const MAX_KEY = 512;
const PRIORITIES: readonly Priority[] = ['moderation', 'reply', 'ordinary', 'bulk'];

/**
 * What only looks. Everything else waits while another version of the plugin is the one that counts: a new version that
 * has not taken over yet must leave no trace if it fails.
 */
export function onlyLooks(method: string, [, request]: Args): boolean {
  return method === 'web.fetch' ? !isWriting(request) : READS.has(method);
}

function isWriting(request: unknown): boolean {
  const method: unknown =
    typeof request === 'object' && request !== null && 'method' in request ? request.method : undefined;
  return method !== undefined && method !== 'GET' && method !== 'HEAD';
}

const READS: ReadonlySet<string> = new Set([
  'receipt',
  'store.get',
  'store.keys',
  'store.entries',
  'store.usage',
  'rooms.list',
  'rooms.info',
  'users.facts',
  'search.next',
  'search.done',
  'timers.get',
  'timers.list',
  'users.shares',
  'users.address',
  'notify.channels',
  ...['get', 'list', 'results', 'result', 'why', 'ignored', 'check', 'test', 'plan'].map(
    (method) => `wishlist.${method}`,
  ),
  ...['get', 'list', 'strikes', 'export', 'power', 'halted'].map((method) => `cases.${method}`),
  ...['pending', 'banned', 'snapshots', 'difference', 'applicants', 'history'].map(
    (method) => `members.${method}`,
  ),
]);

/** Everything that a plugin can ask of the host, by the name on the wire. Arguments are not trusted. */
export const HOST_CALLS: ReadonlyMap<string, HostCall> = new Map<string, HostCall>([
  [
    'say',
    async (caller, [room, text, options]) => {
      caller.require('room.say', 'bot.say');
      const line = lineOptions(caller, options, 'ordinary');
      return caller.services.say(caller.id, name(room, 'room'), lines(text), line);
    },
  ],
  [
    'pm',
    async (caller, [user, text, options]) => {
      caller.require('pm.send', 'bot.pm');
      const line = lineOptions(caller, options, 'ordinary');
      return caller.services.pm(caller.id, name(user, 'user'), lines(text), line);
    },
  ],
  [
    'reply',
    async (caller, [token, text, options]) => {
      const { target, called } = caller.tokens.look(token, caller.now());
      if (!called && target.kind === 'room') caller.require('room.say', 'reply in a room');
      const line = lineOptions(caller, options, 'reply');
      const checked = lines(text);
      caller.tokens.spend(token, caller.now());
      return caller.services.reply(caller.id, target, checked, line);
    },
  ],
  [
    'receipt',
    async ({ id, services }, [line, wait]) => services.receipt(id, name(line, 'id'), wait !== false),
  ],

  ['store.get', async ({ id, services }, [key]) => services.store.get(id, storeKey(key))],
  [
    'store.set',
    async ({ id, services }, [key, value, ttlMs]) => services.store.set(id, storeKey(key), value, ttl(ttlMs)),
  ],
  ['store.delete', async ({ id, services }, [key]) => services.store.delete(id, storeKey(key))],
  [
    'store.deleteAll',
    async ({ id, services }, [from]) => services.store.deleteAll(id, prefix(from, 'deleteAll')),
  ],
  ['store.keys', async ({ id, services }, [from]) => services.store.keys(id, prefix(from, 'keys'))],
  ['store.entries', async ({ id, services }, [from]) => services.store.entries(id, prefix(from, 'entries'))],
  ['store.usage', ({ id, services }) => services.store.usage(id)],
  [
    'store.compareAndSwap',
    async ({ id, services }, [key, expected, value, ttlMs]) => {
      if (expected !== undefined && typeof expected !== 'number')
        throw new PluginError('invalid', 'not a version');
      return services.store.compareAndSwap(id, storeKey(key), expected, value, ttl(ttlMs));
    },
  ],

  ['why', async ({ id, services }, [decision]) => services.why.note(id, readDecision(decision))],

  [
    'timers.set',
    async ({ id, services }, args) => {
      const { kind, key, at, payload } = readTimer(args[0], args[1], args[2], args[3]);
      await services.jobs.setTimer(id, kind, key, at, payload);
    },
  ],
  [
    'timers.cancel',
    async ({ id, services }, [kind, key]) =>
      services.jobs.cancelTimer(id, readTimerKind(kind), readTimerKey(key)),
  ],
  [
    'timers.get',
    async ({ id, services }, [kind, key]) =>
      services.jobs.getTimer(id, readTimerKind(kind), readTimerKey(key)),
  ],
  [
    'timers.list',
    async ({ id, services }, [kind, prefix]) => {
      if (typeof prefix !== 'string') throw new PluginError('invalid', 'the prefix must be a text');
      return services.jobs.listTimers(id, readTimerKind(kind), prefix);
    },
  ],

  [
    'rooms.list',
    async (caller) => {
      caller.require('room.read', 'bot.rooms.list');
      return caller.services.rooms.list(caller.id);
    },
  ],
  [
    'rooms.info',
    async (caller, [room]) => {
      caller.require('room.read', 'bot.rooms.info');
      return caller.services.rooms.info(caller.id, name(room, 'room'));
    },
  ],
  [
    'rooms.setTicker',
    async (caller, [room, ticker]) => {
      caller.require('room.ticker', 'bot.rooms.setTicker');
      if (typeof ticker !== 'string') throw new PluginError('invalid', 'the ticker must be a text');
      return caller.services.rooms.setTicker(caller.id, name(room, 'room'), ticker);
    },
  ],
  ['rooms.addMember', moderation('addMember')],
  ['rooms.removeMember', moderation('removeMember')],
  ['rooms.addOperator', moderation('addOperator')],
  ['rooms.removeOperator', moderation('removeOperator')],

  [
    'search.start',
    async (caller, [options]) => {
      caller.require('search.run', 'bot.search');
      return caller.searches.start(readSearchOptions(options));
    },
  ],
  ['search.next', ({ searches }, [search, max]) => searches.page(search, max)],
  ['search.done', ({ searches }, [search]) => searches.end(search)],
  ['search.stop', ({ searches }, [search]) => searches.stop(search)],

  [
    'web.fetch',
    async (caller, [url, request]) => {
      caller.require('web', 'bot.web');
      return caller.web.fetch(url, request);
    },
  ],

  [
    'dialog.start',
    async (caller, [dialog, partner, state]) => {
      const place = partnerOf(partner);
      if (!caller.tokens.called(place, caller.now()))
        caller.require(
          place.room === undefined ? 'pm.send' : 'room.say',
          'dialog.start with who has not called',
        );
      return caller.services.dialogs.start(caller.id, name(dialog, 'dialog'), place, state);
    },
  ],
  [
    'dialog.end',
    async ({ id, services }, [dialog, partner]) =>
      services.dialogs.end(id, name(dialog, 'dialog'), partnerOf(partner)),
  ],
  [
    'services.call',
    async ({ provided }, [service, method, args]) => {
      if (!Array.isArray(args)) throw new PluginError('invalid', 'the arguments must be a list');
      return provided.call(name(service, 'service'), name(method, 'function'), args);
    },
  ],
  [
    'metrics.record',
    async ({ id, services }, [samples, lost]) =>
      services.metrics.record(id, readSamples(samples), typeof lost === 'number' && lost > 0 ? lost : 0),
  ],

  [
    'users.facts',
    async (caller, [user]) => {
      caller.require('user.read', 'bot.users.facts');
      return caller.services.users.facts(caller.id, name(user, 'user'));
    },
  ],
  [
    'users.shares',
    async (caller, [user]) => {
      caller.require('user.read', 'bot.users.shares');
      return caller.services.users.shares(caller.id, name(user, 'user'));
    },
  ],
  [
    'users.address',
    async (caller, [user]) => {
      caller.require('user.address', 'bot.users.address');
      return caller.services.users.address(caller.id, name(user, 'user'));
    },
  ],

  [
    'notify',
    async (caller, [to, notice]) => {
      caller.require('notify', 'bot.notify');
      const targets = readTargets(to);
      for (const target of targets) {
        if (typeof target === 'object')
          caller.require('pm' in target ? 'pm.send' : 'room.say', 'bot.notify to a person or a room');
      }
      return caller.services.notices.tell(caller.id, targets, readNotice(notice));
    },
  ],
  [
    'notify.channels',
    async (caller) => {
      caller.require('notify', 'bot.notify.channels');
      return caller.services.notices.channels(caller.id);
    },
  ],
  ...[...WISH_CALLS].map(([method, run]): [string, HostCall] => [
    `wishlist.${method}`,
    async (caller, args) => {
      caller.require('search.run', `bot.wishlist.${method}`);
      return run(caller.services.wishes, caller.id, args);
    },
  ]),
  ...(Object.keys(CASE_CALLS) as (keyof typeof CASE_CALLS)[]).map((method): [string, HostCall] => [
    `cases.${method}`,
    async (caller, args) => {
      caller.require('moderate', `bot.cases.${method}`);
      const checked = checkArgs(`bot.cases.${method}`, CASE_CALLS[method], args);
      const ask = caller.services.cases[method] as (instance: string, ...rest: Args) => Promise<unknown>;
      return ask.call(caller.services.cases, caller.id, ...checked);
    },
  ]),
  ...(Object.keys(MEMBER_CALLS) as (keyof typeof MEMBER_CALLS)[]).map((method): [string, HostCall] => [
    `members.${method}`,
    async (caller, args) => {
      caller.require('moderate', `bot.members.${method}`);
      const checked = checkArgs(`bot.members.${method}`, MEMBER_CALLS[method], args);
      const ask = caller.services.members[method] as (instance: string, ...rest: Args) => Promise<unknown>;
      return ask.call(caller.services.members, caller.id, ...checked);
    },
  ]),
]);

function moderation(action: 'addMember' | 'removeMember' | 'addOperator' | 'removeOperator'): HostCall {
  return async (caller, [room, user]) => {
    caller.require('moderate', `bot.rooms.${action}`);
    return caller.services.rooms[action](caller.id, name(room, 'room'), name(user, 'user'));
  };
}

/** @throws PluginError `invalid` */
function partnerOf(value: unknown): { readonly user: string; readonly room?: string } {
  const given =
    typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const user = name(given['user'], 'user');
  const room = given['room'];
  return { user, ...(room === undefined ? {} : { room: name(room, 'room') }) };
}

/** A name of a room, a user or a line. @throws PluginError `invalid` */
export function name(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new PluginError('invalid', `the ${what} must be a text that is not empty`);
}

function storeKey(value: unknown): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= MAX_KEY) return value;
  throw new PluginError('invalid', `a store key must be a text of 1 to ${MAX_KEY} characters`);
}

function prefix(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new PluginError('invalid', `bot.store.${what}: the prefix must be a text`);
}

function lines(value: unknown): readonly string[] {
  const list: unknown = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || !list.every((line): line is string => typeof line === 'string')) {
    throw new PluginError('invalid', 'what is said must be a text or a list of texts');
  }
  if (list.every((line) => line.trim() === ''))
    throw new PluginError('invalid', 'there is nothing to say: the text is empty');
  return list;
}

function ttl(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0) return value;
  throw new PluginError('invalid', 'ttl must be a duration');
}

function lineOptions(caller: Caller, value: unknown, usual: Priority): LineOptions {
  const given =
    typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const priority = PRIORITIES.find((known) => known === (given['priority'] ?? usual));
  if (priority === undefined)
    throw new PluginError('invalid', `priority must be one of ${PRIORITIES.join(', ')}`);
  if (priority === 'moderation') caller.require('moderate', 'priority "moderation"');
  const ttlMs = ttl(given['ttlMs']);
  return { priority, ...(ttlMs === undefined ? {} : { ttlMs }) };
}
