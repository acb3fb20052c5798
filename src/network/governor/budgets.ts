import type { Limits } from './limits.ts';
import { LineBudget, type LineDocument, type LineTraffic } from './line-budget.ts';
import type { RepeatGuard } from './repeat-guard.ts';
import { SearchBudget, type SearchDocument, type SearchTraffic } from './search-budget.ts';
import { SteadyBudget, type SteadyDocument, type SteadyTraffic } from './steady-budget.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Traffic } from './traffic.ts';
import { named, type Refusal, saved, type Verdict } from './verdict.ts';

const SECOND = 1000;

/** What a restart has to remember: milliseconds since, or until, as seen when it was written. */
export interface BudgetDocument {
  readonly housekeeping: number;
  readonly lines: LineDocument;
  readonly searches: SearchDocument;
  readonly steady: SteadyDocument;
}

/**
 * All limits together: how long a frame has to wait, and what it uses up when it leaves. Knows no queues and no
 * disk. Times are monotonic milliseconds.
 */
export class Budgets {
  readonly housekeeping: TokenBucket;
  readonly #lines: LineBudget;
  readonly #searches: SearchBudget;
  readonly #steady: SteadyBudget;

  /** @param options.block frames of the housekeeping burst that are kept outside its bucket, see Governor. */
  constructor(limits: Limits, options: { block: number; met: (user: string) => boolean }) {
    const { burst, perSecond } = limits.housekeeping;
    this.housekeeping = new TokenBucket(burst - options.block, SECOND / perSecond);
    this.#lines = new LineBudget(limits, options.met);
    this.#searches = new SearchBudget(limits);
    this.#steady = new SteadyBudget(limits);
  }

  /** The interval that the server announced; 0: it allows no wishlist searches. */
  setWishlistInterval(seconds: number): void {
    this.#searches.setInterval(seconds);
  }

  /** How long until this may leave. */
  wait(now: number, traffic: Traffic): Verdict {
    if (isLine(traffic)) return this.#lines.wait(now, traffic);
    if (isSearch(traffic)) return this.#searches.wait(now, traffic);
    if (isSteady(traffic)) return this.#steady.wait(now, traffic);
    return named('housekeeping.perSecond', traffic.kind === 'login' ? 0 : this.housekeeping.wait(now));
  }

  /** Why this may not leave at all; undefined when it may. */
  refusal(now: number, traffic: Traffic): Refusal | undefined {
    const reason = this.#repeats(traffic, (guard, place, hash) => guard.refusal(now, place, hash));
    return reason === undefined ? undefined : { code: 'duplicate', reason };
  }

  /** Uses up what the frame costs; housekeeping is taken from its bucket by the block. `float` is random in [0, 1). */
  take(now: number, traffic: Traffic, float: number): void {
    if (isLine(traffic)) this.#lines.take(now, traffic);
    else if (isSearch(traffic)) this.#searches.take(now, traffic, float);
    else if (isSteady(traffic)) this.#steady.take(now, traffic);
  }

  /** The frame has left: it counts as said. */
  confirm(traffic: Traffic): void {
    this.#repeats(traffic, (guard, place, hash) => guard.confirm(place, hash));
  }

  /** The frame was reserved but certainly did not leave: saying it again is no repetition. The rest stays used up. */
  forget(traffic: Traffic): void {
    this.#repeats(traffic, (guard, place, hash) => guard.forget(place, hash));
  }

  /** What was taken at `from` left at `to`: saving takes time, and it is the wire that counts. */
  settle(from: number, to: number, traffics: readonly Traffic[]): void {
    if (from === to) return;
    this.#lines.settle(from, to, traffics.filter(isLine));
    this.#searches.settle(from, to, traffics.filter(isSearch));
    this.#steady.settle(from, to, traffics.filter(isSteady));
  }

  /** Forgets what no longer limits anything and returns what a restart has to remember. */
  save(now: number): BudgetDocument {
    return {
      housekeeping: this.housekeeping.ahead(now),
      lines: this.#lines.save(now),
      searches: this.#searches.save(now),
      steady: this.#steady.save(now),
    };
  }

  /** Continues from what an earlier run saved `elapsed` milliseconds ago. Throws when the document is not one of ours. */
  resume(now: number, document: BudgetDocument, elapsed: number): void {
    const from = now - elapsed;
    this.housekeeping.resume(from, saved(document.housekeeping));
    this.#lines.resume(from, document.lines);
    this.#searches.resume(from, document.searches);
    this.#steady.resume(from, document.steady);
  }

  /** Everything just used up: what to assume when an earlier run's document cannot be read. */
  exhaust(now: number): void {
    this.housekeeping.take(now, this.housekeeping.capacity);
    this.#lines.exhaust(now);
    this.#searches.exhaust(now);
    this.#steady.exhaust(now);
  }

  /** Uses left of the budgets that concern everything, for people to look at. */
  left(now: number): Readonly<Record<string, number>> {
    return {
      housekeeping: this.housekeeping.available(now),
      ...this.#lines.left(now),
      searches: this.#searches.left(now),
      roomAdmin: this.#steady.left(now),
    };
  }

  #repeats<T>(traffic: Traffic, use: (guard: RepeatGuard, place: string, hash: string) => T): T | undefined {
    if (isLine(traffic)) return this.#lines.repeats(traffic, use);
    return isSearch(traffic) ? this.#searches.repeats(traffic, use) : undefined;
  }
}

const isLine = (traffic: Traffic): traffic is LineTraffic =>
  traffic.kind === 'room-line' || traffic.kind === 'private-line';

const isSearch = (traffic: Traffic): traffic is SearchTraffic =>
  traffic.kind === 'search' || traffic.kind === 'wishlist';

const isSteady = (traffic: Traffic): traffic is SteadyTraffic =>
  traffic.kind === 'room-admin' || traffic.kind === 'join' || traffic.kind === 'ticker';
