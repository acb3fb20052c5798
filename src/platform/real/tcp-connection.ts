import type { Socket } from 'node:net';
import type { Address, Connection, ConnectionEvents } from '../transport.ts';
import { toTransportError } from './transport-error.ts';

/** A connected TCP socket. */
export class TcpConnection implements Connection {
  readonly local: Address;
  readonly remote: Address;
  readonly #socket: Socket;
  #events: ConnectionEvents | undefined;
  #paused = false;
  #bytesRead = 0;
  #remoteEnded = false;
  #gone = false;
  #error: Error | undefined;

  /** @param socket connected, half-open allowed, not read from yet. */
  constructor(socket: Socket) {
    this.#socket = socket;
    // The system forgets both once the socket is closed.
    this.local = addressOf(socket.localAddress, socket.localPort);
    this.remote = addressOf(socket.remoteAddress, socket.remotePort);
    socket.on('error', (error) => {
      this.#error ??= toTransportError(error);
    });
    // An end without data before it is reported even while nobody reads.
    socket.on('end', () => {
      this.#remoteEnded = true;
      this.#reportEnd();
    });
    socket.on('close', () => {
      this.#gone = true;
      this.#events?.onClose(this.#error);
    });
  }

  get bufferedBytes(): number {
    return this.#socket.destroyed ? 0 : this.#socket.writableLength;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  get closed(): boolean {
    return this.#socket.destroyed;
  }

  start(events: ConnectionEvents): void {
    if (this.#events !== undefined) throw new Error('A connection is started once');
    this.#events = events;
    if (this.#gone) {
      process.nextTick(() => events.onClose(this.#error));
      return;
    }
    const socket = this.#socket;
    socket.on('drain', () => events.onDrain?.());
    if (this.#remoteEnded) process.nextTick(() => this.#reportEnd());
    // Before the listener: a socket that is explicitly paused does not start to flow because of one.
    if (this.#paused) socket.pause();
    socket.on('data', (chunk: Buffer) => {
      this.#bytesRead += chunk.length;
      events.onData(chunk);
    });
  }

  #reportEnd(): void {
    if (this.#events === undefined || this.#socket.destroyed) return;
    if (this.#events.onEnd === undefined) this.#socket.end();
    else this.#events.onEnd();
  }

  write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) return false;
    return socket.write(bytes);
  }

  pause(): void {
    this.#paused = true;
    if (this.#events !== undefined) this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#events !== undefined) this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(error?: Error): void {
    if (this.#socket.destroyed) return;
    // The owner's error goes back to it as it is.
    this.#error ??= error;
    this.#socket.destroy();
  }
}

function addressOf(host: string | undefined, port: number | undefined): Address {
  const mapped = '::ffff:';
  const plain = host?.startsWith(mapped) === true ? host.slice(mapped.length) : host;
  return { host: plain ?? '0.0.0.0', port: port ?? 0 };
}
