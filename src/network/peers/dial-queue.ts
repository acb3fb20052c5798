import type { Clock } from '../../platform/clock.ts';
import { TokenBucket } from '../governor/token-bucket.ts';
import type { Attempt } from './attempt.ts';
import type { Deadlines, Due } from './deadlines.ts';
import { type PeerLimits, RANKS, SHARES } from './peer-options.ts';

/** Who may dial now, and who waits: by priority, then in order. */
export class DialQueue implements Due {
  /** Outgoing sockets, from the first packet to the end. */
  open = 0;
  /** Those among them that are not connected yet, and attempts that ask for the address first. */
  halfOpen = 0;
  /** Attempts that wait for the peer to connect to us. */
  parked = 0;
  peakOpen = 0;
  peakHalfOpen = 0;
  dueAt = 0;
  slot = -1;
  readonly #clock: Clock;
  readonly #limits: PeerLimits;
  readonly #deadlines: Deadlines;
  readonly #bucket: TokenBucket;
  readonly #waiting: readonly Set<Attempt>[] = RANKS.map(() => new Set<Attempt>());
  readonly #start: (attempt: Attempt) => void;
  #pumping = false;

  constructor(options: {
    clock: Clock;
    limits: PeerLimits;
    deadlines: Deadlines;
    start: (attempt: Attempt) => void;
  }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#deadlines = options.deadlines;
    this.#start = options.start;
    // Burst and refill together stay below the limit in any second.
    const perSecond = Math.max(2, options.limits.dialsPerSecond);
    const burst = Math.ceil(perSecond / 10);
    this.#bucket = new TokenBucket(burst, 1000 / (perSecond - burst));
  }

  get size(): number {
    return this.#waiting.reduce((sum, rank) => sum + rank.size, 0);
  }

  sizeOf(rank: number): number {
    return this.#waiting[rank]!.size;
  }

  /** Takes a place. Returns who has to go for it: nobody, somebody of a lower priority, or the attempt itself. */
  add(attempt: Attempt): Attempt | undefined {
    let displaced: Attempt | undefined;
    if (this.size >= this.#limits.queued) {
      for (let rank = RANKS.length - 1; rank > attempt.rank && displaced === undefined; rank--) {
        displaced = [...this.#waiting[rank]!].at(-1);
      }
      if (displaced === undefined) return attempt;
      this.remove(displaced);
    }
    this.#waiting[attempt.rank]!.add(attempt);
    return displaced;
  }

  remove(attempt: Attempt): void {
    this.#waiting[attempt.rank]!.delete(attempt);
  }

  /** Somebody with a higher priority waits for it too. */
  raise(attempt: Attempt, rank: number): void {
    if (rank >= attempt.rank) return;
    if (attempt.state === 'queued' && this.#waiting[attempt.rank]!.delete(attempt)) {
      this.#waiting[rank]!.add(attempt);
    }
    attempt.rank = rank;
  }

  due(): void {
    this.pump();
  }

  /** Starts whoever may. Call when something was added or became free. */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.remove(next);
      this.#bucket.take(this.#clock.monotonic());
      this.#start(next);
    }
    this.#pumping = false;
  }

  /** A socket is being opened. */
  opening(): void {
    this.halfOpen += 1;
    this.open += 1;
    this.peakHalfOpen = Math.max(this.peakHalfOpen, this.halfOpen);
    this.peakOpen = Math.max(this.peakOpen, this.open);
  }

  /** It is connected. */
  opened(): void {
    this.halfOpen -= 1;
  }

  /** It will not be opened: its place is free. */
  unopened(): void {
    this.halfOpen -= 1;
    this.open -= 1;
  }

  /** A socket that was connected is gone. */
  closed(): void {
    this.open -= 1;
    this.pump();
  }

  #next(): Attempt | undefined {
    for (const [rank, waiting] of this.#waiting.entries()) {
      const [first] = waiting;
      if (first === undefined) continue;
      const { open, halfOpen, waiting: parked } = this.#limits;
      const share = SHARES[rank]!;
      // Those behind may use less of the budgets, so they cannot start either.
      if (this.halfOpen >= Math.max(1, Math.floor(halfOpen * share))) return undefined;
      if (this.open >= Math.max(1, Math.floor(open * share))) return undefined;
      if (this.parked >= Math.max(1, Math.floor(parked * share))) return undefined;
      const now = this.#clock.monotonic();
      const wait = this.#bucket.wait(now);
      if (wait === 0) return first;
      this.#deadlines.set(this, now + wait);
      return undefined;
    }
    return undefined;
  }
}
