import type { Ended } from '../delivery.ts';
import type { RunOutcome } from '../services.ts';
import { oneLine } from '../wire-error.ts';

/** What became of a run, for whoever keeps books about it. */
export function outcomeOf(ended: Ended): RunOutcome {
  return ended.how === 'error' ? { how: 'error', message: oneLine(ended.error.message) } : { how: ended.how };
}
