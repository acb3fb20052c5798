import type { CommandSpec } from '../api/command.ts';
import { PluginError } from '../api/errors.ts';
import type { EventName } from '../api/events.ts';
import type { Need } from '../api/needs.ts';
import { nearestKey } from '../api/schema/nearest-key.ts';
import type { OfferedFile, SearchQuestion, SearchRequest } from '../api/search.ts';
import type { CommandNames } from './command-names.ts';
import type { StreamRoute } from './delivery.ts';
import { compileFilter, EVENT_NAMES, type EventPredicate, isEventName } from './event-filter.ts';
import { name } from './host-calls.ts';
import { readBatch, readRequestFilter } from './search-input.ts';
import type { HostServices } from './services.ts';
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

interface Entry {
  /** Makes it known outside, once `setup` has succeeded. */
  readonly activate?: () => void;
  readonly undo: () => void;
}

/** What the registrations of one instance need. */
export interface RegistrationContext {
  readonly id: string;
  readonly services: HostServices;
  readonly names: CommandNames;
  readonly limit: number;
  /** @throws PluginError `need-missing`. */
  require(need: Need, what: string): void;
  /** Delivers a batch; at once over when the plugin is not running. */
  readonly batch: (route: StreamRoute, items: readonly SearchRequest[], dropped: number) => Promise<void>;
  readonly question: (route: StreamRoute, question: SearchQuestion) => Promise<readonly OfferedFile[]>;
}

/** What one instance has registered. The host owns it all and can undo it without the plugin's help. */
export class HostRegistrations {
  readonly #context: RegistrationContext;
  readonly #entries = new Map<number, Entry>();
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
    }
  }

  remove(reg: number): void {
    const entry = this.#entries.get(reg);
    if (entry === undefined) return;
    this.#entries.delete(reg);
    entry.undo();
  }

  /** `setup` succeeded. @throws Error when the bot refuses one of them. */
  activate(): void {
    this.#active = true;
    for (const entry of this.#entries.values()) entry.activate?.();
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
    names.take(id, spec);
    let known = false;
    const activate = () => {
      services.commands.register(id, spec);
      known = true;
    };
    try {
      if (this.#active) activate();
    } catch (error) {
      names.release(spec);
      throw error;
    }
    this.#commands.set(spec.name, { reg, spec });
    this.#entries.set(reg, {
      activate,
      undo: () => {
        this.#commands.delete(spec.name);
        names.release(spec);
        if (known) services.commands.unregister(id, spec.name);
      },
    });
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
    const undo = services.search.listen(id, readBatch(wanted, what), (items, dropped) =>
      batch(route, items, dropped),
    );
    this.#entries.set(reg, { undo });
  }

  #addAnswerer(reg: number, filter: unknown): void {
    const { id, services, question } = this.#context;
    const what = 'bot.answerSearches';
    this.#context.require('search.answer', what);
    const route = { reg, where: `search answerer ${++this.#handlersMade}` };
    const undo = services.search.answer(id, readRequestFilter(filter, what), (asked) =>
      question(route, asked),
    );
    this.#entries.set(reg, { undo });
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
