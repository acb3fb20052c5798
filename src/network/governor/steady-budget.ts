import type { Limits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Traffic } from './traffic.ts';
import { longest, named, saved, type Verdict } from './verdict.ts';
import { SlidingWindow } from './window.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export type SteadyTraffic = Extract<Traffic, { kind: 'room-admin' | 'join' | 'ticker' }>;

/** What a restart has to remember. */
export interface SteadyDocument {
  readonly join: number;
  readonly ticker: number;
  readonly admin: number;
  readonly adminMinute: readonly number[];
}

/** What has one pace and no memory of contents: joins, tickers, administration of private rooms. */
export class SteadyBudget {
  readonly #buckets: Readonly<Record<SteadyTraffic['kind'], TokenBucket>>;
  readonly #adminMinute: SlidingWindow;

  constructor({ join, ticker, roomAdmin }: Limits) {
    this.#buckets = {
      join: new TokenBucket(1, join.everySeconds * SECOND),
      ticker: new TokenBucket(1, ticker.everySeconds * SECOND),
      'room-admin': new TokenBucket(1, roomAdmin.everySeconds * SECOND),
    };
    this.#adminMinute = new SlidingWindow(roomAdmin.perMinute, MINUTE);
  }

  wait(now: number, { kind }: SteadyTraffic): Verdict {
    const wait = this.#buckets[kind].wait(now);
    if (kind !== 'room-admin') return named(`${kind}.everySeconds`, wait);
    return longest(
      named('roomAdmin.everySeconds', wait),
      named('roomAdmin.perMinute', this.#adminMinute.wait(now)),
    );
  }

  take(now: number, { kind }: SteadyTraffic): void {
    this.#buckets[kind].take(now);
    if (kind === 'room-admin') this.#adminMinute.take(now);
  }

  settle(from: number, to: number, traffics: readonly SteadyTraffic[]): void {
    for (const kind of new Set(traffics.map((traffic) => traffic.kind))) this.#buckets[kind].settle(from, to);
    this.#adminMinute.settle(from, to);
  }

  save(now: number): SteadyDocument {
    return {
      join: this.#buckets.join.ahead(now),
      ticker: this.#buckets.ticker.ahead(now),
      admin: this.#buckets['room-admin'].ahead(now),
      adminMinute: this.#adminMinute.ages(now),
    };
  }

  resume(now: number, document: SteadyDocument): void {
    this.#buckets.join.resume(now, saved(document.join));
    this.#buckets.ticker.resume(now, saved(document.ticker));
    this.#buckets['room-admin'].resume(now, saved(document.admin));
    this.#adminMinute.resume(now, document.adminMinute.map(saved));
  }

  exhaust(now: number): void {
    for (const bucket of Object.values(this.#buckets)) bucket.take(now);
    for (let i = 0; i < this.#adminMinute.max; i++) this.#adminMinute.take(now);
  }

  /** Administrative requests left within the minute. */
  left(now: number): number {
    return this.#adminMinute.max - this.#adminMinute.used(now);
  }
}
