/** What the number of children depends on. The first three come from the server; undefined until it said so. */
export interface ChildLimitInputs {
  /** Our average upload speed as the server knows it, in bytes per second. */
  readonly avgSpeed: number | undefined;
  /** ParentMinSpeed, in KiB per second by the stricter reading. */
  readonly minSpeed: number | undefined;
  /** ParentSpeedRatio. */
  readonly ratio: number | undefined;
  /** The most children that the owner wants. */
  readonly cap: number;
}

/**
 * How many children we may carry. Sources differ by their formula [aioslsk: a tenth of the ratio in KiB/s each;
 * Nicotine+: a hundred times the ratio in bytes/s each], so both must agree. 0 while any of the inputs is unknown: a
 * node that announces more than it can feed hurts its whole branch.
 */
export function childLimit({ avgSpeed, minSpeed, ratio, cap }: ChildLimitInputs): number {
  if (avgSpeed === undefined || minSpeed === undefined || ratio === undefined || ratio <= 0) return 0;
  if (avgSpeed < minSpeed * 1024) return 0;
  const perKiB = Math.floor(avgSpeed / ((ratio / 10) * 1024));
  const perHundred = Math.floor(Math.floor(avgSpeed / ratio) / 100);
  return Math.max(0, Math.min(perKiB, perHundred, cap));
}
