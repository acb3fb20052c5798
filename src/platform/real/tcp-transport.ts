import { createServer, type Server, Socket } from 'node:net';
import { abortError, onAbort } from '../abort.ts';
import type { Log } from '../log.ts';
import { nullLog } from '../null-log.ts';
import {
  type Address,
  type Connection,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type Transport,
  TransportError,
} from '../transport.ts';
import { TcpConnection } from './tcp-connection.ts';
import { toTransportError } from './transport-error.ts';

/** A peer that vanished without a word is noticed after about this long plus the system's probes. */
const KEEP_ALIVE_MS = 60_000;

const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };

export interface TcpTransportOptions {
  /** Told when accepting a connection fails (too many open files, for one). @default a log that keeps nothing */
  readonly log?: Log;
}

/** TCP over IPv4, by the system. */
export class TcpTransport implements Transport {
  readonly #log: Log;

  constructor(options: TcpTransportOptions = {}) {
    this.#log = options.log ?? nullLog;
  }

  connect(options: ConnectOptions): Promise<Connection> {
    const { host, port, timeoutMs, signal } = options;
    return new Promise((resolve, reject) => {
      const socket = new Socket({ allowHalfOpen: true });
      let timer: NodeJS.Timeout | undefined;
      let forgetSignal = () => {};
      const finish = () => {
        clearTimeout(timer);
        forgetSignal();
        socket.off('error', fail);
        socket.off('connect', succeed);
      };
      const fail = (error: unknown) => {
        finish();
        // What still goes wrong while the socket closes concerns nobody.
        socket.on('error', () => {});
        socket.destroy();
        reject(toTransportError(error));
      };
      const succeed = () => {
        finish();
        resolve(new TcpConnection(socket));
      };
      socket.on('error', fail);
      socket.on('connect', succeed);
      if (Number.isFinite(timeoutMs)) {
        const inTime = `No answer from ${host}:${port} within ${timeoutMs} ms`;
        timer = setTimeout(
          () => fail(new TransportError('ETIMEDOUT', inTime)),
          Math.min(timeoutMs, 2 ** 31 - 1),
        );
      }
      forgetSignal = onAbort(signal, () => {
        const cause = signal === undefined ? undefined : abortError(signal);
        fail(new TransportError('ABORT_ERR', `Connecting to ${host}:${port} was aborted`, { cause }));
      });
      if (socket.destroyed) return;
      try {
        socket.connect({ host, port, family: 4, ...SOCKET_OPTIONS });
      } catch (error) {
        fail(error);
      }
    });
  }

  listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, ...SOCKET_OPTIONS }, (socket) => {
        // Gone before it was looked at; its address is lost, so there is nothing to tell.
        if (socket.remoteAddress === undefined) {
          socket.on('error', () => {});
          socket.destroy();
          return;
        }
        onConnection(new TcpConnection(socket));
      });
      const fail = (error: unknown) => reject(toTransportError(error));
      server.once('error', fail);
      try {
        server.listen({ host: options.host, port: options.port }, () => {
          server.off('error', fail);
          server.on('error', (error) =>
            this.#log.warn('A connection could not be accepted', { error: error.message }),
          );
          resolve(new TcpListener(server));
        });
      } catch (error) {
        fail(error);
      }
    });
  }
}

class TcpListener implements Listener {
  readonly address: Address;
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
    const bound = server.address();
    this.address =
      bound === null || typeof bound === 'string'
        ? { host: '0.0.0.0', port: 0 }
        : { host: bound.address, port: bound.port };
  }

  /** The server's own callback waits for accepted connections too; the port is free before. */
  async close(): Promise<void> {
    if (this.#server.listening) this.#server.close();
  }
}
