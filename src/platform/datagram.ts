import type { Address } from './transport.ts';

/** A bound UDP socket. */
export interface DatagramSocket {
  readonly address: Address;
  /** Sends one datagram; loss is normal and not reported. */
  send(bytes: Uint8Array, to: Address): void;
  close(): Promise<void>;
}

/** UDP as everything above the platform sees it (port mapping needs it). */
export interface Datagram {
  /** Binds; port 0 lets the system choose. Rejects with a TransportError. */
  bind(at: Address, onMessage: (bytes: Uint8Array, from: Address) => void): Promise<DatagramSocket>;
}
