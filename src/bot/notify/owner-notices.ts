import type { StatePort } from '../../network/ports.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { LineReceipt } from '../../plugins/api/lines.ts';
import type { NotifyConfig } from '../config/config.ts';

export interface OwnerNoticesOptions {
  readonly config: NotifyConfig;
  /** Names behind `owners: true`. */
  readonly owners: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Remembers what was told, so that a bot that crashes and starts over does not tell it each time. */
  readonly state: StatePort;
  /** Whether something may be said now. */
  readonly online: () => boolean;
  readonly send: (user: string, text: string) => Promise<LineReceipt>;
}

/** Under this name the state is stored. */
const STATE = 'notices';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Notices that wait for the connection; the newest of each subject. */
const MAX_WAITING = 20;
/** A notice that could not be queued is tried again after this time, in milliseconds. */
const RETRY_MS = 5 * 60_000;

interface Told {
  /** When each subject was last told, milliseconds since the epoch. */
  readonly subjects: Readonly<Record<string, number>>;
  /** When anything was told. */
  readonly times: readonly number[];
}

/**
 * Tells the owners in private what they should know of: each subject once an hour at most, and only so much a day. What
 * happens while the bot is offline or banned waits; more about the same takes its place.
 */
export class OwnerNotices {
  readonly #options: OwnerNoticesOptions;
  readonly #recipients: readonly string[];
  readonly #waiting = new Map<string, string>();
  #told: { subjects: Map<string, number>; times: number[] } | undefined;
  #timer: Timer | undefined;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: OwnerNoticesOptions) {
    const { config, owners } = options;
    this.#options = options;
    this.#recipients = config.owners === true ? owners : config.owners === false ? [] : config.owners;
  }

  /** @param subject what it is about, e.g. `quarantine seen`; not told again within an hour. Never throws. */
  tell(subject: string, text: string): void {
    if (this.#recipients.length === 0 || this.#closed) return;
    this.#waiting.delete(subject);
    this.#waiting.set(subject, text);
    if (this.#waiting.size > MAX_WAITING) this.#waiting.delete(this.#waiting.keys().next().value!);
    this.flush();
  }

  /** Sends what waits, if anything can be sent: call it when the bot is online again. */
  flush(): void {
    this.#working = this.#working.then(() => this.#flush());
  }

  /** Resolves when nothing is being sent. Nothing more is sent after that. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#working;
  }

  async #flush(): Promise<void> {
    for (const [subject, text] of [...this.#waiting]) {
      if (this.#closed || !this.#options.online()) return;
      // A newer text of this subject has its own turn.
      if (this.#waiting.get(subject) !== text) continue;
      try {
        if (await this.#mayTell(subject)) await this.#send(subject, text);
        if (this.#waiting.get(subject) === text) this.#waiting.delete(subject);
      } catch (error) {
        this.#options.log.warn('The owner could not be told', { subject, error });
        if (!this.#closed) this.#timer ??= this.#options.clock.setTimeout(() => this.#retry(), RETRY_MS);
        return;
      }
    }
  }

  #retry(): void {
    this.#timer = undefined;
    this.flush();
  }

  async #mayTell(subject: string): Promise<boolean> {
    const { clock, config, log } = this.#options;
    const { subjects, times } = await this.#load();
    const now = clock.now();
    const last = subjects.get(subject);
    if (last !== undefined && now - last < HOUR_MS) return false;
    if (times.filter((at) => now - at < DAY_MS).length < config.perDay) return true;
    log.warn('The owner is not told: it was enough for today', { subject });
    return false;
  }

  async #send(subject: string, text: string): Promise<void> {
    const { clock, send } = this.#options;
    const { subjects, times } = await this.#load();
    // Noted before it is sent: one that is told twice is worse than one that is lost, which is in the log.
    const now = clock.now();
    for (const [other, at] of subjects) if (now - at >= HOUR_MS) subjects.delete(other);
    subjects.set(subject, now);
    this.#told = { subjects, times: [...times.filter((at) => now - at < DAY_MS), now] };
    await this.#save();
    for (const user of this.#recipients) await send(user, text);
  }

  async #load() {
    if (this.#told !== undefined) return this.#told;
    const stored = await this.#options.state.load(STATE);
    const { subjects, times } = stored === undefined ? NOTHING : (JSON.parse(stored) as Told);
    this.#told = { subjects: new Map(Object.entries(subjects)), times: [...times] };
    return this.#told;
  }

  async #save(): Promise<void> {
    const { subjects, times } = await this.#load();
    const doc: Told = { subjects: Object.fromEntries(subjects), times };
    await this.#options.state.save(STATE, JSON.stringify(doc));
  }
}

const NOTHING: Told = { subjects: {}, times: [] };
