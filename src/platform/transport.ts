/** An IPv4 address (dotted) and a TCP or UDP port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a connection tells its owner. Each method is called on the event loop, never from inside `write` or `start`. */
export interface ConnectionEvents {
  /** Bytes arrived. The chunk belongs to the receiver; chunk boundaries mean nothing. */
  onData(chunk: Uint8Array): void;
  /** The send buffer, once reported full by `write`, is empty again. */
  onDrain?(): void;
  /** The other side has finished sending. Our side may still send. Without this handler the connection is closed. */
  onEnd?(): void;
  /** The connection is gone, by either side; called exactly once, last. `error` is absent for an orderly close. */
  onClose(error?: Error): void;
}

/** One open TCP connection, real or virtual. */
export interface Connection {
  readonly local: Address;
  readonly remote: Address;
  /** Hands over the receiver of events and begins delivery; until then incoming bytes wait. Call exactly once. */
  start(events: ConnectionEvents): void;
  /**
   * Queues bytes; they must not be changed afterwards. Returns false when the send buffer is above its high-water
   * mark: the caller should wait for `onDrain`. On a closed connection it does nothing and returns false.
   */
  write(bytes: Uint8Array): boolean;
  /** Bytes accepted by `write` that have not left yet. */
  readonly bufferedBytes: number;
  /** Bytes received and delivered so far. */
  readonly bytesRead: number;
  /** Stops delivering data: back-pressure on the other side. */
  pause(): void;
  resume(): void;
  /** Sends what is buffered, then finishes our side. */
  end(): void;
  /** Closes at once and discards what is buffered. */
  destroy(error?: Error): void;
  readonly closed: boolean;
}

export interface ConnectOptions {
  /** Host name or IPv4 address. */
  readonly host: string;
  readonly port: number;
  /** Gives up after this many milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ListenOptions {
  /** Address to bind. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

export interface Listener {
  /** The address really bound. */
  readonly address: Address;
  /** Stops accepting; connections already accepted stay. */
  close(): Promise<void>;
}

/** TCP as everything above the platform sees it. */
export interface Transport {
  /** Rejects with a {@link TransportError}. */
  connect(options: ConnectOptions): Promise<Connection>;
  /** Rejects with a {@link TransportError} (`EADDRINUSE`, `EACCES`, …) when the address cannot be bound. */
  listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener>;
}

/** A failure of the network. `code` is the system's (`ECONNREFUSED`, `ENOTFOUND`, `EADDRINUSE`, …), `ETIMEDOUT`, or `ABORT_ERR`. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
