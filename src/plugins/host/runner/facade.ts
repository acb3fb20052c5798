import type { Random } from '../../../platform/random.ts';
import type { Bot, BotLog, EventHandler, Self } from '../../api/bot.ts';
import type { CommandDefinition } from '../../api/command.ts';
import { toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import type { AnyEvent, EventName } from '../../api/events.ts';
import type { AnyFilter, EventFilter } from '../../api/filter.ts';
import type { LineReceipt, SendOptions } from '../../api/lines.ts';
import type { UserFacts, UserShares } from '../../api/people.ts';
import type { RoomInfo, RoomOutcome, RoomSummary } from '../../api/rooms.ts';
import type { BatchHandler, BatchName, SearchRequestOptions } from '../../api/search.ts';
import type { Translate } from '../../api/texts.ts';
import type { WebResponse } from '../../api/web.ts';
import { commandSpec } from './command-spec.ts';
import { Dialogs } from './dialogs.ts';
import { addInterceptor } from './intercepts.ts';
import { Jobs } from './jobs.ts';
import { makeMetrics } from './metrics.ts';
import { addAction, makeAddRule, makeCases, makeMembers } from './moderation.ts';
import { makeNotify } from './notify.ts';
import { addPersonal } from './personal.ts';
import { Provided } from './provided.ts';
import { makeRegistration, type Registrations } from './registrations.ts';
import type { Scope } from './scope.ts';
import { startSearch } from './search.ts';
import { makeStore } from './store.ts';
import { makeWhy } from './why.ts';
import { makeWishlist } from './wishlist.ts';

/** Calls the host; the result is what the method's service returns. */
export type CallHost = (method: string, ...args: readonly unknown[]) => Promise<unknown>;

/** What the facade is made from. */
export interface FacadeParts {
  readonly config: unknown;
  readonly configIn: (room: string) => unknown;
  readonly configuredRooms: readonly string[];
  readonly self: Self;
  readonly random: Random;
  readonly translate: Translate;
  readonly signal: AbortSignal;
  readonly scope: Scope;
  readonly registrations: Registrations;
  readonly call: CallHost;
  readonly log: (
    level: keyof BotLog,
    message: string,
    fields: Readonly<Record<string, unknown>> | undefined,
  ) => void;
  /** Checks a value for the store. @throws PluginError */
  readonly checkValue: (value: unknown, where: string) => void;
}

/** Options of a line, as they cross. @throws PluginError `invalid` */
export function wireOptions(options: SendOptions | undefined): { priority?: string; ttlMs?: number } {
  return {
    ...(options?.priority === undefined ? {} : { priority: options.priority }),
    ...(options?.ttl === undefined ? {} : { ttlMs: toMs(options.ttl) }),
  };
}

/** Makes the `bot` that `setup` gets. */
export function makeBot(parts: FacadeParts): Bot {
  const { scope, registrations, call } = parts;
  const { log } = parts;
  const jobs = new Jobs(registrations, call);

  function on<E extends EventName>(event: E, handler: EventHandler<E>): ReturnType<Bot['on']>;
  function on<E extends EventName>(
    event: E,
    filter: EventFilter<E>,
    handler: EventHandler<E>,
  ): ReturnType<Bot['on']>;
  function on(event: EventName, second: unknown, third?: unknown): ReturnType<Bot['on']> {
    const [filter, handler] = third === undefined ? [{}, second] : [second, third];
    if (typeof handler !== 'function') {
      throw new PluginError('invalid', `bot.on(${JSON.stringify(event)}): the handler is not a function`);
    }
    return registrations.add(
      `${event} handler`,
      { kind: 'event', event, filter: filter as AnyFilter },
      { kind: 'event', handler: handler as (event: AnyEvent) => unknown },
    );
  }

  const provided = new Provided(registrations, call);
  const dialogs = new Dialogs(registrations, call, parts.checkValue);

  return Object.freeze<Bot>({
    config: parts.config,
    configIn: parts.configIn,
    configuredRooms: Object.freeze([...parts.configuredRooms]),
    self: Object.freeze({ ...parts.self }),
    signal: parts.signal,
    random: () => parts.random.float(),
    log: Object.freeze<BotLog>({
      debug: (message, fields) => log('debug', message, fields),
      info: (message, fields) => log('info', message, fields),
      warn: (message, fields) => log('warn', message, fields),
      error: (message, fields) => log('error', message, fields),
    }),
    on,
    onBatch: (stream, options, handler) => {
      if (typeof handler !== 'function') {
        throw new PluginError(
          'invalid',
          `bot.onBatch(${JSON.stringify(stream)}): the handler is not a function`,
        );
      }
      const { batch, hashUsers, ...filter }: SearchRequestOptions = options;
      return registrations.add(
        `${stream} batch handler`,
        {
          kind: 'batch',
          stream,
          wanted: {
            filter,
            ...(hashUsers !== undefined && { hashUsers }),
            ...(batch?.ms !== undefined && { batchMs: toMs(batch.ms) }),
            ...(batch?.max !== undefined && { maxBatch: batch.max }),
          },
        },
        { kind: 'batch', handler: handler as BatchHandler<BatchName> },
      );
    },
    command(definition) {
      const command = definition as unknown as CommandDefinition;
      return registrations.add(
        `command "${command.name}"`,
        { kind: 'command', spec: commandSpec(command) },
        { kind: 'command', command },
      );
    },
    say: async (room, text, options) => (await call('say', room, text, wireOptions(options))) as LineReceipt,
    pm: async (user, text, options) => (await call('pm', user, text, wireOptions(options))) as LineReceipt,
    receipt: async (id, options) =>
      (await call('receipt', id, options?.wait ?? true)) as LineReceipt | undefined,
    search: (options) => startSearch({ scope, call, signal: parts.signal }, options),
    answerSearches(filter, answerer) {
      if (typeof answerer !== 'function')
        throw new PluginError('invalid', 'bot.answerSearches: the answerer is not a function');
      return registrations.add(
        'search answerer',
        { kind: 'answerer', filter },
        { kind: 'answerer', answerer },
      );
    },
    web: Object.freeze<Bot['web']>({
      fetch: async (url, request) => (await call('web.fetch', url, request)) as WebResponse,
    }),
    t: parts.translate,
    intercept: (direction, options, interceptor) =>
      addInterceptor(registrations, direction, options, interceptor),
    dialog: (definition) => dialogs.add(definition),
    provide: (name, methods) => provided.provide(name, methods),
    use: (name) => provided.use(name),
    metric: makeMetrics(call),
    why: makeWhy(call),
    personal: (handlers) => addPersonal(registrations, handlers),
    schedule: (options, run) => jobs.schedule(options, run),
    every: (options, run) => jobs.every(options, run),
    timer: (id, run, options) => jobs.timer(id, run, options),
    wishlist: makeWishlist(registrations, call),
    notify: makeNotify(call),
    rule: makeAddRule(registrations),
    action: (definition) => addAction(registrations, definition),
    cases: makeCases(call),
    members: makeMembers(call),
    store: makeStore(call, parts.checkValue),
    rooms: Object.freeze<Bot['rooms']>({
      list: async () => (await call('rooms.list')) as readonly RoomSummary[],
      info: async (room) => (await call('rooms.info', room)) as RoomInfo | undefined,
      setTicker: async (room, ticker) => (await call('rooms.setTicker', room, ticker)) as RoomOutcome,
      addMember: async (room, user) => (await call('rooms.addMember', room, user)) as RoomOutcome,
      removeMember: async (room, user) => (await call('rooms.removeMember', room, user)) as RoomOutcome,
      addOperator: async (room, user) => (await call('rooms.addOperator', room, user)) as RoomOutcome,
      removeOperator: async (room, user) => (await call('rooms.removeOperator', room, user)) as RoomOutcome,
    }),
    users: Object.freeze<Bot['users']>({
      facts: async (user) => (await call('users.facts', user)) as UserFacts,
      shares: async (user) => (await call('users.shares', user)) as UserShares,
      address: async (user) => (await call('users.address', user)) as string | undefined,
      watch: (user) => registrations.add(`watch of ${user}`, { kind: 'watch', user }, { kind: 'none' }),
    }),
    onDispose(run) {
      if (typeof run !== 'function') throw new PluginError('invalid', 'bot.onDispose: not a function');
      // Ended early means: do not run it.
      let wanted = true;
      const forget = scope.own('onDispose', () => (wanted ? run() : undefined));
      return makeRegistration(() => {
        wanted = false;
        return forget();
      }, Promise.resolve());
    },
  });
}
