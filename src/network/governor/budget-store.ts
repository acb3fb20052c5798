import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { StatePort } from '../ports.ts';
import type { BudgetDocument, Budgets } from './budgets.ts';

const NAME = 'governor';
/** How often to look whether somebody has set the wall clock. */
const WATCH_MS = 30_000;

interface Saved {
  readonly version: 1;
  /** Host time of writing, milliseconds since the epoch. The only wall time in it: all else is ages. */
  readonly savedAt: number;
  readonly budgets: BudgetDocument;
}

/**
 * Keeps the budgets on disk. Ages are written, not times: while a process runs its monotonic clock measures them,
 * whatever is done to the wall clock. Between processes only the wall clock can tell how long it was; when it went
 * backwards, no time has passed.
 */
export class BudgetStore {
  /** A frame may leave so much later than it was reserved; a restart takes this off the time that it was away. */
  readonly marginMs = 1000;
  readonly #budgets: Budgets;
  readonly #clock: Clock;
  readonly #state: StatePort;
  readonly #log: Log;
  #running: Promise<boolean> | undefined;
  #queued: Promise<boolean> | undefined;
  #blocked: string | undefined;
  /** Wall clock less monotonic clock at the last save. */
  #drift = 0;
  #watch: Timer | undefined;

  constructor(options: { budgets: Budgets; clock: Clock; state: StatePort; log: Log }) {
    this.#budgets = options.budgets;
    this.#clock = options.clock;
    this.#state = options.state;
    this.#log = options.log;
  }

  /** Why the last save failed; undefined when it did not. */
  get blocked(): string | undefined {
    return this.#blocked;
  }

  /** Rejects when the state port does. A document that makes no sense counts as everything just used up. */
  async load(): Promise<void> {
    const text = await this.#state.load(NAME);
    if (text === undefined) return;
    const now = this.#clock.monotonic();
    try {
      const saved = JSON.parse(text) as Saved;
      if (saved.version !== 1 || !Number.isFinite(saved.savedAt)) throw new TypeError('unknown format');
      const elapsed = Math.max(0, this.#clock.now() - saved.savedAt - this.marginMs);
      this.#budgets.resume(now, saved.budgets, elapsed);
    } catch (error) {
      this.#log.warn('The saved budgets are damaged: everything counts as just used up', { error });
      this.#budgets.exhaust(now);
    }
  }

  /** Saves what the budgets say now or later. Resolves to false when that failed. */
  save(): Promise<boolean> {
    if (!this.#running) return this.#start();
    // One write under way may have missed the latest; all who come meanwhile share the next one.
    this.#queued ??= this.#running.then(() => {
      this.#queued = undefined;
      return this.#start();
    });
    return this.#queued;
  }

  #start(): Promise<boolean> {
    this.#running = this.#write();
    return this.#running;
  }

  /**
   * Saves whenever somebody has set the wall clock: a restart would take the jump for time that has passed. (A jump
   * while no process runs cannot be told from time.) Looks at whole multiples of its interval, so that many clients in
   * one process wake up together.
   */
  watchClock(): void {
    const untilNext = WATCH_MS - (this.#clock.monotonic() % WATCH_MS);
    this.#watch = this.#clock.setTimeout(() => {
      this.watchClock();
      const jumped = Math.abs(this.#clock.now() - this.#clock.monotonic() - this.#drift) > this.marginMs / 2;
      if (jumped && !this.#running) void this.save();
    }, untilNext);
  }

  stop(): void {
    this.#watch?.cancel();
  }

  async #write(): Promise<boolean> {
    const drift = this.#clock.now() - this.#clock.monotonic();
    const saved: Saved = {
      version: 1,
      savedAt: this.#clock.now(),
      budgets: this.#budgets.save(this.#clock.monotonic()),
    };
    let ok = true;
    try {
      await this.#state.save(NAME, JSON.stringify(saved));
      this.#drift = drift;
      if (this.#blocked !== undefined) this.#log.info('Budgets can be saved again');
      this.#blocked = undefined;
    } catch (error) {
      ok = false;
      const why = error instanceof Error ? error.message : String(error);
      if (this.#blocked === undefined) {
        this.#log.error('Budgets cannot be saved: nothing that needs one is sent until they can', {
          error: why,
        });
      }
      this.#blocked = `budgets cannot be saved: ${why}`;
    }
    if (!this.#queued) this.#running = undefined;
    return ok;
  }
}
