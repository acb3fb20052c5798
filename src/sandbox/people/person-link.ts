import type { Connection, Transport } from '../../platform/transport.ts';
import {
  decodeServerResponse,
  encodeServerRequest,
  FrameSplitter,
  type ServerRequest,
  type ServerResponse,
} from '../../protocol/index.ts';

export interface PersonLinkEvents {
  onMessage(message: ServerResponse): void;
  onClosed(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** A person's connection to the server; it may be opened again after it ended. */
export class PersonLink {
  readonly #transport: Transport;
  readonly #server: { readonly host: string; readonly port: number };
  readonly #events: PersonLinkEvents;
  #connection: Connection | undefined;

  constructor(
    transport: Transport,
    server: { readonly host: string; readonly port: number },
    events: PersonLinkEvents,
  ) {
    this.#transport = transport;
    this.#server = server;
    this.#events = events;
  }

  get connected(): boolean {
    return this.#connection !== undefined;
  }

  /** Rejects with a TransportError. An open connection is broken first. */
  async connect(): Promise<void> {
    this.destroy();
    const connection = await this.#transport.connect({ ...this.#server, timeoutMs: CONNECT_TIMEOUT_MS });
    const splitter = new FrameSplitter('server');
    this.#connection = connection;
    connection.start({
      onData: (chunk) => {
        splitter.push(chunk);
        for (const frame of splitter) {
          if (!frame.ok) continue;
          const decoded = decodeServerResponse(frame.body);
          if (decoded.ok && this.#connection === connection) this.#events.onMessage(decoded.message);
        }
      },
      onClose: () => this.#closed(connection),
    });
  }

  send(requests: readonly ServerRequest[]): void {
    this.#connection?.write(Buffer.concat(requests.map((request) => encodeServerRequest(request))));
  }

  sendRaw(bytes: Uint8Array): void {
    this.#connection?.write(bytes);
  }

  end(): void {
    this.#connection?.end();
  }

  destroy(): void {
    const connection = this.#connection;
    if (!connection) return;
    connection.destroy();
    this.#closed(connection);
  }

  #closed(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#events.onClosed();
  }
}
