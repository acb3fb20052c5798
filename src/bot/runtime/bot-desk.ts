import type { SoulseekClient } from '../../network/client.ts';
import type { Platform } from '../../platform/platform.ts';
import type { PluginInfo } from '../../plugins/host/types.ts';
import type { BotConfig } from '../config/config.ts';
import { ControlError } from '../control/control-error.ts';
import { type DoctorFacts, doctorFacts } from '../doctor/facts.ts';
import type { MetricsSnapshot } from '../metrics/metrics.ts';
import { controlModeration, type ModerationAnswer } from '../moderation/moderation-control.ts';
import { controlNotices, type NoticesAnswer } from '../notify/notices-control.ts';
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
import type { BotStatus } from './status.ts';

/** What whoever runs a bot can ask it and make it do: the control socket, the console, tests. */
export abstract class BotDesk {
  readonly client: SoulseekClient;
  protected readonly config: BotConfig;
  protected readonly platform: Platform;
  protected readonly store: Store;
  protected readonly parts: BotParts;

  /** @throws LimitError, RangeError when a setting may not have its value. */
  constructor(options: BotOptions) {
    this.config = options.config;
    this.platform = options.platform;
    this.store = options.store;
    this.parts = new BotParts(options);
    this.client = this.parts.client;
  }

  abstract status(): BotStatus;

  /** A command of a plugin with `in: 'cli'`. @param write takes what it says while it runs. @param input what is handed over. */
  async runConsole(
    text: string,
    write: (lines: readonly string[]) => void,
    input?: string,
  ): Promise<{ readonly ok: boolean; readonly lines: readonly string[] }> {
    const session = this.parts.consoles.open(write);
    try {
      return await this.parts.engine.runCli(text, session.id, session.id, input);
    } finally {
      session.close();
    }
  }

  /**
   * For the process's `unhandledRejection` and `uncaughtException`.
   * @returns true when a plugin caused it; it is in the log then.
   */
  noteUnhandled(thrown: unknown): boolean {
    return this.parts.host.noteUnhandled(thrown);
  }

  /**
   * Starts a plugin now that is quarantined, or waits to be started again.
   * @throws ControlError (as rejection) why it cannot be started, or that there is none of that id.
   */
  async releasePlugin(id: string): Promise<PluginInfo> {
    const info = await this.parts.host.release(id);
    if (info === undefined) throw new ControlError('failed', `no plugin of the id "${id}" is loaded`);
    return info;
  }

  /** Tells everything that happens from now on, while it happens. @returns ends it. */
  watch(listener: WatchListener, options?: WatchOptions): () => void {
    return this.parts.watchers.add(listener, options);
  }

  /** What would happen to a line, of which nothing happens. @throws Error when the bot is not in the room. */
  dryRun(line: DryLine): DryRun {
    const { clock } = this.platform;
    return dryRun(line, {
      self: this.client.username,
      now: () => clock.now(),
      roomOf: (room) => (this.client.rooms.get(room)?.joined === true ? this.parts.refs.of(room) : undefined),
      interceptors: (room) => this.parts.surface.interceptors.of('incoming', room),
      inDialog: (partner) => this.parts.surface.dialogs.waits(partner),
      command: (asked) => this.parts.engine.preview(asked),
      handlers: (event) => this.parts.host.wanting(event),
    });
  }

  /** Reads the config and the files of plugins again, and loads what has changed. Never rejects. */
  reload(options?: ReloadOptions): Promise<ReloadReport> {
    return this.parts.reloading.reload(options);
  }

  /** What each plugin was loaded from, by its id: absolute paths. */
  pluginFiles(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.parts.plugins.requests.map(({ id }) => [id, this.parts.plugins.filesOf(id)]));
  }

  /** What there is to know about how it fares, for the rules of the doctor. @throws StoreError (as rejection). */
  doctorFacts(): Promise<DoctorFacts> {
    const { clock, descriptors } = this.platform;
    return doctorFacts({
      now: () => clock.now(),
      status: () => this.status(),
      recentSearches: this.parts.services.search.list,
      descriptorLimit: descriptors,
      decisions: (query) => this.decisions(query),
      jobs: (request) => this.jobs(request),
      notices: (request) => this.notices(request),
    });
  }

  /** What the bot did not do, and why; the newest first. */
  decisions(query: DecisionQuery): Promise<readonly RecordedDecision[]> {
    return this.parts.accounts.decisions.find(query);
  }

  /** What is kept about somebody. @throws StoreError (as rejection). */
  personalData(user: string): Promise<PersonalReport> {
    return this.parts.accounts.personal.show(user);
  }

  /** Deletes it. @throws StoreError (as rejection). */
  forget(user: string): Promise<ForgetReport> {
    return this.parts.accounts.personal.forget(user);
  }

  /** Asks or changes what runs by the clock. @throws ControlError (as rejection) for what nobody asks. */
  jobs(request: unknown): Promise<JobsAnswer> {
    return controlJobs(this.parts.scheduler, request);
  }

  /** Asks or changes what people are told. @throws ControlError (as rejection) for what nobody asks. */
  notices(request: unknown): Promise<NoticesAnswer> {
    const { clock } = this.platform;
    const { notices } = this.parts;
    return controlNotices({ notices, dead: this.store.deadNotices, now: () => clock.now() }, request);
  }

  /** What the CLI asks about moderation. @throws ControlError for what nobody asks. */
  moderation(request: unknown): ModerationAnswer {
    const { lists, members } = this.parts;
    return controlModeration(
      {
        config: this.config,
        rooms: this.client.rooms,
        lists: () => lists.status(),
        banned: () => members.banned(undefined),
      },
      request,
    );
  }

  /** What plugins counted since the bot was started. */
  metrics(): MetricsSnapshot {
    return this.parts.surface.metrics.snapshot();
  }
}
