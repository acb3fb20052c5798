import type { SoulseekClient } from '../../network/client.ts';
import { deferred } from '../../platform/deferred.ts';
import type { Platform } from '../../platform/platform.ts';
import { withTimeout } from '../../platform/time.ts';
import type { PluginInfo } from '../../plugins/host/types.ts';
import type { BotConfig } from '../config/config.ts';
import { ControlError } from '../control/control-error.ts';
import { type DoctorFacts, doctorFacts } from '../doctor/facts.ts';
import type { MetricsSnapshot } from '../metrics/metrics.ts';
import type { ForgetReport, PersonalReport } from '../personal/personal-data.ts';
import type { ReloadReport } from '../plugins/reload-report.ts';
import type { ReloadOptions } from '../plugins/reloading.ts';
import { controlJobs, type JobsAnswer } from '../scheduler/jobs-control.ts';
import type { DecisionQuery } from '../store/decisions.ts';
import type { Store } from '../store/store.ts';
import { type DryLine, type DryRun, dryRun } from '../watch/dry-run.ts';
import type { WatchListener, WatchOptions } from '../watch/watchers.ts';
import type { RecordedDecision } from '../why/decision-log.ts';
import { type BotOptions, BotParts } from './bot-parts.ts';
import { keepChronicle } from './chronicle.ts';
import { networkStatus } from './network-status.ts';
import type { BotPhase, BotStatus } from './status.ts';

export type { BotOptions } from './bot-parts.ts';

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
export class Bot {
  readonly client: SoulseekClient;
  readonly #config: BotConfig;
  readonly #platform: Platform;
  readonly #store: Store;
  readonly #parts: BotParts;
  readonly #ready = deferred();
  #undo: (() => void)[] = [];
  #phase: BotPhase = 'new';
  #since: number | undefined;
  #entering = false;
  #blocked: string | undefined;
  #stopping: Promise<void> | undefined;

  /** @throws LimitError, RangeError when a setting may not have its value. */
  constructor(options: BotOptions) {
    this.#config = options.config;
    this.#platform = options.platform;
    this.#store = options.store;
    this.#parts = new BotParts(options);
    this.client = this.#parts.client;
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
    const { dialogs } = this.#parts.surface;
    const lines = this.#parts.services.waitingLines + dialogs.active + this.#parts.scheduler.active;
    return this.#parts.dispatcher.active + this.#parts.pump.size + this.#parts.host.streaming + lines;
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
      await this.#parts.accounts.open();
      await this.#parts.surface.dialogs.load();
      await this.#parts.plugins.load(this.#config.onPluginFailure === 'continue');
      const left = await this.#parts.pump.load();
      if (left > 0)
        this.#platform.log.info('Private messages of an earlier run wait to be handled', { left });
      this.#phase = 'connecting';
      const jobs = this.#platform.clock.setTimeout(() => this.#parts.scheduler.start(), ROOMS_BEFORE_JOBS_MS);
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

  /** A command of a plugin with `in: 'cli'`. @param write takes what it says while it runs. */
  async runConsole(
    text: string,
    write: (lines: readonly string[]) => void,
  ): Promise<{ readonly ok: boolean; readonly lines: readonly string[] }> {
    const session = this.#parts.consoles.open(write);
    try {
      return await this.#parts.engine.runCli(text, session.id, session.id);
    } finally {
      session.close();
    }
  }

  /**
   * For the process's `unhandledRejection` and `uncaughtException`.
   * @returns true when a plugin caused it; it is in the log then.
   */
  noteUnhandled(thrown: unknown): boolean {
    return this.#parts.host.noteUnhandled(thrown);
  }

  /**
   * Starts a plugin now that is quarantined, or waits to be started again.
   * @throws ControlError (as rejection) why it cannot be started, or that there is none of that id.
   */
  async releasePlugin(id: string): Promise<PluginInfo> {
    const info = await this.#parts.host.release(id);
    if (info === undefined) throw new ControlError('failed', `no plugin of the id "${id}" is loaded`);
    return info;
  }

  /** Tells everything that happens from now on, while it happens. @returns ends it. */
  watch(listener: WatchListener, options?: WatchOptions): () => void {
    return this.#parts.watchers.add(listener, options);
  }

  /** What would happen to a line, of which nothing happens. @throws Error when the bot is not in the room. */
  dryRun(line: DryLine): DryRun {
    const { clock } = this.#platform;
    return dryRun(line, {
      self: this.client.username,
      now: () => clock.now(),
      roomOf: (room) =>
        this.client.rooms.get(room)?.joined === true ? this.#parts.refs.of(room) : undefined,
      interceptors: (room) => this.#parts.surface.interceptors.of('incoming', room),
      inDialog: (partner) => this.#parts.surface.dialogs.waits(partner),
      command: (asked) => this.#parts.engine.preview(asked),
      handlers: (event) => this.#parts.host.wanting(event),
    });
  }

  /** Reads the config and the files of plugins again, and loads what has changed. Never rejects. */
  reload(options?: ReloadOptions): Promise<ReloadReport> {
    return this.#parts.reloading.reload(options);
  }

  /** What each plugin was loaded from, by its id: absolute paths. */
  pluginFiles(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.#parts.plugins.requests.map(({ id }) => [id, this.#parts.plugins.filesOf(id)]));
  }

  /** What there is to know about how it fares, for the rules of the doctor. @throws StoreError (as rejection). */
  doctorFacts(): Promise<DoctorFacts> {
    const { clock, descriptors } = this.#platform;
    return doctorFacts({
      now: () => clock.now(),
      status: () => this.status(),
      recentSearches: this.#parts.services.search.list,
      descriptorLimit: descriptors,
      decisions: (query) => this.decisions(query),
      jobs: (request) => this.jobs(request),
    });
  }

  /** What the bot did not do, and why; the newest first. */
  decisions(query: DecisionQuery): Promise<readonly RecordedDecision[]> {
    return this.#parts.accounts.decisions.find(query);
  }

  /** What is kept about somebody. @throws StoreError (as rejection). */
  personalData(user: string): Promise<PersonalReport> {
    return this.#parts.accounts.personal.show(user);
  }

  /** Deletes it. @throws StoreError (as rejection). */
  forget(user: string): Promise<ForgetReport> {
    return this.#parts.accounts.personal.forget(user);
  }

  /** Asks or changes what runs by the clock. @throws ControlError (as rejection) for what nobody asks. */
  jobs(request: unknown): Promise<JobsAnswer> {
    return controlJobs(this.#parts.scheduler, request);
  }

  /** What plugins counted since the bot was started. */
  metrics(): MetricsSnapshot {
    return this.#parts.surface.metrics.snapshot();
  }

  status(): BotStatus {
    const { client } = this;
    return {
      user: client.username,
      phase: this.#phase,
      ...(this.#since === undefined ? {} : { since: this.#since }),
      session: client.state,
      rooms: client.rooms.known().map(({ name, joined, private: isPrivate, standing, users }) => {
        const problem = joined ? undefined : this.#parts.entry.problem(name);
        const base = { name, joined, private: isPrivate, standing, users: users.length };
        return problem === undefined ? base : { ...base, problem };
      }),
      plugins: this.#parts.host.list(),
      failedPlugins: this.#parts.plugins.failed,
      commands: this.#parts.engine
        .list()
        .map(({ instance, spec }) => ({ name: spec.name, plugin: instance })),
      inbox: {
        waiting: this.#parts.pump.size,
        unstored: client.messages.intake.waiting,
        ...(this.#blocked === undefined ? {} : { blocked: this.#blocked }),
      },
      outbox: { waiting: client.lines.waiting },
      governor: client.governor.snapshot(),
      ...networkStatus(client),
      active: this.#parts.dispatcher.active,
    };
  }

  #listen(): void {
    const { client } = this;
    const { log } = this.#platform;
    this.#undo.push(
      keepChronicle(client, this.#store.journal),
      this.#parts.accounts.listen(),
      this.#parts.dispatcher.connect(client),
      client.on('private.message', (message) => this.#parts.pump.receive(message)),
      client.on('notice', ({ key }) => this.#parts.pump.dismiss(key)),
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

  /** After the first login; later ones the network restores by itself. */
  async #enterRooms(): Promise<void> {
    if (this.#entering) return;
    this.#entering = true;
    const timer = this.#platform.clock.setTimeout(() => this.#parts.pump.open(), ROOMS_BEFORE_INBOX_MS);
    await this.#parts.entry.enter();
    timer.cancel();
    this.#parts.pump.open();
    this.#parts.scheduler.start();
    if (this.#phase === 'connecting') this.#phase = 'ready';
    this.#ready.resolve();
  }

  async #stop(drainMs: number): Promise<void> {
    const { clock } = this.#platform;
    const until = clock.monotonic() + drainMs;
    this.#phase = 'stopping';
    this.#parts.dispatcher.stop();
    this.#parts.pump.stop();
    this.#parts.scheduler.stop();
    await this.#within(drainMs, Promise.all([this.#parts.dispatcher.idle(), this.#parts.scheduler.idle()]));
    const reloaded = this.#parts.reloading.close();
    await this.#parts.host.close('the bot is stopping');
    await reloaded;
    await this.client.stop({ drainMs: Math.max(0, until - clock.monotonic()) });
    // Whoever was cut off has answered by now; what they have done is noted before the store may be closed.
    await this.#within(LAST_WRITES_MS, Promise.all([this.#parts.pump.idle(), this.#parts.scheduler.idle()]));
    for (const undo of this.#undo.splice(0)) undo();
    await this.#parts.surface.dialogs.stop();
    await this.#parts.accounts.close();
    this.#phase = 'stopped';
    this.#ready.promise.catch(() => {});
    this.#ready.reject(new Error('The bot was stopped'));
  }

  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    await withTimeout(this.#platform.clock, work, ms, () => new Error('late')).catch(() => {});
  }
}
