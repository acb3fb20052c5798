/**
 * A timer's delay as both clocks read it: negative counts as 0, `Infinity` never comes due.
 * @throws RangeError for NaN, which is always a miscalculation and would silently mean "at once".
 */
export function checkedDelay(delayMs: number): number {
  if (Number.isNaN(delayMs)) throw new RangeError('A delay must be a number of milliseconds, not NaN');
  return Math.max(0, delayMs);
}
