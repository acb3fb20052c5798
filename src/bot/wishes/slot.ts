import type { SessionState } from '../../network/session/state.ts';
import type { Clock, Timer } from '../../platform/clock.ts';

/** After a login the server says how often wishes may be searched; some do not. In milliseconds. */
const INTERVAL_MS = 30_000;
/** Results come by connections that others make, and the tree takes a moment: so long after a login, in milliseconds. */
const SETTLE_IN_MS = 10_000;
/** The longest time without a look, in milliseconds. */
const LOOK_MS = 3_600_000;
/** After a turn that failed for no known reason, in milliseconds. */
const FAILED_REST_MS = 60_000;

export interface SlotOptions {
  readonly clock: Clock;
  /** Seconds; 0: none. */
  readonly interval: () => number;
  /** Milliseconds until the next wishlist search may leave. */
  readonly delay: () => number;
  /** When a wish may have a turn, milliseconds since the epoch; infinite: none ever. */
  readonly firstEligible: () => number;
  /** The connection is there and its interval is known. */
  readonly onReady: () => void;
  /** A turn can be had: takes it, and resolves when it was sent or could not be. */
  readonly turn: () => Promise<void>;
  /** The turn rejected, which it should not. */
  readonly failed: (error: unknown) => void;
}

/** The one place for wishlist searches: who may search is decided when one can be had, and never sooner. */
export class Slot {
  readonly #options: SlotOptions;
  #timer: Timer | undefined;
  #started = false;
  #online = false;
  #knowsInterval = false;
  #ready = false;
  #busy = false;
  /** Monotonic milliseconds: nothing before that. */
  #restUntil = 0;
  #waiters: ((ready: boolean) => void)[] = [];

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  /** Whether searches can be made. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Resolves with true as soon as searches can be made; with false when it is stopped. */
  whenReady(): Promise<boolean> {
    if (this.#ready) return Promise.resolve(true);
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  start(state: SessionState): void {
    this.#started = true;
    this.session(state);
  }

  stop(): void {
    this.#started = false;
    this.#ready = false;
    this.#timer?.cancel();
    for (const tell of this.#waiters.splice(0)) tell(false);
  }

  /** The connection changed. */
  session({ name }: Pick<SessionState, 'name'>): void {
    const online = name === 'online';
    if (online === this.#online && (this.#ready || !online)) return;
    this.#online = online;
    if (!online) {
      this.#ready = false;
      this.#knowsInterval = false;
      this.#timer?.cancel();
    } else if (this.#started) this.#expectReady();
  }

  /** The server said how often. */
  interval(): void {
    this.#knowsInterval = true;
    if (!this.#started || !this.#online) return;
    if (this.#ready) this.look();
    else this.#expectReady();
  }

  /** Something has changed that it hangs on. */
  look(): void {
    if (!this.#ready || this.#busy) return;
    this.#timer?.cancel();
    const { clock, delay, firstEligible, interval } = this.#options;
    // Another interval is an event of its own.
    if (interval() === 0) return;
    const eligible = firstEligible();
    if (eligible === Number.POSITIVE_INFINITY) return;
    const rest = this.#restUntil - clock.monotonic();
    const wait = Math.max(delay(), eligible - clock.now(), rest, 0);
    if (wait > 0) this.#timer = clock.setTimeout(() => this.look(), Math.min(wait, LOOK_MS));
    else void this.#take();
  }

  /** No turn for a while: something is in the way that time may mend. */
  rest(ms: number): void {
    this.#restUntil = this.#options.clock.monotonic() + ms;
  }

  async #take(): Promise<void> {
    this.#busy = true;
    try {
      await this.#options.turn();
    } catch (error) {
      // Whatever it is must not end the bot; the next one is tried when it has rested.
      this.#options.failed(error);
      this.rest(FAILED_REST_MS);
    } finally {
      this.#busy = false;
    }
    this.look();
  }

  #expectReady(): void {
    this.#timer?.cancel();
    const wait = this.#knowsInterval ? SETTLE_IN_MS : INTERVAL_MS;
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#ready = true;
      this.#options.onReady();
      for (const tell of this.#waiters.splice(0)) tell(true);
      this.look();
    }, wait);
  }
}
