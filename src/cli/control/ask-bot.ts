import { controlRequest } from '../../bot/control/control-client.ts';
import { ControlError } from '../../bot/control/control-error.ts';
import type { ControlCommands } from '../../bot/runtime/control-commands.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { socketOf } from './socket-of.ts';

export interface AskOptions {
  /** Gets what the bot sends ahead of its answer. */
  readonly onData?: (data: unknown) => void;
  /** Longest silence, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks the bot that runs with this config. Undefined: it could not be asked, and why has been said.
 * @throws RefusedError (as rejection) when the config cannot be used, which has been said too.
 */
export async function askBot<C extends keyof ControlCommands>(
  configPath: string,
  command: C,
  args: ControlCommands[C]['args'],
  options: AskOptions = {},
): Promise<ControlCommands[C]['result'] | undefined> {
  const socket = socketOf(configPath);
  try {
    const request = { command, ...(args !== undefined && { args }) };
    const answer = await controlRequest(socket, request, {
      clock: new RealClock(),
      ...options,
    });
    return answer as ControlCommands[C]['result'];
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    process.stderr.write(`seekeeper: ${error.message}\n`);
    return undefined;
  }
}
