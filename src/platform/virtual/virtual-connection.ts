import { type Address, type Connection, type ConnectionEvents, TransportError } from '../transport.ts';
import type { Link } from './link.ts';
import type { NetCore } from './net-core.ts';
import { Pipe, type PipeSink, type PipeSource } from './pipe.ts';
import type { VirtualHost } from './virtual-host.ts';

/** One of the two who are connected. */
interface Party {
  readonly host: VirtualHost;
  readonly address: Address;
}

/** One end of a connection in a virtual network. */
export class VirtualConnection implements Connection, PipeSink, PipeSource {
  readonly local: Address;
  readonly remote: Address;
  /** The host whose end this is. */
  readonly host: VirtualHost;
  /** This end asked for the connection. */
  readonly isClient: boolean;
  readonly #core: NetCore;
  readonly #in: Pipe;
  readonly #out: Pipe;
  #other!: VirtualConnection;
  #events: ConnectionEvents | undefined;
  #paused = false;
  #ended = false;
  #remoteEnded = false;
  #closed = false;
  #error: Error | undefined;
  #bytesRead = 0;

  private constructor(
    core: NetCore,
    self: Party,
    remote: Address,
    isClient: boolean,
    incoming: Pipe,
    outgoing: Pipe,
  ) {
    this.#core = core;
    this.host = self.host;
    this.local = self.address;
    this.remote = remote;
    this.isClient = isClient;
    this.#in = incoming;
    this.#out = outgoing;
  }

  /**
   * Makes both ends of a connection.
   * @param openAt when the connecting side learns that it is connected (monotonic).
   */
  static pair(
    core: NetCore,
    link: Link,
    from: Party,
    to: Party,
    openAt: number,
  ): [client: VirtualConnection, server: VirtualConnection] {
    const forth = new Pipe(core, link, core.clock.monotonic());
    const back = new Pipe(core, link, openAt);
    const client = new VirtualConnection(core, from, to.address, true, back, forth);
    const server = new VirtualConnection(core, to, from.address, false, forth, back);
    client.#other = server;
    server.#other = client;
    forth.join(client, server);
    back.join(server, client);
    core.counters.connections++;
    from.host.opened(client);
    to.host.opened(server);
    return [client, server];
  }

  get other(): VirtualConnection {
    return this.#other;
  }

  get bufferedBytes(): number {
    return this.#out.buffered;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get readable(): boolean {
    return this.#events !== undefined && !this.#paused && !this.#closed;
  }

  start(events: ConnectionEvents): void {
    if (this.#events !== undefined) throw new Error('A connection is started once');
    this.#events = events;
    if (this.#closed) this.#reportClose();
    else this.#in.arm();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#closed || this.#ended) return false;
    return this.#out.write(bytes);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#in.arm();
  }

  end(): void {
    if (this.#closed || this.#ended) return;
    this.#ended = true;
    this.#out.end();
    this.#closeIfDone();
  }

  destroy(error?: Error): void {
    if (this.#closed) return;
    // As a kernel does: closing with unread data tells the other side that data was lost.
    if (this.#in.hasUnread) this.#out.reset();
    else this.#out.abandon();
    this.#close(error);
    this.#in.arm();
  }

  /** Both directions end now, with `error`; nothing under way arrives. */
  fail(error: Error): void {
    if (this.#closed) return;
    this.#out.clear();
    this.#in.clear();
    this.#close(error);
  }

  /** The process behind this end died: it hears nothing more, the other side is reset. */
  crash(): void {
    if (this.#closed) return;
    this.#events = undefined;
    this.#out.reset();
    this.#close(undefined);
  }

  healed(): void {
    this.#in.healed();
    this.#out.healed();
  }

  onBytes(chunk: Uint8Array): void {
    this.#bytesRead += chunk.length;
    this.#events?.onData(chunk);
  }

  onFin(): void {
    this.#remoteEnded = true;
    if (this.#events?.onEnd === undefined) this.end();
    else this.#events.onEnd();
    this.#closeIfDone();
  }

  onReset(): void {
    if (this.#closed) return;
    this.#out.clear();
    this.#close(
      new TransportError('ECONNRESET', `Connection reset by ${this.remote.host}:${this.remote.port}`),
    );
  }

  refuse(): void {
    this.#out.reset();
  }

  onDrained(): void {
    if (!this.#closed) this.#events?.onDrain?.();
  }

  onAllSent(): void {
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (!this.#closed && this.#remoteEnded && this.#out.finSent) this.#close(undefined);
  }

  #close(error: Error | undefined): void {
    this.#closed = true;
    this.#error = error;
    this.host.closed(this);
    if (this.#other.#closed) this.#core.counters.connections--;
    if (this.#events !== undefined) this.#reportClose();
  }

  #reportClose(): void {
    this.#core.clock.setTimeout(() => this.#events?.onClose(this.#error), 0);
  }
}
