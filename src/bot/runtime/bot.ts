import { deferred } from '../../platform/deferred.ts';
import { withTimeout } from '../../platform/time.ts';
import { BotDesk } from './bot-desk.ts';
import { type ChronicleJournal, keepChronicle } from './chronicle.ts';
import { networkStatus } from './network-status.ts';
import type { BotPhase, BotStatus } from './status.ts';

export interface BotStopOptions {
  /** How long handlers may go on and lines that wait may still leave, in milliseconds. @default 5_000 */
  readonly drainMs?: number;
}

/** Messages that came while the bot was away wait so long for its rooms, which their commands may be about. */
const ROOMS_BEFORE_INBOX_MS = 10_000;

/** What is due waits so long for the bot to be in its rooms: it may want to say or search something. */
const ROOMS_BEFORE_JOBS_MS = 60_000;

/** How long everything else that belongs to stopping may take, in milliseconds. */
const LAST_WRITES_MS = 5_000;

/** One bot: a network client, its plugins, and everything between them. One object is one run. */
export class Bot extends BotDesk {
  readonly #ready = deferred();
  #undo: (() => void)[] = [];
  #phase: BotPhase = 'new';
  #since: number | undefined;
  #entering = false;
  #blocked: string | undefined;
  #stopping: Promise<void> | undefined;

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
    const { dialogs } = this.parts.surface;
    const lines =
      this.parts.services.waitingLines +
      dialogs.active +
      this.parts.scheduler.active +
      this.parts.members.active +
      this.parts.moderation.active +
      this.parts.notices.active +
      this.parts.wishes.active;
    return this.parts.dispatcher.active + this.parts.pump.size + this.parts.host.streaming + lines;
  }

  /**
   * Loads the plugins and begins to connect.
   * @throws PluginLoadError, ListenError, StoreError as rejection: nothing runs then.
   */
  async start(): Promise<void> {
    if (this.#phase !== 'new') throw new Error('A bot can be started once');
    this.#phase = 'loading';
    this.#since = this.platform.clock.now();
    this.#listen();
    try {
      await this.parts.accounts.open();
      await this.parts.surface.dialogs.load();
      await this.parts.members.open();
      await this.parts.moderation.open();
      await this.parts.lists.open();
      await this.parts.wishes.load();
      await this.parts.plugins.load(this.config.onPluginFailure === 'continue');
      await this.parts.notices.start();
      await this.parts.moderation.ready();
      const left = await this.parts.pump.load();
      if (left > 0) this.platform.log.info('Private messages of an earlier run wait to be handled', { left });
      this.#phase = 'connecting';
      const jobs = this.platform.clock.setTimeout(() => this.parts.scheduler.start(), ROOMS_BEFORE_JOBS_MS);
      this.#undo.push(() => jobs.cancel());
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

  status(): BotStatus {
    const { client } = this;
    return {
      user: client.username,
      phase: this.#phase,
      ...(this.#since === undefined ? {} : { since: this.#since }),
      session: client.state,
      rooms: client.rooms.known().map(({ name, joined, private: isPrivate, standing, users }) => {
        const problem = joined ? undefined : this.parts.entry.problem(name);
        const base = { name, joined, private: isPrivate, standing, users: users.length };
        return problem === undefined ? base : { ...base, problem };
      }),
      plugins: this.parts.host.list(),
      failedPlugins: this.parts.plugins.failed,
      commands: this.parts.engine.list().map(({ instance, spec }) => ({ name: spec.name, plugin: instance })),
      inbox: {
        waiting: this.parts.pump.size,
        unstored: client.messages.intake.waiting,
        ...(this.#blocked === undefined ? {} : { blocked: this.#blocked }),
      },
      outbox: { waiting: client.lines.waiting },
      governor: client.governor.snapshot(),
      ...networkStatus(client),
      active: this.parts.dispatcher.active,
    };
  }

  #listen(): void {
    const { client } = this;
    const { log } = this.platform;
    this.#undo.push(
      keepChronicle(client, this.#chronicle()),
      this.parts.moderation.listen(),
      this.parts.accounts.listen(),
      this.parts.dispatcher.connect(client),
      client.on('private.message', (message) => this.parts.pump.receive(message)),
      client.on('notice', ({ key }) => this.parts.pump.dismiss(key)),
      client.on('messages.blocked', ({ blocked, reason }) => {
        this.#blocked = blocked ? reason : undefined;
      }),
      client.on('traffic.dropped', ({ kind, origin, code, reason }) => {
        log.warn('Something was not sent', { kind, origin, code, reason });
      }),
      client.on('room.entered', () => this.parts.notices.wakeChat()),
      client.on('state', ({ state }) => {
        if (state.name !== 'online') return;
        this.parts.notices.wakeChat();
        void this.#enterRooms();
      }),
    );
  }

  /** What is written down is what rules look back on. */
  #chronicle(): ChronicleJournal {
    const { journal } = this.store;
    return {
      record: (entry) => {
        journal.record(entry);
        this.parts.moderation.saw(entry);
      },
      online: (at) => journal.online(at),
      offline: (at, reason) => journal.offline(at, reason),
    };
  }

  /** After the first login; later ones the network restores by itself. */
  async #enterRooms(): Promise<void> {
    if (this.#entering) return;
    this.#entering = true;
    const timer = this.platform.clock.setTimeout(() => this.parts.pump.open(), ROOMS_BEFORE_INBOX_MS);
    await this.parts.entry.enter();
    timer.cancel();
    this.parts.pump.open();
    this.parts.members.start();
    this.parts.scheduler.start();
    this.parts.wishes.start();
    void this.parts.moderation.takeUp();
    if (this.#phase === 'connecting') this.#phase = 'ready';
    this.#ready.resolve();
  }

  async #stop(drainMs: number): Promise<void> {
    const { clock } = this.platform;
    const until = clock.monotonic() + drainMs;
    this.#phase = 'stopping';
    this.parts.dispatcher.stop();
    this.parts.pump.stop();
    this.parts.scheduler.stop();
    this.parts.wishes.stop();
    this.parts.lists.close();
    const members = this.parts.members.stop();
    await this.#within(drainMs, Promise.all([this.parts.dispatcher.idle(), this.parts.scheduler.idle()]));
    await this.#within(LAST_WRITES_MS, this.parts.moderation.stop());
    const reloaded = this.parts.reloading.close();
    await this.parts.host.close('the bot is stopping');
    await reloaded;
    await this.#within(LAST_WRITES_MS, this.parts.notices.stop());
    await this.client.stop({ drainMs: Math.max(0, until - clock.monotonic()) });
    // Whoever was cut off has answered by now; what they have done is noted before the store may be closed.
    await this.#within(
      LAST_WRITES_MS,
      Promise.all([this.parts.pump.idle(), this.parts.scheduler.idle(), members]),
    );
    for (const undo of this.#undo.splice(0)) undo();
    await this.#within(LAST_WRITES_MS, this.parts.wishes.close());
    await this.parts.surface.dialogs.stop();
    await this.parts.accounts.close();
    this.#phase = 'stopped';
    this.#ready.promise.catch(() => {});
    this.#ready.reject(new Error('The bot was stopped'));
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    await withTimeout(this.platform.clock, work, ms, () => new Error('late')).catch(() => {});
  }
}
