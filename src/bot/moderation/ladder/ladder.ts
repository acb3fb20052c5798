import type { Consequence } from '../../../plugins/api/cases.ts';
import { consequenceOf, exceeds, lasts } from '../consequences/consequence.ts';

/** From so many points on, this follows. */
export interface LadderStep {
  readonly points: number;
  readonly consequence: Consequence;
}

/** Steps by points, the lowest first; never empty. */
export type Ladder = readonly LadderStep[];

/** What so many points lead to; below the lowest step a note. */
export function stepAt(ladder: Ladder, points: number): Consequence {
  return ladder.findLast((step) => step.points <= points)?.consequence ?? 'note';
}

/** The points of the step that a ceiling caps to: the most severe below the first that is more than it; 0 when there is none. */
export function pointsUpTo(ladder: Ladder, ceiling: Consequence): number {
  const isMore = (one: LadderStep, than: Consequence) =>
    exceeds(consequenceOf(one.consequence), consequenceOf(than));
  let capped: LadderStep | undefined;
  for (const step of ladder) {
    if (isMore(step, ceiling)) break;
    if (capped === undefined || isMore(step, capped.consequence)) capped = step;
  }
  return capped?.points ?? 0;
}

/** The first step above so many points; at the top the top. */
export function nextStep(ladder: Ladder, points: number): LadderStep | undefined {
  return ladder.find((step) => step.points > points) ?? ladder.at(-1);
}

/**
 * Why a ladder has no end, or undefined. Its last step is one with which the matter rests or comes before people; after
 * anything else the same person would go on and meet the same step for ever.
 */
export function endlessness(ladder: Ladder): string | undefined {
  const last = ladder.at(-1);
  if (last === undefined) return 'the ladder has no steps';
  const of = consequenceOf(last.consequence);
  if (of.kind === 'action' || of.kind === 'report') return undefined;
  if (lasts(of) && of.forMs === undefined) return undefined;
  return `the ladder does not end: whoever gets to ${last.points} points meets ${last.consequence} for ever; let the last step be report, ignore or remove without a time, or an action of a plugin`;
}
