import { type Candidate, type Standing, standingOf } from './candidate.ts';
import { choose, firstEligible } from './choose-next.ts';
import { afterTurn, nextSpelling, shareOf } from './take-turn.ts';

/** The middle of the pause that follows each interval, in milliseconds; it is 2 to 10 s. */
export const USUAL_JITTER_MS = 6_000;

export interface TimetableOptions {
  /** When the first turn can be had, milliseconds since the epoch. */
  readonly from: number;
  /** Nothing later than this. */
  readonly until: number;
  /** Of the server, in milliseconds; 0: it allows none. */
  readonly intervalMs: number;
  readonly maxTurns: number;
}

/** A turn, and whose it is: wishes that would search the same next share it. */
export interface TimetableTurn {
  readonly at: number;
  readonly spelling: string;
  /** The one that was chosen comes first. */
  readonly wishes: readonly number[];
}

/**
 * The turns to come if nothing is found and nobody changes anything: the same choices that will be made, one after the other.
 * @param wishes all that share the slot
 */
export function* timetable(
  wishes: Iterable<Candidate>,
  { from, until, intervalMs, maxTurns }: TimetableOptions,
): Generator<TimetableTurn> {
  if (intervalMs <= 0) return;
  const standings = [...wishes].map((wish) => standingOf(wish));
  const places = placesOf(standings);
  let at = from;
  for (let turn = 0; turn < maxTurns; turn++) {
    at = Math.max(at, firstEligible(standings));
    if (at > until) return;
    const chosen = choose(standings, at);
    if (chosen === undefined) return;
    const spelling = nextSpelling(chosen.wish);
    const whose = [chosen.wish.seq];
    for (const place of places.get(spelling) ?? []) {
      const { wish } = standings[place]!;
      if (wish !== chosen.wish) {
        if (!isLive(wish, at) || shareOf(wish, spelling) !== 'turn') continue;
        whose.push(wish.seq);
      }
      standings[place] = standingOf({ ...wish, ...afterTurn(wish, spelling, at) });
    }
    yield { at, spelling, wishes: whose };
    at += intervalMs + USUAL_JITTER_MS;
  }
}

/** Where the wishes with a spelling stand. */
function placesOf(standings: readonly Standing[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, { wish }] of standings.entries()) {
    for (const spelling of new Set(wish.spellings)) {
      const known = places.get(spelling);
      if (known === undefined) places.set(spelling, [place]);
      else known.push(place);
    }
  }
  return places;
}

/** Whether it takes part in the turns of others: it is not over, and it is not put off. */
export function isLive(
  { notBefore = 0, expires = Number.POSITIVE_INFINITY }: Candidate,
  at: number,
): boolean {
  return notBefore <= at && at < expires;
}
