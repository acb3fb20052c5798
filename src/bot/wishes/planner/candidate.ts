/** What the planner knows of a wish. Times are milliseconds since the epoch. */
export interface Candidate {
  /** Order of creation. */
  readonly seq: number;
  readonly everyMs: number;
  readonly atMostMs: number;
  /** 1 to 10. */
  readonly priority: number;
  readonly deadline: number | undefined;
  readonly expires: number | undefined;
  /** It has no turn before. */
  readonly notBefore: number | undefined;
  readonly createdAt: number;
  /** What is searched in its turns, one spelling after the other, in the form in which two searches are compared. */
  readonly spellings: readonly string[];
  /** Index of the next one. */
  readonly variant: number;
  readonly fruitless: number;
  readonly lastTurn: number | undefined;
  /** When somebody asked for the very next turn. */
  readonly boostedAt: number | undefined;
}

/** What each fruitless turn makes of the gap. */
const BACK_OFF = 1.5;

/** How long before its deadline a wish begins to be urgent. */
const DEADLINE_MS = 14 * 86_400_000;

/** How much more urgent than others a wish is at its deadline. */
const DEADLINE_WEIGHT = 3;

/** How urgent a deadline is: 1 as long as it is far away or when it has passed, up to 3 right before it. */
function pressure(deadline: number | undefined, at: number): number {
  if (deadline === undefined || deadline <= at || deadline - at >= DEADLINE_MS) return 1;
  return 1 + (DEADLINE_WEIGHT - 1) * (1 - (deadline - at) / DEADLINE_MS);
}

/** From when a wish waits: its last turn, or so that a new one is due at once. */
export function waitsSince({ lastTurn, createdAt, everyMs }: Candidate): number {
  return lastTurn ?? createdAt - everyMs;
}

/**
 * Milliseconds from a wish's last turn to when it may have the next: `every`, times 1.5 for each fruitless turn, up to
 * `atMost`; a deadline that comes near makes it shorter again, but never less than `every`. It depends on the last turn
 * alone, so that it does not change while the wish waits.
 */
export function gapOf(wish: Candidate): number {
  const { everyMs, atMostMs, fruitless, deadline } = wish;
  // Beyond that every gap there is has reached its longest.
  const stretched = everyMs * BACK_OFF ** Math.min(fruitless, 40);
  const longest = Math.min(stretched, Math.max(everyMs, atMostMs));
  return Math.max(everyMs, Math.round(longest / pressure(deadline, waitsSince(wish))));
}

/** When a wish may have its next turn; infinite: never. */
export function eligibleAt(wish: Candidate): number {
  const { boostedAt, notBefore = 0, expires = Number.POSITIVE_INFINITY } = wish;
  const due = boostedAt ?? waitsSince(wish) + gapOf(wish);
  const at = Math.max(due, notBefore);
  return at < expires ? at : Number.POSITIVE_INFINITY;
}

/** What does not change of a wish while it waits for its turn. */
export interface Standing<T extends Candidate = Candidate> {
  readonly wish: T;
  readonly since: number;
  readonly eligible: number;
  /** By how much its urgency grows in a millisecond, deadline aside. */
  readonly pace: number;
}

export function standingOf<T extends Candidate>(wish: T): Standing<T> {
  return {
    wish,
    since: waitsSince(wish),
    eligible: eligibleAt(wish),
    pace: wish.priority / 5 / gapOf(wish),
  };
}

/** How much a wish needs a turn: how many of its gaps it has waited, times its weight: of priority 10 twice that of 5. */
export function urgencyOf({ wish, since, pace }: Standing, now: number): number {
  return (now - since) * pace * pressure(wish.deadline, now);
}
