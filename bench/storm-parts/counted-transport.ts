import type {
  Connection,
  ConnectionEvents,
  ConnectOptions,
  Listener,
  ListenOptions,
  Transport,
} from '../../src/platform/transport.ts';
import { monotonicMs } from './messages.ts';

/** A transport that knows how many sockets are open, those being opened included. The one to the server is not counted. */
export class CountedTransport implements Transport {
  readonly #inner: Transport;
  readonly #serverPort: number;
  accepted = 0;
  dialled = 0;
  peakAccepted = 0;
  peakDialled = 0;
  /** When a peer's bytes last arrived, and when the last of the sockets was closed. */
  lastByte = 0;
  lastClose = 0;

  constructor(inner: Transport, serverPort: number) {
    this.#inner = inner;
    this.#serverPort = serverPort;
  }

  async connect(options: ConnectOptions): Promise<Connection> {
    if (options.port === this.#serverPort) return this.#inner.connect(options);
    this.dialled++;
    this.peakDialled = Math.max(this.peakDialled, this.dialled);
    try {
      const connection = await this.#inner.connect(options);
      return this.#watch(connection, () => this.dialled--);
    } catch (error) {
      this.dialled--;
      throw error;
    }
  }

  listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener> {
    return this.#inner.listen(options, (connection) => {
      this.accepted++;
      this.peakAccepted = Math.max(this.peakAccepted, this.accepted);
      onConnection(this.#watch(connection, () => this.accepted--));
    });
  }

  #watch(connection: Connection, onGone: () => void): Connection {
    const start = connection.start.bind(connection);
    connection.start = (events: ConnectionEvents) => {
      start({
        onData: (chunk) => {
          this.lastByte = monotonicMs();
          events.onData(chunk);
        },
        ...(events.onDrain && { onDrain: () => events.onDrain?.() }),
        ...(events.onEnd && { onEnd: () => events.onEnd?.() }),
        onClose: (error) => {
          onGone();
          this.lastClose = monotonicMs();
          events.onClose(error);
        },
      });
    };
    return connection;
  }
}
