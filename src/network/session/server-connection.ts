import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/transport.ts';
import { decodeServerResponse, FrameSplitter, type ServerResponse } from '../../protocol/index.ts';
import type { Exit } from '../governor/governor-types.ts';

/**
 * The largest frame taken from the server, in bytes. The largest real ones, the list of rooms and that of
 * privileged users, stay below a few MiB; Nicotine+ allows 448 MiB.
 */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** How long what was written may take to leave when we go. */
const GOODBYE_MS = 2000;

export interface ServerConnectionEvents {
  message(message: ServerResponse): void;
  /** Bytes were given to the connection. */
  wrote(): void;
  /** A frame was dropped; the connection stays. `kind` is from a bounded set. */
  problem(kind: string, detail: string): void;
  /** The connection is gone, whoever closed it; called once, last, and not after `destroy`. */
  closed(why: string): void;
}

/** The connection to the server: frames in, bytes out. What cannot be read is dropped, never thrown. */
export class ServerConnection implements Exit {
  readonly #connection: Connection;
  readonly #events: ServerConnectionEvents;
  readonly #splitter = new FrameSplitter('server', { capOf: () => MAX_FRAME_BYTES });
  #done = false;
  #gone = (): void => {};

  /** Starts reading. */
  constructor(connection: Connection, events: ServerConnectionEvents) {
    this.#connection = connection;
    this.#events = events;
    connection.start({
      onData: (chunk) => this.#read(chunk),
      onClose: (error) => {
        this.#gone();
        this.#close(error ? `the connection broke: ${error.message}` : 'the server closed the connection');
      },
    });
  }

  write(bytes: Uint8Array): boolean {
    if (this.#done || this.#connection.closed) return false;
    this.#connection.write(bytes);
    this.#events.wrote();
    return true;
  }

  /** Bytes that the server has not taken yet. */
  get bufferedBytes(): number {
    return this.#connection.bufferedBytes;
  }

  /** Says no more and reports no more; what was written still leaves, within 2 s. Resolves when the connection is gone. */
  end(clock: Clock): Promise<void> {
    this.#done = true;
    if (this.#connection.closed) return Promise.resolve();
    this.#connection.end();
    return new Promise((resolve) => {
      const impatience = clock.setTimeout(() => this.#connection.destroy(), GOODBYE_MS);
      this.#gone = () => {
        impatience.cancel();
        resolve();
      };
    });
  }

  /** Closes at once; nothing more is reported. */
  destroy(): void {
    this.#done = true;
    this.#connection.destroy();
  }

  #read(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
    while (!this.#done) {
      const frame = this.#splitter.next();
      if (frame === undefined) return;
      if (frame.ok) this.#decode(frame.body);
      else if (frame.reason === 'bad-length') this.#events.problem('bad-length', frame.error.message);
      else {
        this.#events.problem('too-long', frame.error.message);
        this.#connection.destroy();
        this.#close('the server sent a frame of absurd length');
      }
    }
  }

  #decode(body: Uint8Array): void {
    const decoded = decodeServerResponse(body);
    if (decoded.ok) this.#events.message(decoded.message);
    else this.#events.problem(decoded.reason, `code ${decoded.code ?? 'absent'}: ${decoded.error.message}`);
  }

  #close(why: string): void {
    if (this.#done) return;
    this.#done = true;
    this.#events.closed(why);
  }
}
