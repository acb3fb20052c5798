import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import type { Wish, WishFind } from '../../../plugins/api/wishlist.ts';
import type { DeliverFinds, RunOutcome } from '../../../plugins/host/services.ts';
import { StoreError } from '../../store/store-error.ts';
import type { StoredBatch, StoredFind, WishFindBook } from '../../store/wish-finds.ts';
import type { LiveWish } from '../live-wish.ts';
import type { Work } from '../work.ts';

const MINUTE_MS = 60_000;
/** After so many minutes finds that could not be told are told again; the last one counts for all that follow. */
const AGAIN_MINUTES = [1, 5, 30, 60] as const;
/** Finds that are told later than this after they were found come late, in milliseconds. */
const LATE_MS = 2 * MINUTE_MS;
/** A plugin that was just loaded has a moment to itself, in milliseconds. */
const FIRST_MS = 1_000;
const STORE_AGAIN_MS = 30_000;

export interface TellingOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly work: Work;
  readonly finds: WishFindBook;
  /** Who hears of a wish's finds; undefined: nobody now. */
  readonly receiver: (wish: LiveWish) => DeliverFinds | undefined;
  readonly view: (wish: LiveWish) => Wish;
  /** It was told; the wish has changed. */
  readonly onTold: (wish: LiveWish) => void;
}

interface Waiting extends StoredBatch {
  readonly of: LiveWish;
}

/**
 * Tells finds: at least once, in the order in which they were noted, one after the other for each plugin. That somebody is
 * about to be told is noted before, and that they were is noted after it.
 */
export class Telling {
  readonly #options: TellingOptions;
  #batches: Waiting[] = [];
  readonly #busy = new Set<string>();
  #timer: Timer | undefined;
  #started = false;

  constructor(options: TellingOptions) {
    this.#options = options;
  }

  /** Receivers that are told something right now. */
  get active(): number {
    return this.#busy.size;
  }

  start(): void {
    this.#started = true;
    this.#arm();
  }

  /** Nobody is told anything any more. */
  stop(): void {
    this.#started = false;
    this.#timer?.cancel();
  }

  /** There is something to tell. */
  add(of: LiveWish, batches: readonly StoredBatch[]): void {
    for (const batch of batches) this.#batches.push({ ...batch, of });
    this.#arm();
  }

  /** Whoever hears of these has changed: it may work now. */
  again(which: (wish: LiveWish) => boolean): void {
    const at = this.#options.clock.now() + FIRST_MS;
    for (const batch of this.#batches) if (which(batch.of)) batch.nextAt = Math.min(batch.nextAt, at);
    this.#arm();
  }

  /** The wish is gone, and so is what it found. */
  drop(wish: LiveWish): void {
    this.#batches = this.#batches.filter(({ of }) => of !== wish);
  }

  #arm(): void {
    this.#timer?.cancel();
    if (!this.#started) return;
    const { clock, receiver } = this.#options;
    let first = Number.POSITIVE_INFINITY;
    for (const { of, nextAt } of this.#batches) {
      if (nextAt < first && !this.#busy.has(of.stored.instance) && receiver(of) !== undefined) first = nextAt;
    }
    if (first === Number.POSITIVE_INFINITY) return;
    // Whatever the system clock is set to, nothing waits for longer than it may.
    const longest = AGAIN_MINUTES.at(-1)! * MINUTE_MS;
    const wait = Math.min(Math.max(0, first - clock.now()), longest);
    this.#timer = clock.setTimeout(() => this.#pump(), wait);
  }

  #pump(): void {
    const { clock, receiver } = this.#options;
    const now = clock.now();
    const longest = AGAIN_MINUTES.at(-1)! * MINUTE_MS;
    for (const batch of this.#batches) {
      const { instance } = batch.of.stored;
      if (this.#busy.has(instance) || (batch.nextAt > now && batch.nextAt <= now + longest)) continue;
      const deliver = receiver(batch.of);
      if (deliver === undefined) continue;
      this.#busy.add(instance);
      void this.#tell(batch, deliver).finally(() => {
        this.#busy.delete(instance);
        this.#arm();
      });
    }
    this.#arm();
  }

  async #tell(batch: Waiting, deliver: DeliverFinds): Promise<void> {
    const { clock, finds, log, view, work } = this.#options;
    const wish = batch.of;
    try {
      const attempt = batch.attempts + 1;
      const found = await work.run(() => finds.begin(batch, attempt));
      batch.attempts = attempt;
      const now = clock.now();
      const outcome =
        found.length === 0
          ? ({ how: 'done' } as const)
          : await attemptOf(() =>
              deliver({
                id: `finds-${batch.seq}`,
                wish: view(wish),
                finds: [...found]
                  .sort((a, b) => b.score - a.score || a.number - b.number)
                  .map((find) => seenAt(find, now)),
                at: batch.at,
                redelivered: attempt > 1,
              }),
            );
      if (wish.gone) return;
      if (outcome.how === 'done') await this.#done(batch, found);
      else await this.#later(batch, outcome);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'closed') return;
      log.warn('Telling of finds could not be noted; it is tried again', { wish: wish.stored.id, error });
      batch.nextAt = clock.now() + STORE_AGAIN_MS;
    }
  }

  async #done(batch: Waiting, found: readonly StoredFind[]): Promise<void> {
    const { finds, onTold, work } = this.#options;
    const wish = batch.of;
    await work.run(async () => {
      const { stored } = wish;
      const before = { ...stored };
      const fresh = found.filter(({ kind }) => kind === 'new').length;
      stored.finds += fresh;
      if (wish.complete) stored.mode = 'done';
      try {
        await finds.told(batch, wish.gone ? undefined : stored);
      } catch (error) {
        Object.assign(stored, { finds: before.finds, mode: before.mode });
        throw error;
      }
      wish.waiting -= found.length;
      wish.waitingNew -= fresh;
    });
    this.#batches = this.#batches.filter((other) => other !== batch);
    onTold(wish);
  }

  async #later(batch: Waiting, outcome: Exclude<RunOutcome, { how: 'done' }>): Promise<void> {
    const { clock, finds, log, work } = this.#options;
    const minutes = AGAIN_MINUTES[Math.min(batch.attempts, AGAIN_MINUTES.length) - 1]!;
    batch.nextAt = clock.now() + minutes * MINUTE_MS;
    const { instance, id } = batch.of.stored;
    if (outcome.how === 'error') {
      log.warn('Finds were not told; they come again', {
        plugin: instance,
        wish: id,
        minutes,
        error: outcome.message,
      });
    }
    await work.run(() => finds.postpone(batch, batch.nextAt));
  }
}

async function attemptOf(deliver: () => Promise<RunOutcome>): Promise<RunOutcome> {
  try {
    return await deliver();
  } catch (error) {
    return { how: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}

function seenAt(stored: StoredFind, now: number): WishFind {
  const { state, ...find } = stored;
  return { ...find, late: find.late || (state === 'waiting' && now - find.at > LATE_MS) };
}
