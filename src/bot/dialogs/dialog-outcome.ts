import { PluginError } from '../../plugins/api/errors.ts';
import type { DialogAnswer, RunOutcome } from '../../plugins/host/services.ts';

const MAX_STATE_BYTES = 65_536;

/** What a conversation remembers must be small. @throws PluginError `too-large` */
export function checkState(state: unknown): void {
  if (Buffer.byteLength(JSON.stringify(state ?? null)) > MAX_STATE_BYTES)
    throw new PluginError('too-large', `the state of a dialog has at most ${MAX_STATE_BYTES} bytes`);
}

/** What went wrong with a step. @returns undefined: nothing. */
export function failureOf(answer: DialogAnswer | RunOutcome): string | undefined {
  if (!('how' in answer)) {
    try {
      checkState(answer.state);
      return undefined;
    } catch (error) {
      return String(error);
    }
  }
  return answer.how === 'error' ? answer.message : 'it gave no answer';
}
