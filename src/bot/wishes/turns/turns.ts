import type { SearchError } from '../../../network/search/search-error.ts';
import type { Search, SearchEnd } from '../../../network/search/search-run.ts';
import type { Searches } from '../../../network/search/searches.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { SearchHit } from '../../../plugins/api/search.ts';
import type { LiveWish } from '../live-wish.ts';
import { type Member, sameTarget, type Turn, type TurnPlan } from './turn.ts';

/** How long results of a turn count at most, in milliseconds. */
const LONGEST_MS = 86_400_000;
/** One user answers at once or not at all. */
const USER_MS = 600_000;
/** How long the connection has to last after a search for the turn to count: most answers come within it. */
export const HEARD_MS = 60_000;
/** Turns that collect at a time; beyond it the oldest ends. */
const MAX_OPEN = 150;
/** Results taken of one turn, and of one user in it, before any filter. */
const MAX_HITS = 10_000;
const MAX_OF_USER = 500;
/** A search that finds no way out by then is decided on anew. */
const MAX_WAIT_MS = 10 * 60_000;

export interface TurnsOptions {
  readonly clock: Clock;
  readonly searches: Pick<Searches, 'search' | 'wishlistSearch'>;
  /** It was sent. @returns the wishes whose turn it is. */
  readonly onSent: (plan: TurnPlan) => ReadonlyMap<LiveWish, Member>;
  readonly onHit: (turn: Turn, wish: LiveWish, member: Member, hit: SearchHit) => void;
  /** The connection lasted. */
  readonly onHeard: (turn: Turn) => void;
  /** The connection was lost too soon. */
  readonly onCut: (turn: Turn) => void;
}

/** Searches that were made for wishes, and whose results are collected. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #open = new Set<Turn>();
  #stopped = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Turns whose results are collected. */
  get open(): number {
    return this.#open.size;
  }

  /**
   * Searches. Resolves when that was sent, with nothing, or else with why it was not.
   * @param signal nobody wants it any more, as long as it was not sent
   */
  async make(plan: TurnPlan, signal: AbortSignal): Promise<SearchError | undefined> {
    const { promise, sent } = this.#begin(plan, signal);
    const end = await Promise.race([promise, sent.done]);
    return end?.error;
  }

  /** These wishes collect no results any more. */
  leave(wish: LiveWish, which: (turn: Turn) => boolean = () => true): void {
    for (const turn of this.#open) {
      if (!turn.members.has(wish) || !which(turn)) continue;
      turn.members.delete(wish);
      if (turn.members.size === 0) this.#close(turn);
    }
  }

  /** Nothing is collected any more; turns that were just sent count as cut. */
  stop(): void {
    this.#stopped = true;
    for (const turn of [...this.#open]) this.#close(turn);
  }

  #begin(plan: TurnPlan, signal: AbortSignal): { promise: Promise<undefined>; sent: Search } {
    const { clock, searches } = this.#options;
    const { target, text, chosen } = plan;
    let resolve!: (value: undefined) => void;
    const promise = new Promise<undefined>((onResolve) => (resolve = onResolve));
    const limits = {
      query: text,
      limit: MAX_HITS,
      perUser: MAX_OF_USER,
      maxWaitMs: MAX_WAIT_MS,
      timeoutMs: target.kind === 'user' ? USER_MS : LONGEST_MS,
      priority: 'bulk',
      origin: chosen[0]?.stored.instance ?? 'core',
      signal,
      onSent: () => {
        this.#sent(plan, search, clock.monotonic());
        resolve(undefined);
      },
    } as const;
    const search =
      target.kind === 'network'
        ? searches.wishlistSearch(limits)
        : searches.search({
            ...limits,
            scope: target.kind === 'room' ? { room: target.room } : { user: target.user },
          });
    return { promise, sent: search };
  }

  #sent(plan: TurnPlan, search: Search, sentAt: number): void {
    const { clock, onHeard, onSent } = this.#options;
    const members = new Map(onSent(plan));
    // A wish collects from one turn to the next.
    for (const wish of members.keys()) this.leave(wish, (turn) => sameTarget(turn.plan.target, plan.target));
    const turn: Turn = { plan, search, members, sentAt, heard: false };
    this.#open.add(turn);
    const [oldest] = this.#open;
    if (this.#open.size > MAX_OPEN && oldest !== undefined) this.#close(oldest);
    clock.setTimeout(() => {
      if (turn.heard || search.state === 'ended') return;
      turn.heard = true;
      onHeard(turn);
    }, HEARD_MS);
    void this.#collect(turn);
    void search.done.then((end) => this.#ended(turn, end));
  }

  async #collect(turn: Turn): Promise<void> {
    for await (const hit of turn.search) {
      for (const [wish, member] of turn.members) this.#options.onHit(turn, wish, member, hit);
      if (turn.members.size === 0) break;
    }
  }

  #ended(turn: Turn, { reason }: SearchEnd): void {
    this.#open.delete(turn);
    if (turn.heard) return;
    turn.heard = true;
    const cut = reason === 'session-lost' || this.#stopped;
    if (cut && this.#options.clock.monotonic() - turn.sentAt < HEARD_MS) this.#options.onCut(turn);
    else this.#options.onHeard(turn);
  }

  #close(turn: Turn): void {
    this.#open.delete(turn);
    turn.search.stop();
  }
}
