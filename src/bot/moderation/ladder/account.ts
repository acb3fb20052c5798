import type { ModerationMode } from '../../../plugins/api/cases.ts';

/** Points that somebody got. */
export interface Entry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly points: number;
  /** They raise the account up to here at most. @default without end */
  readonly upTo?: number;
}

/** So many points are forgiven in so long a time, evenly. */
export interface Decay {
  readonly points: number;
  readonly perMs: number;
}

/**
 * Points at a time, in tenths: each entry adds, time takes away, never below nothing. Tenths, so that three points and three
 * points a minute later are six.
 * @param entries the oldest first
 * @param decay undefined: nothing is ever forgiven
 */
export function accountAt(entries: readonly Entry[], at: number, decay: Decay | undefined): number {
  let points = 0;
  let since = entries[0]?.at ?? at;
  const pass = (to: number) => {
    if (decay !== undefined) points = Math.max(0, points - ((to - since) / decay.perMs) * decay.points);
    since = to;
  };
  for (const entry of entries) {
    pass(Math.max(since, entry.at));
    points = Math.max(points, Math.min(points + entry.points, entry.upTo ?? Number.POSITIVE_INFINITY));
  }
  pass(Math.max(since, at));
  return Math.round(points * 10) / 10;
}

const RANK: Readonly<Record<ModerationMode, number>> = { shadow: 0, suggest: 1, live: 2 };

/**
 * Whether points of one mode count when something is decided in another: what a rule in shadow thinks of somebody is
 * nothing that a live one may hold against them.
 */
export function countsFor(of: ModerationMode, deciding: ModerationMode): boolean {
  return RANK[of] >= RANK[deciding];
}

/** The more cautious of two modes. */
export function cautious<M extends ModerationMode | 'off'>(one: M, other: M): M {
  return rank(one) <= rank(other) ? one : other;
}

const rank = (mode: ModerationMode | 'off') => (mode === 'off' ? -1 : RANK[mode]);
