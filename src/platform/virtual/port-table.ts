import { TransportError } from '../transport.ts';

/** The ports that systems hand out themselves. */
const FIRST = 32_768;
const LAST = 60_999;

interface Entry<T> {
  readonly host: string;
  readonly value: T;
}

export interface Binding {
  readonly port: number;
  /** Frees the port; doing it twice does nothing. */
  readonly release: () => void;
}

/** Who has bound which port of one host. Chosen ports are handed out in ascending order, so runs repeat. */
export class PortTable<T> {
  readonly #entries = new Map<number, Entry<T>[]>();
  readonly #outgoing = new Set<number>();
  #next = FIRST;

  /** Ports bound by {@link bind}. */
  get bound(): number {
    let count = 0;
    for (const entries of this.#entries.values()) count += entries.length;
    return count;
  }

  /**
   * @param port 0 for any free one.
   * @throws TransportError EADDRINUSE.
   */
  bind(host: string, port: number, value: T): Binding {
    const chosen = port === 0 ? this.#free() : port;
    const entries = this.#entries.get(chosen) ?? [];
    if (entries.some((entry) => entry.host === host || entry.host === '0.0.0.0' || host === '0.0.0.0')) {
      throw new TransportError('EADDRINUSE', `Address already in use: ${host}:${chosen}`);
    }
    const entry = { host, value };
    this.#entries.set(chosen, [...entries, entry]);
    return { port: chosen, release: () => this.#release(chosen, entry) };
  }

  /** Who gets what is sent to this address. */
  find(host: string, port: number): T | undefined {
    return this.#entries.get(port)?.find((entry) => entry.host === host || entry.host === '0.0.0.0')?.value;
  }

  /** @throws TransportError EADDRNOTAVAIL when all are taken. */
  takeOutgoing(): number {
    const port = this.#free();
    this.#outgoing.add(port);
    return port;
  }

  releaseOutgoing(port: number): void {
    this.#outgoing.delete(port);
  }

  clear(): void {
    this.#entries.clear();
  }

  #release(port: number, entry: Entry<T>): void {
    const rest = (this.#entries.get(port) ?? []).filter((other) => other !== entry);
    if (rest.length > 0) this.#entries.set(port, rest);
    else this.#entries.delete(port);
  }

  #free(): number {
    for (let tries = FIRST; tries <= LAST; tries++) {
      const port = this.#next;
      this.#next = port === LAST ? FIRST : port + 1;
      if (!this.#entries.has(port) && !this.#outgoing.has(port)) return port;
    }
    throw new TransportError('EADDRNOTAVAIL', 'No free port left');
  }
}
