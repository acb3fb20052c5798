import type { Limits } from './limits.ts';
import { fingerprint, RepeatGuard, type SaidAges } from './repeat-guard.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Traffic } from './traffic.ts';
import { longest, named, saved, type Verdict } from './verdict.ts';
import { SlidingWindow } from './window.ts';

const SECOND = 1000;

/** Milliseconds of pause that follow the wishlist interval, so that bots do not march in step. */
const WISHLIST_JITTER: readonly [least: number, most: number] = [2 * SECOND, 10 * SECOND];

/** Interval until the server announces one [Nicotine+ doc]. */
const WISHLIST_DEFAULT_SECONDS = 720;

export type SearchTraffic = Extract<Traffic, { kind: 'search' | 'wishlist' }>;

/** What a restart has to remember. */
export interface SearchDocument {
  readonly window: readonly number[];
  readonly burst: number;
  readonly gap: number;
  readonly repeats: readonly (readonly [string, SaidAges])[];
  readonly wishlist?: { readonly age: number; readonly jitter: number };
}

/** The words of a query in one order and case: two searches for the same words have the same. */
export function normalizeQuery(query: string): string {
  const words = query
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/u)
    .map((word) => (/^[-*]/u.exec(word)?.[0] ?? '') + word.replace(/[^\p{L}\p{N}]+/gu, ''))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  return [...new Set(words)].sort().join(' ');
}

/** Searches, and the wishlist with its interval. */
export class SearchBudget {
  readonly #window: SlidingWindow;
  readonly #burst: TokenBucket;
  readonly #gap: TokenBucket;
  readonly #repeats: RepeatGuard;
  #wishlist: { at: number; readonly jitter: number } | undefined;
  #intervalMs = WISHLIST_DEFAULT_SECONDS * SECOND;

  constructor({ search }: Limits) {
    this.#window = new SlidingWindow(search.max, search.windowSeconds * SECOND);
    this.#burst = new TokenBucket(search.burst, (search.windowSeconds * SECOND) / search.max);
    this.#gap = new TokenBucket(1, search.gapSeconds * SECOND);
    this.#repeats = new RepeatGuard({ gapMs: search.repeatSeconds * SECOND, run: 0, runMs: 0 });
  }

  /** The interval that the server announced; 0: it allows no wishlist searches. */
  setInterval(seconds: number): void {
    this.#intervalMs = seconds === 0 ? Number.POSITIVE_INFINITY : seconds * SECOND;
  }

  wait(now: number, { kind }: SearchTraffic): Verdict {
    if (kind === 'wishlist') return named('the wishlist interval of the server', this.#wishlistWait(now));
    return longest(
      named('search.gapSeconds', this.#gap.wait(now)),
      named('search.burst', this.#burst.wait(now)),
      named('search.max', this.#window.wait(now)),
    );
  }

  /** `float` is a random number in [0, 1). */
  take(now: number, search: SearchTraffic, float: number): void {
    if (search.kind === 'wishlist') {
      const [least, most] = WISHLIST_JITTER;
      this.#wishlist = { at: now, jitter: Math.ceil(least + float * (most - least)) };
      return;
    }
    this.#window.take(now);
    this.#burst.take(now);
    this.#gap.take(now);
    this.repeats(search, (guard, place, hash) => guard.take(now, place, hash));
  }

  /** The guard against repetitions; the wishlist repeats by its nature and has none. */
  repeats<T>(
    search: SearchTraffic,
    use: (guard: RepeatGuard, place: string, hash: string) => T,
  ): T | undefined {
    if (search.kind === 'wishlist') return undefined;
    const { query, to } = search;
    const words = normalizeQuery(query);
    // One place for all: so many places are not remembered as there are users.
    return use(this.#repeats, '', fingerprint(to === undefined ? words : `${to}\n${words}`));
  }

  settle(from: number, to: number, searches: readonly SearchTraffic[]): void {
    this.#window.settle(from, to);
    this.#repeats.settle(from, to);
    if (searches.some(({ kind }) => kind === 'search')) {
      this.#burst.settle(from, to);
      this.#gap.settle(from, to);
    }
    if (this.#wishlist?.at === from) this.#wishlist.at = to;
  }

  save(now: number): SearchDocument {
    return {
      window: this.#window.ages(now),
      burst: this.#burst.ahead(now),
      gap: this.#gap.ahead(now),
      repeats: this.#repeats.ages(now),
      ...(this.#wishlist && { wishlist: { age: now - this.#wishlist.at, jitter: this.#wishlist.jitter } }),
    };
  }

  resume(now: number, document: SearchDocument): void {
    const { wishlist } = document;
    this.#window.resume(now, document.window.map(saved));
    this.#burst.resume(now, saved(document.burst));
    this.#gap.resume(now, saved(document.gap));
    this.#repeats.resume(now, document.repeats);
    if (wishlist) this.#wishlist = { at: now - saved(wishlist.age), jitter: saved(wishlist.jitter) };
  }

  exhaust(now: number): void {
    for (let i = 0; i < this.#window.max; i++) this.#window.take(now);
    this.#gap.take(now);
    this.#wishlist = { at: now, jitter: WISHLIST_JITTER[1] };
  }

  left(now: number): number {
    return this.#window.max - this.#window.used(now);
  }

  #wishlistWait(now: number): number {
    if (this.#intervalMs === Number.POSITIVE_INFINITY) return this.#intervalMs;
    return this.#wishlist
      ? Math.max(0, this.#wishlist.at + this.#intervalMs + this.#wishlist.jitter - now)
      : 0;
  }
}
