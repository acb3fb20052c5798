import type { Clock, Timer } from '../../platform/clock.ts';

/** As the one client does that pings [aioslsk]; there is no reply. */
const PING_MS = 5 * 60_000;

/** How long bytes may lie in our send buffer without any leaving. */
const STALL_MS = 60_000;
const CHECK_MS = 15_000;

/**
 * Pings, and notices a connection that takes nothing any more. Silence from the server means nothing: a quiet
 * server may be silent for hours, and pings are not answered. Finding dead connections below that is TCP's own job.
 */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();

  constructor(
    clock: Clock,
    link: { readonly bufferedBytes: number },
    on: { ping: () => void; stalled: () => void },
  ) {
    this.#clock = clock;
    let buffered = 0;
    let movedAt = clock.monotonic();
    this.#every(PING_MS, on.ping);
    this.#every(CHECK_MS, () => {
      const now = clock.monotonic();
      // More bytes mean that we wrote, not that the server took some.
      if (link.bufferedBytes === 0 || link.bufferedBytes < buffered) movedAt = now;
      buffered = link.bufferedBytes;
      if (now - movedAt >= STALL_MS) on.stalled();
    });
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  #every(ms: number, run: () => void): void {
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      this.#every(ms, run);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}
