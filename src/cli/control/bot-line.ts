import { controlRequest } from '../../bot/control/control-client.ts';
import type { ControlCommands } from '../../bot/runtime/control-commands.ts';
import type { WatchFrame } from '../../bot/watch/stream-watched.ts';
import type { WatchOptions } from '../../bot/watch/watchers.ts';
import type { Clock } from '../../platform/clock.ts';
import { socketOf } from './socket-of.ts';

/** A line to the running bot that stays open for many questions. */
export interface BotLine {
  /** @param onData gets what the bot sends ahead of its answer. @throws ControlError (as rejection). */
  ask<C extends keyof ControlCommands>(
    command: C,
    args: ControlCommands[C]['args'],
    onData?: (data: unknown) => void,
  ): Promise<ControlCommands[C]['result']>;
  /** Tells what happens until `signal` aborts. @throws ControlError (as rejection) when the bot goes away. */
  watch(options: WatchOptions, listener: (frame: WatchFrame) => void, signal: AbortSignal): Promise<void>;
}

/** A plugin's command may take its time; this is the longest silence, in milliseconds. */
const PATIENCE_MS = 10 * 60_000;

/** The bot that runs with this config. @throws RefusedError when the config cannot be used, which has been said. */
export function lineToBot(configPath: string, clock: Clock): BotLine {
  return lineAt(socketOf(configPath), clock);
}

/** The bot that listens at this path. */
export function lineAt(path: string, clock: Clock): BotLine {
  return {
    async ask(command, args, onData) {
      const request = { command, ...(args !== undefined && { args }) };
      const timeoutMs = command === 'command' ? PATIENCE_MS : undefined;
      const answer = await controlRequest(path, request, {
        clock,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(onData !== undefined && { onData }),
      });
      return answer as never;
    },
    async watch(args, listener, signal) {
      await controlRequest(
        path,
        { command: 'watch', args },
        // Nothing may happen for days.
        {
          clock,
          timeoutMs: Number.POSITIVE_INFINITY,
          onData: (data) => listener(data as WatchFrame),
          signal,
        },
      );
    },
  };
}
