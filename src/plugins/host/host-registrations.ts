import type { CommandSpec } from '../api/command.ts';
import { PluginError } from '../api/errors.ts';
import type { EventName } from '../api/events.ts';
import type { Need } from '../api/needs.ts';
import { nearestKey } from '../api/schema/nearest-key.ts';
import type { OfferedFile, SearchQuestion, SearchRequest } from '../api/search.ts';
import type { CommandNames } from './command-names.ts';
import type { Ended, StreamRoute } from './delivery.ts';
import { compileFilter, EVENT_NAMES, type EventPredicate, isEventName } from './event-filter.ts';
import { name } from './host-calls.ts';
import type { ProvidedServices } from './provided-services.ts';
import { outside } from './registrars/outside.ts';
import { register } from './registrars/register.ts';
import { readBatch, readRequestFilter } from './search-input.ts';
import type { HostServices, ReplyTarget } from './services.ts';
import type { WireRegistration } from './wire.ts';

/** An event handler of a plugin, as the host sees it. */
export interface Route {
  readonly reg: number;
  /** For reports: `room.message handler 2`. */
  readonly where: string;
  readonly event: EventName;
  readonly matches: EventPredicate;
}

export interface CommandEntry {
  readonly reg: number;
  readonly spec: CommandSpec;
}

export interface RegistrationEntry {
  /** Makes it known outside, once `setup` has succeeded. */
  readonly activate?: () => void;
  /** Takes that back; it may be made known again. After it, `undo` finds nothing to take back. */
  readonly deactivate?: () => void;
  readonly undo: () => void;
}

/** What the registrations of one instance need. */
export interface RegistrationContext {
  readonly id: string;
  readonly services: HostServices;
  readonly names: CommandNames;
  readonly provided: ProvidedServices;
  readonly limit: number;
  /** @throws PluginError `need-missing`. */
  require(need: Need, what: string): void;
  /** Delivers a batch; at once over when the plugin is not running. */
  readonly batch: (route: StreamRoute, items: readonly SearchRequest[], dropped: number) => Promise<void>;
  readonly question: (route: StreamRoute, question: SearchQuestion) => Promise<readonly OfferedFile[]>;
  /** Runs a registration of any other kind. `target`: where its `reply` goes. */
  readonly run: (route: StreamRoute, input: unknown, target?: ReplyTarget) => Promise<Ended>;
}

/** Makes a registration of one kind. @returns what it takes back. @throws PluginError why it is refused. */
export type Registrar<K extends WireRegistration['kind']> = (
  context: RegistrationContext,
  reg: number,
  what: Extract<WireRegistration, { kind: K }>,
) => RegistrationEntry;

/** What one instance has registered. The host owns it all and can undo it without the plugin's help. */
export class HostRegistrations {
  readonly #context: RegistrationContext;
  readonly #entries = new Map<number, RegistrationEntry>();
  readonly #routes = new Map<number, Route>();
  readonly #commands = new Map<string, CommandEntry>();
  #watches = 0;
  #handlersMade = 0;
  #active = false;

  constructor(context: RegistrationContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#entries.size;
  }

  get routes(): ReadonlyMap<number, Route> {
    return this.#routes;
  }

  get watches(): number {
    return this.#watches;
  }

  /** By the command's own name. */
  get commands(): ReadonlyMap<string, CommandEntry> {
    return this.#commands;
  }

  /** @throws PluginError (as rejection) why it is refused; nothing is left of it then. */
  async add(reg: number, what: WireRegistration): Promise<void> {
    if (this.#entries.size >= this.#context.limit) {
      throw new PluginError('too-many', `more than ${this.#context.limit} handlers, commands and watches`);
    }
    switch (what.kind) {
      case 'event':
        this.#addRoute(reg, what);
        return;
      case 'command':
        this.#addCommand(reg, what.spec);
        return;
      case 'watch':
        await this.#addWatch(reg, what.user);
        return;
      case 'batch':
        this.#addBatch(reg, what);
        return;
      case 'answerer':
        this.#addAnswerer(reg, what.filter);
        return;
      default:
        this.#keep(reg, register(this.#context, reg, what));
    }
  }

  /** What comes after `setup` is active at once. */
  #keep(reg: number, entry: RegistrationEntry): void {
    this.#entries.set(reg, entry);
    if (!this.#active) return;
    try {
      entry.activate?.();
    } catch (error) {
      this.#entries.delete(reg);
      entry.undo();
      throw error;
    }
  }

  remove(reg: number): void {
    const entry = this.#entries.get(reg);
    if (entry === undefined) return;
    this.#entries.delete(reg);
    entry.undo();
  }

  /** From here on the bot knows of them. @throws Error when it refuses one; it knows of none then. */
  activate(): void {
    this.#active = true;
    try {
      for (const entry of this.#entries.values()) entry.activate?.();
    } catch (error) {
      this.deactivate();
      throw error;
    }
  }

  /** The bot knows of none any more, until they are activated again. */
  deactivate(): void {
    this.#active = false;
    for (const entry of [...this.#entries.values()].reverse()) entry.deactivate?.();
  }

  /** Undoes everything, newest first. */
  clear(): void {
    for (const reg of [...this.#entries.keys()].reverse()) this.remove(reg);
  }

  #addRoute(reg: number, { event, filter }: Extract<WireRegistration, { kind: 'event' }>): void {
    if (!isEventName(event)) {
      const nearest = nearestKey(event, EVENT_NAMES);
      const hint =
        nearest === undefined ? `events are ${EVENT_NAMES.join(', ')}` : `did you mean "${nearest}"?`;
      throw new PluginError('invalid', `bot.on(${JSON.stringify(event)}): there is no such event; ${hint}`);
    }
    const need = needOf(event);
    if (need !== undefined) this.#context.require(need, `bot.on("${event}")`);
    const where = `${event} handler ${++this.#handlersMade}`;
    this.#routes.set(reg, { reg, where, event, matches: compileFilter(event, filter) });
    this.#entries.set(reg, { undo: () => this.#routes.delete(reg) });
  }

  #addCommand(reg: number, spec: CommandSpec): void {
    const { id, names, services } = this.#context;
    names.take(id, this, spec);
    this.#commands.set(spec.name, { reg, spec });
    const enter = () => {
      services.commands.register(id, spec);
      return () => services.commands.unregister(id, spec.name);
    };
    const release = () => {
      this.#commands.delete(spec.name);
      names.release(this, spec);
    };
    this.#keep(reg, outside(enter, release));
  }

  #addBatch(reg: number, { stream, wanted }: Extract<WireRegistration, { kind: 'batch' }>): void {
    const { id, services, batch } = this.#context;
    if (stream !== 'search.request') {
      throw new PluginError(
        'invalid',
        `bot.onBatch(${JSON.stringify(stream)}): there is no such stream; there is search.request`,
      );
    }
    const what = 'bot.onBatch("search.request")';
    this.#context.require('search.listen', what);
    const route = { reg, where: `search.request batch ${++this.#handlersMade}` };
    const filter = readBatch(wanted, what);
    const enter = () => services.search.listen(id, filter, (items, dropped) => batch(route, items, dropped));
    // A filter that cannot be used is refused now and not when it begins to count.
    if (!this.#active) enter()();
    this.#keep(reg, outside(enter));
  }

  #addAnswerer(reg: number, filter: unknown): void {
    const { id, services, question } = this.#context;
    const what = 'bot.answerSearches';
    this.#context.require('search.answer', what);
    const route = { reg, where: `search answerer ${++this.#handlersMade}` };
    const wanted = readRequestFilter(filter, what);
    const enter = () => services.search.answer(id, wanted, (asked) => question(route, asked));
    if (!this.#active) enter()();
    this.#keep(reg, outside(enter));
  }

  async #addWatch(reg: number, user: string): Promise<void> {
    const { id, services } = this.#context;
    this.#context.require('user.read', 'bot.users.watch');
    const watching = services.users.watch(id, name(user, 'user'));
    this.#watches++;
    this.#entries.set(reg, {
      undo: () => {
        this.#watches--;
        // It may be undone before the service has answered; a watch that failed has nothing to undo.
        watching.then(
          () => services.users.unwatch(id, user),
          () => {},
        );
      },
    });
    try {
      await watching;
    } catch (error) {
      this.remove(reg);
      throw error;
    }
  }
}

function needOf(event: EventName): Need | undefined {
  if (event.startsWith('room.')) return 'room.read';
  if (event === 'private.message') return 'pm.read';
  return event === 'user.status' ? 'user.read' : undefined;
}
