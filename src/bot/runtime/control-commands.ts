import { ControlError } from '../control/control-error.ts';
import type { ControlStream } from '../control/control-server.ts';
import type { ControlRequest } from '../control/frames.ts';
import type { Bot } from './bot.ts';
import type { BotStatus } from './status.ts';

/** Everything that the CLI can ask of a running bot, by name: what it takes and what comes back. */
export interface ControlCommands {
  /** How the bot fares. */
  status: { readonly args: undefined; readonly result: BotStatus };
  /** Runs a plugin's command with `in: 'cli'`. What it says while it runs comes ahead, as lists of lines. */
  command: {
    readonly args: { readonly line: string };
    readonly result: { readonly ok: boolean; readonly lines: readonly string[] };
  };
  /** Leaves a ban, a refusal or "logged in elsewhere", or cuts a wait short: a person decided to try again. */
  retry: { readonly args: undefined; readonly result: Pick<BotStatus, 'session'> };
  /** Stops the bot. The answer comes before it has stopped. */
  stop: { readonly args: undefined; readonly result: { readonly stopping: true } };
}

/** Answers the requests of the control socket. @param stop begins to stop the process. */
export function answerControl(bot: Bot, stop: () => void) {
  return async (request: ControlRequest, stream: Pick<ControlStream, 'emit'>): Promise<unknown> => {
    switch (request.command) {
      case 'status':
        return bot.status();
      case 'command':
        return bot.runConsole(lineOf(request.args), (lines) => stream.emit(lines));
      case 'retry':
        bot.client.retry();
        return { session: bot.client.state };
      case 'stop':
        stop();
        return { stopping: true };
      default:
        throw new ControlError('unknown-command', `The bot knows no "${request.command}"`);
    }
  };
}

function lineOf(args: unknown): string {
  if (typeof args === 'object' && args !== null && 'line' in args && typeof args.line === 'string')
    return args.line;
  throw new ControlError('protocol', 'A command needs its line');
}
