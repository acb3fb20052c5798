import type { Connection, Listener, Transport } from '../../platform/transport.ts';
import type { PeerBehaviour } from './behaviour.ts';

/** What is announced; 0: none. */
export interface Ports {
  readonly plain: number;
  readonly obfuscated: number;
}

/** Announced by whoever cannot be reached: nobody listens there. */
const FIREWALLED: Ports = { plain: 2234, obfuscated: 2235 };

/** The ports at which a peer listens. */
export class Doors {
  readonly #transport: Transport;
  readonly #host: string;
  readonly #wished: Ports;
  readonly #onConnection: (connection: Connection, obfuscated: boolean) => void;
  #listeners: Listener[] = [];
  #ports: Ports = { plain: 0, obfuscated: 0 };

  /** @param wished 0 lets the system choose. */
  constructor(
    transport: Transport,
    host: string,
    wished: Ports,
    onConnection: (connection: Connection, obfuscated: boolean) => void,
  ) {
    this.#transport = transport;
    this.#host = host;
    this.#wished = wished;
    this.#onConnection = onConnection;
  }

  get ports(): Ports {
    return this.#ports;
  }

  /** Opens what the behaviour wants, unless it is open. Rejects with a TransportError. */
  async open({ listens, firewalled }: PeerBehaviour): Promise<void> {
    if (this.#listeners.length > 0) return;
    const plain = listens === 'plain' || listens === 'both';
    const obfuscated = listens === 'obfuscated' || listens === 'both';
    this.#ports = firewalled
      ? { plain: plain ? FIREWALLED.plain : 0, obfuscated: obfuscated ? FIREWALLED.obfuscated : 0 }
      : {
          plain: plain ? await this.#listen(this.#wished.plain, false) : 0,
          obfuscated: obfuscated ? await this.#listen(this.#wished.obfuscated, true) : 0,
        };
  }

  async close(): Promise<void> {
    const listeners = this.#listeners;
    this.#listeners = [];
    await Promise.all(listeners.map((listener) => listener.close()));
  }

  async #listen(port: number, obfuscated: boolean): Promise<number> {
    const listener = await this.#transport.listen({ host: this.#host, port }, (connection) =>
      this.#onConnection(connection, obfuscated),
    );
    this.#listeners.push(listener);
    return listener.address.port;
  }
}
