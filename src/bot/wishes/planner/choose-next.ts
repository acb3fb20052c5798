import { type Candidate, type Standing, standingOf, urgencyOf } from './candidate.ts';

/**
 * Which wish takes the next turn: of those that may have one the most urgent. What was boosted comes first, the longest
 * boosted one before the others. As urgency grows with waiting and without bound, none starves. Among equals the one that has
 * waited longest, then the oldest.
 * @returns undefined when none may have a turn now.
 */
export function chooseNext<T extends Candidate>(wishes: Iterable<T>, now: number): T | undefined {
  return choose([...wishes].map(standingOf), now)?.wish;
}

/** As {@link chooseNext}, for whoever chooses many times. */
export function choose<S extends Standing>(standings: Iterable<S>, now: number): S | undefined {
  let best: S | undefined;
  let bestUrgency = 0;
  for (const standing of standings) {
    if (standing.eligible > now) continue;
    const urgency = urgencyOf(standing, now);
    if (best === undefined || comesBefore(standing, urgency, best, bestUrgency)) {
      best = standing;
      bestUrgency = urgency;
    }
  }
  return best;
}

/** When the first of them may have a turn; infinite: none ever. */
export function firstEligible(standings: Iterable<Standing>): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { eligible } of standings) if (eligible < first) first = eligible;
  return first;
}

function comesBefore(one: Standing, urgency: number, other: Standing, otherUrgency: number): boolean {
  const [boosted, otherBoosted] = [one.wish.boostedAt, other.wish.boostedAt];
  if (boosted !== otherBoosted)
    return (boosted ?? Number.POSITIVE_INFINITY) < (otherBoosted ?? Number.POSITIVE_INFINITY);
  if (urgency !== otherUrgency) return urgency > otherUrgency;
  return one.since === other.since ? one.wish.seq < other.wish.seq : one.since < other.since;
}
