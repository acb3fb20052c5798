import type { CaseGist } from '../../store/cases.ts';
import { accountAt, countsFor, type Entry } from '../ladder/account.ts';
import { pointsUpTo } from '../ladder/ladder.ts';
import type { Settings } from '../rules/settings.ts';

/** An earlier case of somebody, as far as it counts. */
export type Counted = Pick<CaseGist, 'at' | 'points' | 'mode' | 'void' | 'atMost'>;

export interface AccountPlace {
  readonly room: string;
  /** In which mode something is decided. */
  readonly mode: CaseGist['mode'];
  readonly settings: Settings;
}

/**
 * Somebody's account in a room at a time, with decay. What has a ceiling lifts it up to the step of that ceiling at most: else
 * any slip on top of it would lead to what the ceiling forbids.
 * @param earlier the oldest first
 * @param now points on top of them, all of which count
 */
export function standingAccount(
  earlier: readonly Counted[],
  at: number,
  { room, mode, settings }: AccountPlace,
  now = 0,
): number {
  const ladder = settings.ladder(room);
  const entries = earlier
    .filter((one) => !one.void && countsFor(one.mode, mode))
    .map(
      (one): Entry => ({
        at: one.at,
        points: one.points,
        ...(one.atMost !== undefined && { upTo: pointsUpTo(ladder, one.atMost) }),
      }),
    );
  return accountAt([...entries, { at, points: now }], at, settings.decay(room));
}
