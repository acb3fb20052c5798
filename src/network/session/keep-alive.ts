import type { Clock, Timer } from '../../platform/clock.ts';

/** As the one client does that pings [aioslsk]; there is no reply. */
const PING_MS = 5 * 60_000;

/** How long bytes may lie in our send buffer without any leaving. */
const STALL_MS = 60_000;
const CHECK_MS = 15_000;

/**
 * Pings, and notices a connection that takes nothing any more. Silence from the server means nothing: a quiet
 * server may be silent for hours, and pings are not answered. Finding dead connections below that is TCP's own job.
 * Looks at the send buffer only while there is something in it.
 */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #link: { readonly bufferedBytes: number };
  readonly #on: { ping: () => void; stalled: () => void };
  #ping: Timer | undefined;
  #check: Timer | undefined;
  #buffered = 0;
  #movedAt = 0;
  #stopped = false;

  constructor(
    clock: Clock,
    link: { readonly bufferedBytes: number },
    on: { ping: () => void; stalled: () => void },
  ) {
    this.#clock = clock;
    this.#link = link;
    this.#on = on;
    this.#pingLater();
    this.wrote();
  }

  /** Something was written to the link. */
  wrote(): void {
    if (this.#check !== undefined || this.#stopped || this.#link.bufferedBytes === 0) return;
    this.#buffered = this.#link.bufferedBytes;
    this.#movedAt = this.#clock.monotonic();
    this.#checkLater();
  }

  stop(): void {
    this.#stopped = true;
    this.#ping?.cancel();
    this.#check?.cancel();
  }

  #pingLater(): void {
    this.#ping = this.#clock.setTimeout(() => {
      this.#pingLater();
      this.#on.ping();
    }, PING_MS);
  }

  #checkLater(): void {
    this.#check = this.#clock.setTimeout(() => {
      this.#check = undefined;
      const left = this.#link.bufferedBytes;
      if (left === 0) return;
      const now = this.#clock.monotonic();
      // More bytes mean that we wrote, not that the server took some.
      if (left < this.#buffered) this.#movedAt = now;
      this.#buffered = left;
      this.#checkLater();
      if (now - this.#movedAt >= STALL_MS) this.#on.stalled();
    }, CHECK_MS);
  }
}
