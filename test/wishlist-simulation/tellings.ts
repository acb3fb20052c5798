import { clock, type Problem, type SimulationRecord } from './record.ts';

/**
 * What is told again is the same, and says so; what the plugin did not take comes again until it does.
 * @param patienceMs what was told so shortly before the end may still be open.
 */
export function checkTellings(
  { tellings, announcements, durationMs }: SimulationRecord,
  patienceMs: number,
): readonly Problem[] {
  const problems: Problem[] = [];
  const known = new Map<string, string>();
  const kept = new Set(announcements.map(({ id }) => id));
  for (const { id, wish, at, redelivered, finds } of tellings) {
    const complain = (what: string) => problems.push({ wish, at, text: `${wish}: finds ${id} ${what}` });
    const before = known.get(id);
    if (before === undefined) known.set(id, finds);
    else if (before !== finds) complain(`were told again at ${clock(at)}, and are not the same`);
    else if (!redelivered) complain(`were told again at ${clock(at)} as if for the first time`);
    if (kept.has(id) || at > durationMs - patienceMs) continue;
    complain(`were told at ${clock(at)}; the plugin did not take them, and they never came again`);
    kept.add(id);
  }
  return problems;
}
