import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Store } from '../store/store.ts';
import type { LiveWish } from './live-wish.ts';
import type { WishRegistry } from './registry.ts';
import type { Work } from './work.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How long a registered wish is kept that no plugin registers any more. */
const ORPHAN_KEEP_MS = 30 * DAY_MS;

export interface TidyingOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly work: Work;
  readonly registry: WishRegistry;
  readonly store: Pick<Store, 'wishes' | 'wishMemory'>;
  /** How long what was seen is remembered. */
  readonly keepMs: number;
  /** Nobody wants it any more. */
  readonly onGone: (wish: LiveWish) => void;
}

/** Deletes what nobody needs: wishes that no plugin registers, once an hour, and old memories, once a day. */
export class Tidying {
  readonly #options: TidyingOptions;
  #timer: Timer | undefined;
  #started = false;
  /** Monotonic milliseconds. */
  #pruneAt = 0;

  constructor(options: TidyingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#started = true;
    this.wake();
  }

  stop(): void {
    this.#started = false;
    this.#timer?.cancel();
  }

  /** There may be something to tidy. Where there are no wishes no timer runs. */
  wake(): void {
    const { clock, log, registry } = this.#options;
    if (!this.#started || this.#timer !== undefined || registry.size === 0) return;
    this.#timer = clock.setTimeout(() => {
      this.#tidy()
        .catch((error: unknown) => log.warn('Wishes could not be tidied', { error }))
        .finally(() => {
          this.#timer = undefined;
          this.wake();
        });
    }, HOUR_MS);
  }

  async #tidy(): Promise<void> {
    const { clock, keepMs, registry, store, work } = this.#options;
    await this.#orphans();
    if (clock.monotonic() < this.#pruneAt) return;
    this.#pruneAt = clock.monotonic() + DAY_MS;
    const oldest = Math.floor((clock.now() - keepMs) / MINUTE_MS);
    for (const wish of [...registry.all()]) {
      await work.run(async () => {
        if (!wish.gone) await store.wishMemory.prune([wish.stored], oldest);
      });
    }
  }

  async #orphans(): Promise<void> {
    const { clock, log, onGone, registry, store, work } = this.#options;
    const now = clock.now();
    for (const wish of [...registry.all()]) {
      const { stored, present } = wish;
      if (!stored.registered || present) continue;
      await work.run(async () => {
        if (stored.orphanedAt === undefined) {
          stored.orphanedAt = now;
          await store.wishes.save([stored]);
        } else if (stored.orphanedAt <= now - ORPHAN_KEEP_MS) {
          await store.wishes.remove(stored.seq);
          onGone(wish);
          const { instance, id } = stored;
          log.info('A wish that no plugin registers any more was forgotten', { plugin: instance, wish: id });
        }
      });
    }
  }
}
