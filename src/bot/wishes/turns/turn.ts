import type { SearchQuery } from '../../../network/search/query.ts';
import type { Search } from '../../../network/search/search-run.ts';
import type { LiveWish } from '../live-wish.ts';

/** Whom a turn asks. */
export type TurnTarget =
  | { readonly kind: 'network' }
  | { readonly kind: 'room'; readonly room: string }
  | { readonly kind: 'user'; readonly user: string };

/** A search that is made for one or more wishes. */
export interface TurnPlan {
  readonly target: TurnTarget;
  /** What is searched, in the form in which two searches are compared. */
  readonly spelling: string;
  /** What is searched, as it is sent. */
  readonly text: string;
  /** For which wishes it was decided on; others with the same query join them when it is sent. */
  readonly chosen: readonly LiveWish[];
  /** When that was, by the planner's time; of turns in the slot. */
  readonly decided?: number;
  /** When the round began that it belongs to: all buddies are asked in one. Milliseconds since the epoch; absent: now. */
  readonly round?: number;
}

/** A wish in a turn. */
export interface Member {
  /** Its own query: another wish may have put the same words into quotes. */
  readonly query: SearchQuery;
  /** The bot was away when the turn was due. */
  readonly late: boolean;
  /** It takes the results, and it is not its turn. */
  readonly guest: boolean;
  /** When whoever is asked now was asked the same before, milliseconds since the epoch; absent: never. */
  readonly askedBefore?: number | undefined;
}

/** A turn that was sent, until nobody collects its results any more. */
export interface Turn {
  readonly plan: TurnPlan;
  readonly search: Search;
  readonly members: Map<LiveWish, Member>;
  /** Monotonic milliseconds. */
  readonly sentAt: number;
  /** The connection lasted for long enough after it to count. */
  heard: boolean;
}

/** Two turns of one target take the place of each other. */
export function sameTarget(a: TurnTarget, b: TurnTarget): boolean {
  if (a.kind === 'room') return b.kind === 'room' && a.room === b.room;
  if (a.kind === 'user') return b.kind === 'user' && a.user === b.user;
  return b.kind === 'network';
}
