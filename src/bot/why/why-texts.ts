import { ago } from './ago.ts';
import type { RecordedDecision } from './decision-log.ts';

/** One decision in one line. */
export function decisionLine(decision: RecordedDecision, now: number): string {
  const { id, at, times, what, reason, user, room, plugin } = decision;
  const where = [
    user !== undefined && `for ${user}`,
    room !== undefined && `in ${room}`,
    plugin !== undefined && `(${plugin})`,
  ].filter((part) => part !== false);
  const often = times > 1 ? `, ${times} times` : '';
  return `${id}: ${ago(at, now)} ago I did not ${[what, ...where].join(' ')}${often}: ${reason}`;
}
