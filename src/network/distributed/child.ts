import type { PeerLink } from '../peers/peer-link.ts';
import { RateMeter } from './rate-meter.ts';

/** Who takes that many bytes in a millisecond while much waits is not slow: thousands of times what the network sends. */
export const FAST_BYTES_PER_MS = 8000;

/** Who was trusted in vain is not trusted again for so long, milliseconds. */
const DISTRUST_MS = 20_000;

/** One whom we pass searches on to. Times are monotonic milliseconds unless said otherwise. */
export class Child {
  readonly id: number;
  readonly link: PeerLink;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Searches and bytes given to the connection. */
  messages = 0;
  bytes = 0;
  readonly rate: RateMeter;
  /** More waits for it than it should; until nothing waits. */
  behind = false;
  /** Much more; until nothing waits. */
  lagging = false;
  /** While lagging: it is not worth waiting for. */
  givenUp = false;
  /** It is fast when it gets the time, as far as is known. */
  trusted = false;
  #distrustedUntil = 0;
  /** Since when it is behind, and what it had taken then. */
  #behindSince = 0;
  #takenThen = 0;
  /** A later time while it is behind, and `bytes` then: what was given until then may not have left yet. */
  #markedAt = 0;
  #markedBytes = 0;

  constructor(id: number, link: PeerLink, since: number, now: number) {
    this.id = id;
    this.link = link;
    this.since = since;
    this.rate = new RateMeter(now);
  }

  /** Bytes that have left. */
  get taken(): number {
    return this.bytes - this.link.bufferedBytes;
  }

  /** Much waits for it. */
  fallBehind(now: number): void {
    this.behind = true;
    this.#behindSince = now;
    this.#takenThen = this.taken;
    this.#markedAt = now;
    this.#markedBytes = this.bytes;
  }

  /** Nothing waits any more. */
  catchUp(now: number): void {
    const fast = this.bytes - this.#takenThen >= (now - this.#behindSince) * FAST_BYTES_PER_MS;
    if (this.behind && fast && now >= this.#distrustedUntil) this.trusted = true;
    this.behind = false;
    this.lagging = false;
    this.givenUp = false;
  }

  /** Waiting for it was in vain. */
  giveUp(now: number): void {
    this.givenUp = true;
    if (this.trusted) this.#distrustedUntil = now + DISTRUST_MS;
    this.trusted = false;
  }

  /** For how long the oldest bytes have been waiting at least, milliseconds. To be asked from time to time while it is behind. */
  waited(now: number): number {
    if (!this.behind) return 0;
    if (this.taken >= this.#markedBytes) {
      this.#markedAt = now;
      this.#markedBytes = this.bytes;
    }
    return now - this.#markedAt;
  }

  /** When `waited` can be `ms` at the earliest. */
  waitedAt(ms: number): number {
    return this.#markedAt + ms;
  }
}
