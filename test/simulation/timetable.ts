const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When faults happen and when there must be none left. All in milliseconds since the start. */
export interface Storm {
  readonly from: number;
  /** By then every fault is undone. */
  readonly to: number;
  /** From here on nothing may go wrong, until `calmUntil`. */
  readonly healedBy: number;
  readonly calmUntil: number;
}

export interface Timetable {
  /** Until then the tree may form; then nothing may go wrong until the first storm. */
  readonly formedBy: number;
  readonly storms: readonly Storm[];
  readonly end: number;
}

/**
 * Time to form, then storms of up to half an hour, one about every four hours, with calm between. Shorter runs have shorter
 * phases, and one storm at least. Without faults nothing may go wrong once the tree has formed.
 */
export function timetable(hours: number, withFaults: boolean): Timetable {
  const end = hours * HOUR;
  const formedBy = Math.min(HOUR / 2, end / 4);
  const first = Math.min(HOUR, end / 3);
  if (!withFaults) return { formedBy, storms: [], end };
  const cycles = Math.max(1, Math.round((end - first) / (4 * HOUR)));
  const cycle = (end - first) / cycles;
  const storms = Array.from({ length: cycles }, (_, i): Storm => {
    const from = first + i * cycle;
    const to = from + Math.min(HOUR / 2, cycle / 4);
    const calmUntil = from + cycle;
    return { from, to, healedBy: to + Math.min(45 * MINUTE, 0.6 * (calmUntil - to)), calmUntil };
  });
  return { formedBy, storms, end };
}

/** Whether a search made at `at` must reach everybody once. */
export function mustBeWhole({ formedBy, storms, end }: Timetable, at: number): boolean {
  if (at < formedBy) return false;
  const before = storms.findLast(({ from }) => at >= from);
  if (before === undefined) return at < (storms[0]?.from ?? end) - IN_FLIGHT_MS;
  return at >= before.healedBy && at < before.calmUntil - IN_FLIGHT_MS;
}

/** A search made so shortly before a storm may be caught by it. */
const IN_FLIGHT_MS = 30_000;
