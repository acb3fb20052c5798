import type { SoulseekClient } from '../../../network/client.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Random } from '../../../platform/random.ts';
import type { LineReceipt } from '../../../plugins/api/lines.ts';
import type { Role } from '../../../plugins/api/people.ts';
import type {
  CommandsService,
  HostServices,
  LineOptions,
  PluginProblem,
  ReplyTarget,
  SearchService,
  StoreService,
} from '../../../plugins/host/services.ts';
import type { ConsoleSessions } from './console-sessions.ts';
import { LineServices, type OutboxView } from './lines.ts';
import { RoomServices } from './rooms.ts';
import { SearchServices } from './searches.ts';
import { UserServices } from './users.ts';

export interface BotServicesOptions {
  readonly client: SoulseekClient;
  readonly store: { readonly kv: StoreService; readonly outbox: OutboxView };
  readonly commands: CommandsService;
  readonly consoles: ConsoleSessions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly rolesOf: (user: string) => ReadonlySet<Role>;
}

/** What the bot does for plugins. */
export class BotServices implements HostServices {
  readonly self: { readonly user: string };
  readonly store: StoreService;
  readonly rooms: RoomServices;
  readonly users: UserServices;
  readonly commands: CommandsService;
  readonly search: SearchService;
  readonly #lines: LineServices;
  readonly #consoles: ConsoleSessions;
  readonly #log: Log;

  constructor(options: BotServicesOptions) {
    const { client, store, clock, random } = options;
    this.self = { user: client.username };
    this.store = store.kv;
    this.rooms = new RoomServices(client, clock);
    this.users = new UserServices(client.users, options.rolesOf);
    this.commands = options.commands;
    this.search = new SearchServices({ client, clock, random });
    this.#lines = new LineServices(client.lines, store.outbox, clock);
    this.#consoles = options.consoles;
    this.#log = options.log;
  }

  log(
    instance: string,
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    fields: Readonly<Record<string, unknown>>,
  ): void {
    this.#log[level](message, { ...fields, plugin: instance });
  }

  say(instance: string, room: string, text: readonly string[], options: LineOptions): Promise<LineReceipt> {
    return this.#lines.send(instance, { kind: 'room', to: room }, text, options);
  }

  pm(instance: string, user: string, text: readonly string[], options: LineOptions): Promise<LineReceipt> {
    return this.#lines.send(instance, { kind: 'private', to: user }, text, options);
  }

  /** The command engine's answers; they never reject. */
  async answer(instance: string, target: ReplyTarget, text: readonly string[]): Promise<void> {
    try {
      const { state, detail } = await this.reply(instance, target, text, { priority: 'reply' });
      if (state === 'dropped') this.#log.info('An answer was not sent', { plugin: instance, reason: detail });
    } catch (error) {
      this.#log.error('An answer could not be queued', { plugin: instance, error });
    }
  }

  async reply(
    instance: string,
    target: ReplyTarget,
    text: readonly string[],
    options: LineOptions,
  ): Promise<LineReceipt> {
    switch (target.kind) {
      case 'room':
        return this.#replyInRoom(instance, target, text, options);
      case 'private':
        return this.pm(instance, target.user, text, options);
      case 'cli': {
        const id = `${instance}/console`;
        if (this.#consoles.write(target.session, text)) return { id, state: 'sent' };
        return { id, state: 'dropped', detail: 'the console has gone' };
      }
    }
  }

  /** Two people who ask the same thing both get an answer. What is `bulk` is for everybody and needs no second time. */
  #replyInRoom(
    instance: string,
    { room, user }: ReplyTarget & { readonly kind: 'room' },
    text: readonly string[],
    options: LineOptions,
  ): Promise<LineReceipt> {
    const addressee = options.priority === 'bulk' ? undefined : user;
    return this.#lines.send(instance, { kind: 'room', to: room }, text, options, addressee);
  }

  receipt(instance: string, id: string, wait: boolean): Promise<LineReceipt | undefined> {
    return this.#lines.receipt(instance, id, wait);
  }

  report({ message, ...problem }: PluginProblem): void {
    const { instance, plugin: name, ...fields } = problem;
    this.#log.error('A plugin failed', { ...fields, plugin: instance, name, error: message });
  }
}
