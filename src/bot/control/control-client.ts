import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { onAbort } from '../../platform/abort.ts';
import type { Clock } from '../../platform/clock.ts';
import { ControlError, toControlCode } from './control-error.ts';
import { type ControlRequest, LineSplitter, MAX_ANSWER, parseFrame } from './frames.ts';

export interface ControlRequestOptions {
  readonly clock: Clock;
  /** Longest silence of the bot, in milliseconds. `Infinity` for what lasts until it is cancelled. @default 10_000 */
  readonly timeoutMs?: number;
  /** Gets what the bot sends ahead of its result. */
  readonly onData?: (data: unknown) => void;
  readonly signal?: AbortSignal;
}

/**
 * Asks the bot that listens at `path` (from `controlPath`).
 * @returns its result, plain data.
 * @throws ControlError as rejection.
 */
export async function controlRequest(
  path: string,
  request: ControlRequest,
  options: ControlRequestOptions,
): Promise<unknown> {
  assertOurs(path);
  const { clock, timeoutMs = 10_000, onData, signal } = options;
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const splitter = new LineSplitter(MAX_ANSWER);
    const settle = (finish: () => void): void => {
      timer.cancel();
      forget();
      socket.destroy();
      finish();
    };
    const fail = (error: ControlError) => settle(() => reject(error));
    const silence = () =>
      clock.setTimeout(() => fail(new ControlError('timeout', 'The bot does not answer')), timeoutMs);
    let timer = silence();
    let forget = (): void => {};
    forget = onAbort(signal, () => fail(new ControlError('cancelled', 'Cancelled')));
    // Our side stays open: its end would tell the bot that nobody waits for the answer.
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('error', (error) => fail(connectError(path, error)));
    socket.on('close', () => fail(new ControlError('closed', 'The bot went away before it answered')));
    socket.on('data', (chunk) => {
      timer.cancel();
      timer = silence();
      const lines = splitter.push(chunk);
      if (lines === undefined) fail(new ControlError('too-large', 'The answer of the bot is too long'));
      for (const line of lines ?? []) {
        if (socket.destroyed) return;
        const frame = parseFrame(line);
        if (frame === undefined)
          fail(
            new ControlError('protocol', 'What answers there is not this program, or another version of it'),
          );
        else if (frame.type === 'data') onData?.(frame.data);
        else if (frame.type === 'result') settle(() => resolve(frame.result));
        else fail(new ControlError(toControlCode(frame.code), frame.message));
      }
    });
  });
}

/** Somebody else could have put a socket where ours is expected, to hear what we ask. The administrator may ask anybody. */
function assertOurs(path: string): void {
  if (process.platform === 'win32') return;
  const found = lstatSync(path, { throwIfNoEntry: false });
  const uid = process.getuid?.();
  if (found === undefined) throw notRunning(path);
  if (uid !== 0 && found.uid !== uid) throw denied(path);
}

function connectError(path: string, error: Error): ControlError {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK') return notRunning(path);
  if (code === 'EACCES' || code === 'EPERM') return denied(path);
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return new ControlError('closed', 'The bot went away before it answered', { cause: error });
  return new ControlError('failed', `The bot cannot be reached at ${path}: ${error.message}`, {
    cause: error,
  });
}

function notRunning(path: string): ControlError {
  return new ControlError('not-running', `No bot is running here (nothing listens at ${path})`);
}

function denied(path: string): ControlError {
  return new ControlError('denied', `The bot belongs to another user (no permission for ${path})`);
}
