import type { Log } from '../../platform/log.ts';
import type { Connection, Transport } from '../../platform/transport.ts';
import { ListenError, PeerListener } from './listener.ts';

export interface PortOptions {
  /** Address to bind. */
  readonly host: string;
  /** For plain connections. 0: the system chooses. False: none. */
  readonly port: number | false;
  /**
   * For obfuscated connections. 0: the system chooses. False: none.
   * @default the plain port + 1; if that is taken, none
   */
  readonly obfuscatedPort?: number | false;
}

/** Ports that are bound; 0: none. */
export interface OpenPorts {
  readonly plain: number;
  readonly obfuscated: number;
}

/** The two ports where peers reach us. */
export class Ports {
  readonly #plain: PeerListener;
  readonly #obfuscated: PeerListener;
  readonly #log: Log;

  constructor(options: {
    transport: Transport;
    log: Log;
    accept: (connection: Connection, obfuscated: boolean) => void;
  }) {
    const { transport, log, accept } = options;
    this.#log = log;
    this.#plain = new PeerListener({ transport, log, accept: (connection) => accept(connection, false) });
    this.#obfuscated = new PeerListener({ transport, log, accept: (connection) => accept(connection, true) });
  }

  /** Rejects with a ListenError; then nothing is bound. */
  async open({ host, port, obfuscatedPort }: PortOptions): Promise<void> {
    if (port !== false) await this.#plain.open({ host, port });
    if (obfuscatedPort === false) return;
    const next = this.#plain.port + 1;
    if (obfuscatedPort === undefined && (port === false || next > 65_535)) return;
    try {
      await this.#obfuscated.open({ host, port: obfuscatedPort ?? next });
    } catch (error) {
      if (obfuscatedPort === undefined && error instanceof ListenError) {
        this.#log.warn('no port for obfuscated connections', { port: next, reason: error.code });
        return;
      }
      await this.#plain.close();
      throw error;
    }
  }

  get bound(): OpenPorts {
    return { plain: this.#plain.port, obfuscated: this.#obfuscated.port };
  }

  /** Connections that peers have opened so far. */
  get accepted(): number {
    return this.#plain.accepted + this.#obfuscated.accepted;
  }

  async close(): Promise<void> {
    await Promise.all([this.#plain.close(), this.#obfuscated.close()]);
  }
}
