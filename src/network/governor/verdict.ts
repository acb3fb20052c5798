import type { DropCode } from './traffic.ts';

/** How long something has to wait: 0 ms when nothing is in the way; infinite when only an event can help. */
export interface Verdict {
  readonly wait: number;
  /** Which limit is in the way, e.g. `roomLine.perMinute`; means nothing when there is no wait. */
  readonly by: string;
}

/** Why something may not leave at all. */
export interface Refusal {
  readonly code: DropCode;
  readonly reason: string;
}

export const named = (by: string, wait: number): Verdict => ({ wait, by });

/** The verdict that matters: the one with the longest wait. */
export const longest = (...verdicts: readonly Verdict[]): Verdict =>
  verdicts.reduce((a, b) => (b.wait > a.wait ? b : a));

/** A number out of a saved document. Throws a TypeError for what none of ours has written. */
export function saved(value: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw new TypeError('not a saved budget');
  return value;
}
