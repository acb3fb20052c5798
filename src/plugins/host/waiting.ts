import type { AnyEvent } from '../api/events.ts';
import type { CommandCall, CommandResult, DispatchOutcome } from './types.ts';

/** Something that no handler has begun with: it can still go to another version of the plugin. */
export type Waiting =
  | {
      readonly kind: 'event';
      readonly event: AnyEvent;
      readonly settle: (outcome: DispatchOutcome) => void;
    }
  | {
      readonly kind: 'command';
      readonly name: string;
      readonly call: CommandCall;
      readonly settle: (result: CommandResult) => void;
    };

/** What becomes of events that nothing wants. */
export const NOT_WANTED: DispatchOutcome = { handled: 0, failed: 0, dropped: 0, unfinished: 0 };

/** Ends what waits, because nobody will handle it. */
export function cancel(waiting: Waiting): void {
  if (waiting.kind === 'event') waiting.settle({ ...NOT_WANTED, unfinished: 1 });
  else waiting.settle({ state: 'unloaded' });
}
