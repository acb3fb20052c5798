import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { withTimeout } from '../../platform/time.ts';
import type { DeadNotices } from '../store/dead-notices.ts';
import type { StoredNotice } from '../store/notice-rows.ts';
import type { StoreNotices } from '../store/notices.ts';
import { type Outcome, type Parcel, parcelOf, type Sender } from './parcel.ts';
import { type QuietHours, quietUntil } from './quiet-hours.ts';
import { GIVE_UP_MS, LEAST_FAILURES, retryDelay } from './retry.ts';

export interface LaneOptions {
  readonly target: string;
  readonly sender: Sender;
  readonly timing: LaneTiming;
  /** How long an attempt may take, in milliseconds; the sender itself should be a little quicker. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly notices: StoreNotices;
  readonly dead: DeadNotices;
  /** Nothing waits any more. */
  readonly idle: () => void;
  /** It was not worth telling any more. */
  readonly expired: (notice: StoredNotice) => void;
  /** Notices were given up, for the first time since the channel fails. */
  readonly complain: (problem: string) => void;
}

/** What a lane knows of the time of day. */
export interface LaneTiming {
  readonly quiet?: QuietHours;
  readonly timezone: string;
}

/** The clock on the wall may be set: nothing is slept over for longer than this, in milliseconds. */
const LONGEST_NAP_MS = 15 * 60_000;
/** After the store failed, in milliseconds. */
const STORE_RETRY_MS = 60_000;
/** From one digest of a day to the next, in milliseconds: on some days it is 25 hours. */
const LONGEST_DIGEST_MS = 25 * 3_600_000;
/** How much longer than the sender itself a lane waits, in milliseconds. */
const GRACE_MS = 5_000;

/**
 * What is told at one target: one thing after the other, in the order in which it was stored. Lanes know nothing of each
 * other, so that one that hangs delays nobody.
 */
export class Lane {
  readonly #options: LaneOptions;
  #working: Promise<void> = Promise.resolve();
  #queued = false;
  #active = 0;
  #failures = 0;
  /** Not before, on the monotonic clock. */
  #restUntil = 0;
  #timer: Timer | undefined;
  #hindrance: string | undefined;
  readonly #ending = new AbortController();

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** What is under way; what waits for its time is not. */
  get active(): number {
    return this.#active;
  }

  /** Why nothing is tried at present, though something waits. */
  get hindrance(): string | undefined {
    return this.#hindrance;
  }

  /** Something was added, or the sender can be used again. */
  wake(): void {
    if (this.#queued || this.#ending.signal.aborted) return;
    this.#queued = true;
    this.#active++;
    this.#working = this.#working.then(async () => {
      this.#queued = false;
      await this.#work();
      this.#active--;
    });
  }

  /** What a person wants tried is tried at once. */
  retryNow(): void {
    this.#restUntil = 0;
    this.#failures = 0;
    this.wake();
  }

  /** Sends something in its turn, past queue and quiet hours. */
  async test(parcel: Parcel): Promise<Outcome> {
    const turn = this.#working.then(() => this.#send(parcel));
    this.#working = turn.then(
      () => {},
      () => {},
    );
    return turn;
  }

  /** Ends what is under way, and begins nothing more. Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#timer?.cancel();
    await this.#working;
  }

  async #work(): Promise<void> {
    try {
      while (!this.#ending.signal.aborted && (await this.#step()));
      if (this.#timer === undefined && !this.#queued) this.#options.idle();
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      this.#options.log.warn('A channel could not read or write its notices', {
        channel: this.#options.target,
        error,
      });
      this.#nap(STORE_RETRY_MS);
    }
  }

  /** Tells one thing. @returns whether there may be another. */
  async #step(): Promise<boolean> {
    const { target, notices, clock, timing, sender } = this.#options;
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const notice of await notices.expire(target, clock.now())) this.#options.expired(notice);
    const now = clock.now();
    const { quiet, timezone } = timing;
    const silentUntil = quiet && quietUntil(quiet, timezone, now);
    const question = {
      now,
      quiet: silentUntil !== undefined,
      together: (first: StoredNotice, other: StoredNotice) =>
        this.#isBundled(first) && this.#isBundled(other),
    };
    let next = await notices.next(target, question);
    // No digest is as far away as that: the clock was set back since.
    if ('at' in next && next.at !== undefined && next.at - now > LONGEST_DIGEST_MS)
      next = await notices.next(target, { ...question, now: next.at });
    if (!('now' in next)) {
      const times = [next.at, next.held ? silentUntil : undefined].filter((at) => at !== undefined);
      if (times.length > 0) this.#nap(Math.min(...times) - now);
      return false;
    }
    const rest = this.#restUntil - clock.monotonic();
    const possible = sender.available?.() ?? true;
    this.#hindrance = possible === true ? undefined : possible;
    if (rest > 0 || possible !== true) {
      this.#nap(rest > 0 ? rest : LONGEST_NAP_MS);
      return false;
    }
    await this.#tell(next.now);
    return true;
  }

  async #tell(group: readonly [StoredNotice, ...StoredNotice[]]): Promise<void> {
    const { notices, sender } = this.#options;
    const parcel = parcelOf(group);
    // At another attempt, maybe after a restart, it must be made of the same.
    if (group[0].parcel === undefined && (group.length > 1 || this.#isBundled(group[0])))
      await notices.bind(parcel.id, group);
    const outcome = await this.#send(parcel);
    if (this.#ending.signal.aborted && outcome.how !== 'told') return;
    if (outcome.how === 'told') {
      this.#failures = 0;
      await notices.told(group, sender.keep ?? 0);
    } else await this.#failed(parcel, outcome);
  }

  async #failed(parcel: Parcel, outcome: Exclude<Outcome, { how: 'told' }>): Promise<void> {
    const { target, clock, dead, log, complain } = this.#options;
    const { problem } = outcome;
    const channel = outcome.how === 'failed';
    let givenUp = true;
    if (outcome.how === 'failed') {
      const trouble = await dead.trouble(target);
      const failures = (trouble?.failures ?? 0) + 1;
      this.#failures++;
      this.#restUntil = clock.monotonic() + Math.max(retryDelay(this.#failures), outcome.waitMs ?? 0);
      const since = Math.max(trouble?.since ?? clock.now(), parcel.at, parcel.notices[0].dueAt ?? 0);
      givenUp = clock.now() - since >= GIVE_UP_MS && failures >= LEAST_FAILURES;
    }
    log.warn(givenUp ? 'A notice was given up' : 'A notice could not be told', {
      channel: target,
      notice: parcel.id,
      problem,
    });
    const first = await dead.failed(parcel.notices, parcel.id, { problem, channel, dead: givenUp });
    if (first) complain(problem);
  }

  async #send(parcel: Parcel): Promise<Outcome> {
    const { clock, sender, timeoutMs } = this.#options;
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, this.#ending.signal]);
    this.#active++;
    try {
      const late = () => new Error('it did not end in time');
      return await withTimeout(clock, sender.send(parcel, signal), timeoutMs + GRACE_MS, late);
    } catch (error) {
      ending.abort();
      this.#options.log.warn('A channel failed', { channel: this.#options.target, error });
      return { how: 'failed', problem: 'it failed; the log says more' };
    } finally {
      this.#active--;
    }
  }

  /** Digests, and what quiet hours held back. */
  #isBundled({ digest, madeAt }: StoredNotice): boolean {
    const { quiet, timezone } = this.#options.timing;
    if (digest !== 'none') return true;
    return quiet !== undefined && quietUntil(quiet, timezone, madeAt) !== undefined;
  }

  #nap(ms: number): void {
    if (this.#ending.signal.aborted) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimeout(
      () => this.wake(),
      Math.min(Math.max(ms, 1), LONGEST_NAP_MS),
    );
  }
}
