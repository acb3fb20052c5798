import type { SoulseekClient } from '../../network/client.ts';
import { deferred } from '../../platform/deferred.ts';
import type { Platform } from '../../platform/platform.ts';
import { withTimeout } from '../../platform/time.ts';
import { PluginHost } from '../../plugins/host/plugin-host.ts';
import type { BuiltinPlugins, LoadRequest } from '../../plugins/host/types.ts';
import { CommandEngine } from '../commands/engine.ts';
import type { BotConfig } from '../config/config.ts';
import { Roles } from '../roles/roles.ts';
import type { Store } from '../store/store.ts';
import { keepChronicle } from './chronicle.ts';
import { Dispatcher } from './dispatcher.ts';
import { EventTranslator } from './events.ts';
import { InboxPump } from './inbox-pump.ts';
import { makeClient } from './make-client.ts';
import { networkStatus } from './network-status.ts';
import { RoomRefs } from './room-refs.ts';
import { RoomsEntry } from './rooms-entry.ts';
import { ConsoleSessions } from './services/console-sessions.ts';
import { BotServices } from './services/host-services.ts';
import type { BotPhase, BotStatus } from './status.ts';

export interface BotOptions {
  /** Its sections `store`, `log` and `journal` are for whoever opens the store and the log. */
  readonly config: BotConfig;
  /** Instead of those in the config. */
  readonly plugins?: readonly LoadRequest[];
  readonly builtins?: BuiltinPlugins;
  /** Absolute path of the folder of config.yaml: packages are found from there. */
  readonly baseDir: string;
  readonly platform: Platform;
  /** Open. The bot does not close it. */
  readonly store: Store;
}

export interface BotStopOptions {
  /** How long handlers may go on and lines that wait may still leave, in milliseconds. @default 5_000 */
  readonly drainMs?: number;
}

/** Messages that came while the bot was away wait so long for its rooms, which their commands may be about. */
const ROOMS_BEFORE_INBOX_MS = 10_000;

/** How long everything else that belongs to stopping may take, in milliseconds. */
const LAST_WRITES_MS = 5_000;

/** One bot: a network client, its plugins, and everything between them. One object is one run. */
export class Bot {
  readonly client: SoulseekClient;
  readonly #config: BotConfig;
  readonly #plugins: readonly LoadRequest[];
  readonly #platform: Platform;
  readonly #store: Store;
  readonly #host: PluginHost;
  readonly #engine: CommandEngine;
  readonly #dispatcher: Dispatcher;
  readonly #pump: InboxPump;
  readonly #entry: RoomsEntry;
  readonly #consoles = new ConsoleSessions();
  readonly #failedPlugins: { id: string; reason: string }[] = [];
  readonly #ready = deferred();
  #undo: (() => void)[] = [];
  #phase: BotPhase = 'new';
  #since: number | undefined;
  #entering = false;
  #blocked: string | undefined;
  #stopping: Promise<void> | undefined;

  /** @throws LimitError, RangeError when a setting may not have its value. */
  constructor({ config, plugins, builtins, baseDir, platform, store }: BotOptions) {
    const { clock, log, random } = platform;
    this.#config = config;
    this.#plugins = plugins ?? config.plugins;
    this.#platform = platform;
    this.#store = store;
    this.client = makeClient(config, platform, store);
    const { client } = this;
    const roles = new Roles(config.roles);
    this.#engine = new CommandEngine({
      clock,
      log,
      prefix: (room) => config.rooms.find(({ name }) => name === room)?.prefix ?? config.commands.prefix,
      rolesOf: (user, room) => roles.rolesOf(user, room === undefined ? undefined : client.rooms.get(room)),
      run: (instance, name, call) => this.#host.invokeCommand(instance, name, call),
      answer: (target, lines, origin) => services.answer(origin, target, lines),
    });
    const services = new BotServices({
      client,
      store,
      clock,
      random,
      log,
      commands: this.#engine,
      consoles: this.#consoles,
      rolesOf: (user) => roles.rolesOf(user),
    });
    this.#host = new PluginHost({
      clock,
      services,
      baseDir,
      ...(builtins === undefined ? {} : { builtins }),
    });
    const refs = new RoomRefs(client.rooms);
    const run = `${clock.now().toString(36)}-${random.u32().toString(36)}`;
    this.#dispatcher = new Dispatcher({
      refs,
      log,
      self: client.username,
      events: new EventTranslator((room) => refs.of(room), run),
      command: (line) => this.#engine.handle(line),
      observe: (event) => this.#host.dispatch(event),
    });
    this.#pump = new InboxPump({
      clock,
      log,
      inbox: store.inbox,
      deliver: (message, redelivered) => this.#dispatcher.deliver(message, redelivered),
    });
    this.#entry = new RoomsEntry(client, config.rooms, log);
  }

  /** Where the bot is in its life; how the connection fares is in `client.state`. */
  get phase(): BotPhase {
    return this.#phase;
  }

  /** Resolves when the bot was online and every configured room has answered; rejects when it is stopped before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Commands, handlers, batches and private messages that are under way. */
  get active(): number {
    return this.#dispatcher.active + this.#pump.size + this.#host.streaming;
  }

  /**
   * Loads the plugins and begins to connect.
   * @throws PluginLoadError, ListenError, StoreError as rejection: nothing runs then.
   */
  async start(): Promise<void> {
    if (this.#phase !== 'new') throw new Error('A bot can be started once');
    this.#phase = 'loading';
    this.#since = this.#platform.clock.now();
    this.#listen();
    try {
      await this.#loadPlugins();
      const left = await this.#pump.load();
      if (left > 0)
        this.#platform.log.info('Private messages of an earlier run wait to be handled', { left });
      this.#phase = 'connecting';
      await this.client.start();
    } catch (error) {
      await this.stop({ drainMs: 0 });
      throw error;
    }
  }

  /**
   * Stops: takes in nothing more, lets handlers end, unloads the plugins, sends what waits, leaves. What could not be
   * done in time is in the store for the next run. Calling it again returns the same promise.
   */
  stop(options: BotStopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(options.drainMs ?? 5_000);
    return this.#stopping;
  }

  /** A command of a plugin with `in: 'cli'`. @param write takes what it says while it runs. */
  async runConsole(
    text: string,
    write: (lines: readonly string[]) => void,
  ): Promise<{ readonly ok: boolean; readonly lines: readonly string[] }> {
    const session = this.#consoles.open(write);
    try {
      return await this.#engine.runCli(text, session.id, session.id);
    } finally {
      session.close();
    }
  }

  /**
   * For the process's `unhandledRejection` and `uncaughtException`.
   * @returns true when a plugin caused it; it is in the log then.
   */
  noteUnhandled(thrown: unknown): boolean {
    return this.#host.noteUnhandled(thrown);
  }

  status(): BotStatus {
    const { client } = this;
    return {
      user: client.username,
      phase: this.#phase,
      ...(this.#since === undefined ? {} : { since: this.#since }),
      session: client.state,
      rooms: client.rooms.known().map(({ name, joined, private: isPrivate, standing, users }) => {
        const problem = joined ? undefined : this.#entry.problem(name);
        const base = { name, joined, private: isPrivate, standing, users: users.length };
        return problem === undefined ? base : { ...base, problem };
      }),
      plugins: this.#host.list(),
      failedPlugins: this.#failedPlugins,
      commands: this.#engine.list().map(({ instance, spec }) => ({ name: spec.name, plugin: instance })),
      inbox: {
        waiting: this.#pump.size,
        unstored: client.messages.intake.waiting,
        ...(this.#blocked === undefined ? {} : { blocked: this.#blocked }),
      },
      outbox: { waiting: client.lines.waiting },
      governor: client.governor.snapshot(),
      ...networkStatus(client),
      active: this.#dispatcher.active,
    };
  }

  #listen(): void {
    const { client } = this;
    const { log } = this.#platform;
    this.#undo.push(
      keepChronicle(client, this.#store.journal),
      this.#dispatcher.connect(client),
      client.on('private.message', (message) => this.#pump.receive(message)),
      client.on('notice', ({ key }) => this.#pump.dismiss(key)),
      client.on('messages.blocked', ({ blocked, reason }) => {
        this.#blocked = blocked ? reason : undefined;
      }),
      client.on('traffic.dropped', ({ kind, origin, code, reason }) => {
        log.warn('Something was not sent', { kind, origin, code, reason });
      }),
      client.on('state', ({ state }) => {
        if (state.name === 'online') void this.#enterRooms();
      }),
    );
  }

  async #loadPlugins(): Promise<void> {
    for (const request of this.#plugins) {
      try {
        const { name, commands } = await this.#host.load(request);
        this.#platform.log.info('Loaded a plugin', { plugin: request.id, name, commands });
      } catch (error) {
        if (this.#config.onPluginFailure === 'stop') throw error;
        const reason = error instanceof Error ? error.message : String(error);
        this.#failedPlugins.push({ id: request.id, reason });
        this.#platform.log.error('A plugin is left out: it cannot be loaded', { plugin: request.id, reason });
      }
    }
  }

  /** After the first login; later ones the network restores by itself. */
  async #enterRooms(): Promise<void> {
    if (this.#entering) return;
    this.#entering = true;
    const timer = this.#platform.clock.setTimeout(() => this.#pump.open(), ROOMS_BEFORE_INBOX_MS);
    await this.#entry.enter();
    timer.cancel();
    this.#pump.open();
    if (this.#phase === 'connecting') this.#phase = 'ready';
    this.#ready.resolve();
  }

  async #stop(drainMs: number): Promise<void> {
    const { clock } = this.#platform;
    const until = clock.monotonic() + drainMs;
    this.#phase = 'stopping';
    this.#dispatcher.stop();
    this.#pump.stop();
    await this.#within(drainMs, this.#dispatcher.idle());
    await this.#host.close('the bot is stopping');
    await this.client.stop({ drainMs: Math.max(0, until - clock.monotonic()) });
    // Whoever was cut off has answered by now; what they have done is noted before the store may be closed.
    await this.#within(LAST_WRITES_MS, this.#pump.idle());
    for (const undo of this.#undo.splice(0)) undo();
    this.#phase = 'stopped';
    this.#ready.promise.catch(() => {});
    this.#ready.reject(new Error('The bot was stopped'));
  }

  #within(ms: number, work: Promise<void>): Promise<void> {
    return withTimeout(this.#platform.clock, work, ms, () => new Error('late')).catch(() => {});
  }
}
