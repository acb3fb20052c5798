import type { Clock } from '../../../platform/clock.ts';
import type { WishPlan } from '../../../plugins/api/wishlist.ts';
import type { LiveWish } from '../live-wish.ts';
import type { Pace } from './pace.ts';
import { type TimetableTurn, timetable } from './timetable.ts';

const DAY_MS = 86_400_000;
const FARTHEST_MS = 30 * DAY_MS;
const MAX_TURNS = 10_000;
/** A timetable holds for so long although its first turn could be had: it is late, or nobody is connected. */
const HOLDS_MS = 60_000;

export interface ForecastOptions {
  readonly clock: Clock;
  /** Wishes that share the slot. */
  readonly wishes: () => Iterable<LiveWish>;
  /** Seconds; 0: none. */
  readonly interval: () => number;
  /** Milliseconds until the next turn can be had. */
  readonly delay: () => number;
  readonly pace: Pace;
}

/** When wishes will have their turns, by the same choices that will be made. */
export class Forecast {
  readonly #options: ForecastOptions;
  #next: ReadonlyMap<number, number> | undefined;
  /** When the first of the turns in `#next` is over. */
  #validUntil = 0;

  constructor(options: ForecastOptions) {
    this.#options = options;
  }

  /** Something has changed that it hangs on. */
  invalidate(): void {
    this.#next = undefined;
  }

  /** When a wish has its next turn in the slot, milliseconds since the epoch; undefined: none within 30 days. */
  next(wish: LiveWish): number | undefined {
    if (this.#next === undefined || this.#options.clock.now() > this.#validUntil) this.#next = this.#look();
    return this.#next.get(wish.stored.seq);
  }

  /** The turns of one plugin's wishes. @param ms how far ahead */
  plan(instance: string, ms: number): WishPlan {
    const { interval } = this.#options;
    const wishes = [...this.#options.wishes()];
    const own = new Map(
      wishes.filter(({ stored }) => stored.instance === instance).map((wish) => [wish.stored.seq, wish]),
    );
    const turns: WishPlan['turns'][number][] = [];
    for (const turn of this.#turns(wishes, Math.min(ms, FARTHEST_MS))) {
      for (const seq of turn.wishes) {
        const wish = own.get(seq);
        const spelling = wish?.compiled.spellings.find(({ key }) => key === turn.spelling);
        if (wish !== undefined && spelling !== undefined)
          turns.push({ wish: wish.stored.id, query: spelling.query.text, at: turn.at });
      }
      if (turns.length >= MAX_TURNS) break;
    }
    const seconds = interval();
    const queries = new Set(wishes.map(({ compiled }) => compiled.spellings[0]?.key)).size;
    return {
      interval: seconds,
      wishes: queries,
      round: queries * seconds * 1000,
      turns: turns.slice(0, MAX_TURNS),
      assumption:
        seconds === 0
          ? 'the server allows no wishlist searches now'
          : `nothing is found, nobody changes a wish, the bot stays online, and the server keeps its interval of ${seconds} s; ` +
            'each turn follows the one before after the interval and 2 to 10 s',
    };
  }

  #look(): ReadonlyMap<number, number> {
    const { clock } = this.#options;
    const wishes = [...this.#options.wishes()];
    const next = new Map<number, number>();
    this.#validUntil = Number.POSITIVE_INFINITY;
    for (const turn of this.#turns(wishes, FARTHEST_MS)) {
      if (next.size === 0) this.#validUntil = Math.max(turn.at, clock.now() + HOLDS_MS);
      for (const seq of turn.wishes) if (!next.has(seq)) next.set(seq, turn.at);
      if (next.size === wishes.length) break;
    }
    return next;
  }

  *#turns(wishes: readonly LiveWish[], ms: number): Generator<TimetableTurn> {
    const { clock, delay, interval, pace } = this.#options;
    const delayed = delay();
    const wait = Number.isFinite(delayed) ? delayed : 0;
    const from = pace.opening(wait);
    // What it will be once the slot is open.
    const skew = clock.now() + wait - from;
    const turns = timetable(
      wishes.map((wish) => wish.candidate(skew)),
      { from, until: clock.now() - skew + ms, intervalMs: interval() * 1000, maxTurns: MAX_TURNS },
    );
    for (const turn of turns) yield { ...turn, at: turn.at + skew };
  }
}
