import type { Log } from '../../platform/log.ts';
import { type Connection, type Listener, type Transport, TransportError } from '../../platform/transport.ts';

/** The port for peers could not be bound. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** The system's code: `EADDRINUSE` (taken), `EACCES` (not allowed), `EADDRNOTAVAIL` (not our address), … */
  readonly code: string;
  readonly host: string;
  readonly port: number;

  constructor(code: string, host: string, port: number, options?: { cause?: unknown }) {
    super(`cannot listen for peers at ${host}:${port}: ${REASONS[code] ?? code}`, options);
    this.code = code;
    this.host = host;
    this.port = port;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken by another program (EADDRINUSE)',
  EACCES: 'this user may not use the port (EACCES)',
  EADDRNOTAVAIL: 'the address is not one of this machine (EADDRNOTAVAIL)',
};

/** One port where peers reach us. */
export class PeerListener {
  readonly #transport: Transport;
  readonly #log: Log;
  readonly #accept: (connection: Connection) => void;
  #listener: Listener | undefined;
  #accepted = 0;

  constructor(options: { transport: Transport; log: Log; accept: (connection: Connection) => void }) {
    this.#transport = options.transport;
    this.#log = options.log;
    this.#accept = options.accept;
  }

  /** Binds; port 0 lets the system choose. Rejects with a {@link ListenError}. */
  async open(at: { readonly host: string; readonly port: number }): Promise<void> {
    try {
      this.#listener = await this.#transport.listen(at, (connection) => {
        this.#accepted += 1;
        this.#accept(connection);
      });
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      throw new ListenError(error.code, at.host, at.port, { cause: error });
    }
    this.#log.info('listening for peers', { ...this.#listener.address });
  }

  /** The port really bound; 0 while closed. */
  get port(): number {
    return this.#listener?.address.port ?? 0;
  }

  /** Connections that peers have opened so far. */
  get accepted(): number {
    return this.#accepted;
  }

  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.close();
  }
}
