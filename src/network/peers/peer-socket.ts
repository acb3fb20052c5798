import type { Address, Connection } from '../../platform/transport.ts';
import { FrameSplitter } from '../../protocol/index.ts';

/** The largest init message, in bytes: a name of 256 bytes and some. [Nicotine+ takes 16 KiB] */
const MAX_INIT_BYTES = 1024;

/** Who a socket tells of its events: first whoever waits for the init message, then the link. */
export interface SocketOwner {
  received(chunk: Uint8Array): void;
  drained(): void;
  /** The connection is gone; called once, last. */
  gone(error: Error | undefined): void;
}

/** A started connection whose owner may change. Frees its place in the budgets when it is really gone. */
export class PeerSocket {
  readonly connection: Connection;
  readonly remote: Address;
  /** They opened it at TCP's level, we accepted it. */
  readonly accepted: boolean;
  /** Obfuscated from its first byte. */
  readonly obfuscated: boolean;
  readonly splitter: FrameSplitter;
  readonly #onGone: (socket: PeerSocket) => void;
  #owner: SocketOwner | undefined;

  constructor(
    connection: Connection,
    options: { accepted: boolean; obfuscated: boolean; onGone: (socket: PeerSocket) => void },
  ) {
    this.connection = connection;
    // The system forgets it once the socket is closed.
    this.remote = connection.remote;
    this.accepted = options.accepted;
    this.obfuscated = options.obfuscated;
    this.#onGone = options.onGone;
    this.splitter = new FrameSplitter('init', {
      obfuscated: options.obfuscated,
      capOf: () => MAX_INIT_BYTES,
    });
    connection.start({
      onData: (chunk) => this.#owner?.received(chunk),
      onDrain: () => this.#owner?.drained(),
      onClose: (error) => {
        this.#onGone(this);
        this.#owner?.gone(error);
      },
    });
  }

  /** Events go to `owner` from now on. */
  ownedBy(owner: SocketOwner): void {
    this.#owner = owner;
  }
}
