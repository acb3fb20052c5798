import { createSocket, type Socket } from 'node:dgram';
import type { Datagram, DatagramSocket } from '../datagram.ts';
import type { Log } from '../log.ts';
import { nullLog } from '../null-log.ts';
import type { Address } from '../transport.ts';
import { toTransportError } from './transport-error.ts';

export interface UdpDatagramOptions {
  /** Told, at debug level, what the system says about a socket that is bound. @default a log that keeps nothing */
  readonly log?: Log;
}

/** UDP over IPv4, by the system. */
export class UdpDatagram implements Datagram {
  readonly #log: Log;

  constructor(options: UdpDatagramOptions = {}) {
    this.#log = options.log ?? nullLog;
  }

  bind(at: Address, onMessage: (bytes: Uint8Array, from: Address) => void): Promise<DatagramSocket> {
    return new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      const fail = (error: unknown) => {
        socket.close();
        reject(toTransportError(error));
      };
      socket.once('error', fail);
      socket.on('message', (bytes, from) => onMessage(bytes, { host: from.address, port: from.port }));
      try {
        socket.bind({ address: at.host, port: at.port }, () => {
          socket.off('error', fail);
          socket.on('error', (error) =>
            this.#log.debug('A UDP socket reported an error', { error: error.message }),
          );
          resolve(new UdpSocket(socket));
        });
      } catch (error) {
        fail(error);
      }
    });
  }
}

class UdpSocket implements DatagramSocket {
  readonly address: Address;
  readonly #socket: Socket;
  #closing: Promise<void> | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    const { address, port } = socket.address();
    this.address = { host: address, port };
  }

  send(bytes: Uint8Array, to: Address): void {
    if (this.#closing !== undefined) return;
    try {
      // Without a callback a name that cannot be resolved would be an 'error' of the whole socket.
      this.#socket.send(bytes, to.port, to.host, () => {});
    } catch {
      // An impossible port is as lost as any other datagram.
    }
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => this.#socket.close(() => resolve()));
    return this.#closing;
  }
}
