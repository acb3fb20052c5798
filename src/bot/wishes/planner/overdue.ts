import type { Candidate } from './candidate.ts';
import { timetable, USUAL_JITTER_MS } from './timetable.ts';

/** A turn may have been due for so long without anybody having been away, in milliseconds. */
const TOLERANCE_MS = 30_000;
const MAX_TURNS = 20_000;

/**
 * Which wishes would have had a turn by now if the bot had been there all the time: those that were due since the last turn of
 * all and did not get it. Their next turn is late.
 */
export function overdue(
  wishes: readonly Candidate[],
  { now, intervalMs }: { readonly now: number; readonly intervalMs: number },
): ReadonlySet<number> {
  const late = new Set<number>();
  const turns = wishes.flatMap(({ lastTurn }) => (lastTurn === undefined ? [] : [lastTurn]));
  const from =
    turns.length > 0
      ? Math.max(...turns) + intervalMs + USUAL_JITTER_MS
      : Math.min(...wishes.map(({ createdAt }) => createdAt));
  const until = now - TOLERANCE_MS;
  for (const turn of timetable(wishes, { from, until, intervalMs, maxTurns: MAX_TURNS })) {
    for (const seq of turn.wishes) late.add(seq);
    if (late.size === wishes.length) break;
  }
  return late;
}
