import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { ControlError } from './control-error.ts';
import { type ControlFrame, type ControlRequest, LineSplitter, MAX_REQUEST, parseRequest } from './frames.ts';

const MAX_CONNECTIONS = 32;
/** Whoever connects has this long to say what they want, in milliseconds. */
const REQUEST_WITHIN_MS = 10_000;
/** Above it, a reader that does not keep up is cut off. Bytes. */
const MAX_UNSENT = 16 * 1024 * 1024;

/** What a handler may do besides returning its result. */
export interface ControlStream {
  /** Sends something ahead of the result. Plain data. */
  readonly emit: (data: unknown) => void;
  /** Bytes that wait for the other side to read; with too many it is cut off. */
  readonly unsent: () => number;
  /** Aborts when the other side goes away, or the server closes. */
  readonly signal: AbortSignal;
}

export interface ControlServerOptions {
  /** From `controlPath`. A socket left there by a process that died is replaced: hold the store's lock. */
  readonly path: string;
  /**
   * Answers one request; what it returns is the result, plain data. A ControlError reaches the other side with its
   * code, anything else as `failed` with its message.
   */
  readonly handle: (request: ControlRequest, stream: ControlStream) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Lets the CLI of the same user talk to the running bot, over a local socket of mode 0600. */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #server: Server;
  readonly #connections = new Map<Socket, AbortController>();

  private constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** @throws the system's error (as rejection) when the socket cannot be made. */
  static async listen(options: ControlServerOptions): Promise<ControlServer> {
    const control = new ControlServer(options);
    const { path } = options;
    if (process.platform !== 'win32') rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      control.#server.once('error', reject);
      // The socket is made inside this call, so nobody can connect to it with the umask's permissions.
      const umask = process.umask(0o177);
      try {
        control.#server.listen(path, () => {
          control.#server.off('error', reject);
          resolve();
        });
      } finally {
        process.umask(umask);
      }
    });
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    control.#server.on('error', (error) => options.log.warn('The control socket failed', { error }));
    return control;
  }

  /** Cuts off who is connected and takes the socket away. */
  async close(): Promise<void> {
    for (const [socket, abort] of this.#connections) {
      abort.abort();
      socket.destroy();
    }
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    const abort = new AbortController();
    const splitter = new LineSplitter(MAX_REQUEST);
    let asked = false;
    const late = this.#options.clock.setTimeout(() => socket.destroy(), REQUEST_WITHIN_MS);
    this.#connections.set(socket, abort);
    socket.on('error', () => {});
    socket.on('close', () => {
      late.cancel();
      this.#connections.delete(socket);
      abort.abort();
    });
    socket.on('data', (chunk) => {
      if (asked) return;
      const lines = splitter.push(chunk);
      if (lines?.length === 0) return;
      asked = true;
      late.cancel();
      const request = lines === undefined ? undefined : parseRequest(lines[0]!);
      if (request !== undefined) void this.#answer(socket, request, abort.signal);
      else if (lines === undefined) finish(socket, failure('too-large', 'The request is too long'));
      else finish(socket, failure('protocol', 'This is not a request'));
    });
  }

  async #answer(socket: Socket, request: ControlRequest, signal: AbortSignal): Promise<void> {
    const emit = (data: unknown): void => {
      if (socket.writableLength > MAX_UNSENT) socket.destroy();
      else if (socket.writable) socket.write(encode({ type: 'data', data }));
    };
    try {
      const result = await this.#options.handle(request, {
        emit,
        unsent: () => socket.writableLength,
        signal,
      });
      finish(socket, { type: 'result', result });
    } catch (error) {
      if (error instanceof ControlError) {
        finish(socket, failure(error.code, error.message));
        return;
      }
      this.#options.log.warn('A control request failed', { command: request.command, error });
      finish(socket, failure('failed', error instanceof Error ? error.message : String(error)));
    }
  }
}

function failure(code: string, message: string): ControlFrame {
  return { type: 'error', code, message };
}

function finish(socket: Socket, frame: ControlFrame): void {
  if (socket.writable) socket.end(encode(frame));
}

function encode(frame: ControlFrame): string {
  return `${JSON.stringify(frame)}\n`;
}
