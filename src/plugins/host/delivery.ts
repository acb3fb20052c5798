import type { Clock } from '../../platform/clock.ts';
import { type Deferred, deferred } from '../../platform/deferred.ts';
import type { AnyEvent } from '../api/events.ts';
import type { OfferedFile, SearchQuestion, SearchRequest } from '../api/search.ts';
import type { Budgets } from './budget.ts';
import type { Channel } from './channel.ts';
import { eventKey, placeKey } from './event-key.ts';
import type { HostRegistrations, Route } from './host-registrations.ts';
import { KeyedQueue } from './keyed-queue.ts';
import type { ReplyRight, ReplyTokens } from './reply-tokens.ts';
import { readFiles } from './search-input.ts';
import type { ReplyTarget } from './services.ts';
import type { CommandCall, CommandResult, DispatchOutcome, HostLimits } from './types.ts';
import { NOT_WANTED, type Waiting } from './waiting.ts';
import type { ToPlugin, WireCommandResult } from './wire.ts';
import { oneLine, toWireError, type WireError } from './wire-error.ts';

/** A message that has no number yet. */
type Uncalled<T extends ToPlugin['t']> = T extends unknown
  ? Omit<Extract<ToPlugin, { t: T }>, 'call'>
  : never;

/** A handler of a stream, or an answerer. */
export interface StreamRoute {
  readonly reg: number;
  /** For reports. */
  readonly where: string;
}

/** How an invocation ended. */
export type Ended =
  | { readonly how: 'done'; readonly value: unknown }
  | { readonly how: 'error'; readonly error: WireError }
  | { readonly how: 'cut' };

/** What a delivery works with. */
export interface DeliveryParts {
  readonly channel: Channel;
  readonly clock: Clock;
  readonly limits: HostLimits;
  readonly registrations: HostRegistrations;
  readonly tokens: ReplyTokens;
  /** The bot's user name. */
  readonly self: string;
  readonly budgets: Budgets;
  /** A handler or a command threw, or took longer than it may. */
  readonly failed: (kind: 'handler' | 'command' | 'timeout', where: string, error: WireError) => void;
  /** An event, a command or a question found so many waiting already. */
  readonly dropped: (what: string, limit: number) => void;
}

/** Events and commands on their way into one plugin: filtered, in order per key, bounded. */
export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #queue = new KeyedQueue();
  readonly #running = new Map<number, Deferred<Ended> & { readonly where: string }>();
  #nextCall = 1;
  #open = true;
  /** Where waiting events and commands go instead of being cancelled. */
  #taken: Waiting[] | undefined;
  #streaming = 0;
  #asking = 0;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** What waits or runs. */
  get queued(): number {
    return this.#queue.size;
  }

  /** The handlers here that want the event, in words. */
  wanting(event: AnyEvent): readonly string[] {
    return this.#routesFor(event).map(({ where }) => where);
  }

  /** Whether a handler here wants the event. */
  wants(event: AnyEvent): boolean {
    return this.#routesFor(event).length > 0;
  }

  /** @returns undefined when nothing here wants the event. */
  offer(event: AnyEvent): Promise<DispatchOutcome> | undefined {
    const { limits } = this.#parts;
    const routes = this.#routesFor(event);
    if (routes.length === 0) return undefined;
    // Private messages are counted but never dropped: they rest in the inbox, and whoever dispatches them limits how many.
    if (this.#queue.size >= limits.queue && event.type !== 'private.message') {
      this.#parts.dropped(event.type, limits.queue);
      return Promise.resolve({ handled: 0, failed: 0, dropped: 1, unfinished: 0 });
    }
    return new Promise((settle) => {
      this.#queue.push(
        eventKey(event),
        async () => settle(await this.#runRoutes(routes, event)),
        () => {
          if (this.#taken) this.#taken.push({ kind: 'event', event, settle });
          else settle({ ...NOT_WANTED, unfinished: routes.length });
        },
      );
    });
  }

  command(name: string, call: CommandCall): Promise<CommandResult> {
    if (!this.#parts.registrations.commands.has(name)) {
      return Promise.resolve({ state: 'unloaded' });
    }
    if (this.#queue.size >= this.#parts.limits.queue && call.source !== 'private') {
      this.#parts.dropped(`!${name}`, this.#parts.limits.queue);
      return Promise.resolve({ state: 'busy' });
    }
    return new Promise((settle) => {
      this.#queue.push(
        placeKey(call.room?.name, call.user),
        async () => settle(await this.#runCommand(name, call)),
        () => {
          if (this.#taken) this.#taken.push({ kind: 'command', name, call, settle });
          else settle({ state: 'unloaded' });
        },
      );
    });
  }

  /** Gives away what waits, in order. What runs, runs on. */
  handOver(): readonly Waiting[] {
    const taken: Waiting[] = [];
    this.#taken = taken;
    this.#queue.clear();
    this.#taken = undefined;
    return taken;
  }

  /** Resolves when no event or command waits or runs. */
  queueIdle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Resolves when nothing waits or runs, batches, questions and runs included. */
  async idle(): Promise<void> {
    while (this.#queue.size > 0 || this.#running.size > 0) {
      const running = [...this.#running.values()].map(({ promise }) => promise);
      await Promise.all([this.#queue.idle(), ...running]);
    }
  }

  /** Batches and questions under way. */
  get streaming(): number {
    return this.#streaming;
  }

  /** Hands over a batch; one that throws is reported and counts as delivered. */
  async batch(route: StreamRoute, items: readonly SearchRequest[], dropped: number): Promise<void> {
    await this.#stream({ t: 'batch', reg: route.reg, items, dropped }, route.where);
  }

  /** Asks for files. None when too many are asked at a time, or nothing sensible came of it, which is reported. */
  async question(route: StreamRoute, question: SearchQuestion): Promise<readonly OfferedFile[]> {
    const { limits, dropped, failed } = this.#parts;
    if (this.#asking >= limits.questions) {
      dropped(route.where, limits.questions);
      return [];
    }
    this.#asking++;
    const ended = await this.#stream({ t: 'question', reg: route.reg, question }, route.where);
    this.#asking--;
    try {
      return ended.how === 'done' ? readFiles(ended.value) : [];
    } catch (error) {
      failed('handler', route.where, toWireError(error));
      return [];
    }
  }

  /** Runs a registration of any other kind, beside the queue: who asks for it keeps the order. */
  async run(route: StreamRoute, input: unknown, target?: ReplyTarget): Promise<Ended> {
    const reply = target === undefined ? undefined : this.#token({ target, called: true });
    return this.#stream(
      { t: 'run', reg: route.reg, input, ...(reply === undefined ? {} : { reply }) },
      route.where,
    );
  }

  /** What a call is for, while it runs: `room.message handler 2`. */
  whereIs(call: number): string | undefined {
    return this.#running.get(call)?.where;
  }

  /** The plugin has answered. */
  settle(call: number, ended: Ended): void {
    this.#running.get(call)?.resolve(ended);
  }

  /** Cuts off what runs, and forgets what waits. */
  close(): void {
    this.#open = false;
    this.#queue.clear();
    for (const running of this.#running.values()) running.resolve({ how: 'cut' });
  }

  #routesFor(event: AnyEvent): readonly Route[] {
    const { registrations, self } = this.#parts;
    return [...registrations.routes.values()].filter((route) => route.matches(event, self));
  }

  async #runRoutes(routes: readonly Route[], event: AnyEvent): Promise<DispatchOutcome> {
    const outcome = { handled: 0, failed: 0, dropped: 0, unfinished: 0 };
    for (const route of routes) {
      if (!this.#open) outcome.unfinished++;
      // It may have been taken away while the event waited.
      else if (this.#parts.registrations.routes.has(route.reg)) {
        const reply = this.#tokenFor(event);
        const { how } = await this.#invoke(
          { t: 'invoke', reg: route.reg, event, ...(reply === undefined ? {} : { reply }) },
          'handler',
          route.where,
        );
        outcome[how === 'done' ? 'handled' : how === 'error' ? 'failed' : 'unfinished']++;
      }
    }
    return outcome;
  }

  async #runCommand(name: string, { target, ...input }: CommandCall): Promise<CommandResult> {
    const entry = this.#parts.registrations.commands.get(name);
    if (entry === undefined) return { state: 'unloaded' };
    const reply = this.#token({ target, called: true });
    const ended = await this.#invoke({ t: 'command', reg: entry.reg, input, reply }, 'command', `!${name}`);
    switch (ended.how) {
      case 'cut':
        return { state: 'unloaded' };
      case 'error':
        return { state: 'error', message: oneLine(ended.error.message) };
      case 'done':
        return { state: 'done', reply: [], refund: false, ...(ended.value as WireCommandResult | undefined) };
    }
  }

  /** Beside the queue: whoever sends it waits for the last one. */
  async #stream(message: Uncalled<'batch' | 'question' | 'run'>, where: string): Promise<Ended> {
    if (!this.#open) return { how: 'cut' };
    this.#streaming++;
    const ended = await this.#invoke(message, 'handler', where);
    this.#streaming--;
    return ended;
  }

  async #invoke(
    message: Uncalled<'invoke' | 'command' | 'batch' | 'question' | 'run'>,
    kind: 'handler' | 'command',
    where: string,
  ): Promise<Ended> {
    const { channel, budgets, failed } = this.#parts;
    const call = this.#nextCall++;
    const running = { ...deferred<Ended>(), where };
    let late = false;
    this.#running.set(call, running);
    budgets.begin(call, () => {
      late = true;
      running.resolve({ how: 'error', error: overtime(budgets.limitMs) });
    });
    try {
      channel.post({ ...message, call });
    } catch (error) {
      running.resolve({ how: 'error', error: toWireError(error) });
    }
    const ended = await running.promise;
    this.#running.delete(call);
    budgets.end(call);
    if (ended.how === 'error') failed(late ? 'timeout' : kind, where, ended.error);
    return ended;
  }

  #tokenFor(event: AnyEvent): string | undefined {
    switch (event.type) {
      case 'room.message':
      case 'room.join':
      case 'room.ticker':
        return this.#token({
          target: { kind: 'room', room: event.room.name, user: event.user },
          called: false,
        });
      case 'private.message':
        return this.#token({ target: { kind: 'private', user: event.user }, called: true });
      default:
        return undefined;
    }
  }

  #token(right: ReplyRight): string {
    return this.#parts.tokens.issue(right, this.#parts.clock.monotonic());
  }
}

function overtime(limitMs: number): WireError {
  return {
    code: 'timeout',
    message: `it took longer than ${limitMs} ms of its own time and was given up; the plugin goes on`,
  };
}
