import type { DatagramSocket } from '../datagram.ts';
import type { Address } from '../transport.ts';
import { isLoopback, isMulticast } from './ip.ts';
import { type NetCore, tripMs } from './net-core.ts';

interface BoundPort {
  readonly address: Address;
  release(): void;
}

/**
 * A UDP socket in a virtual network. Datagrams may overtake each other when the link has jitter; one to a multicast
 * group reaches every host's socket on that port. Firewalls concern connections only: they let answers through, and
 * whether a datagram is one cannot be seen from it.
 */
export class VirtualDatagramSocket implements DatagramSocket {
  readonly address: Address;
  readonly #core: NetCore;
  readonly #ip: string;
  readonly #onMessage: (bytes: Uint8Array, from: Address) => void;
  readonly #bound: BoundPort;
  #closed = false;

  constructor(
    core: NetCore,
    ip: string,
    onMessage: (bytes: Uint8Array, from: Address) => void,
    bind: (socket: VirtualDatagramSocket) => BoundPort,
  ) {
    this.#core = core;
    this.#ip = ip;
    this.#onMessage = onMessage;
    this.#bound = bind(this);
    this.address = this.#bound.address;
  }

  send(bytes: Uint8Array, to: Address): void {
    if (this.#closed) return;
    const copy = Buffer.from(bytes);
    for (const target of this.#targets(to)) this.#sendOne(copy, to, target);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#bound.release();
  }

  #targets(to: Address): string[] {
    const ip = isLoopback(to.host) ? this.#ip : this.#core.resolve(to.host);
    if (ip === undefined) return [];
    return isMulticast(ip) ? [...this.#core.hosts.keys()] : [ip];
  }

  #sendOne(bytes: Uint8Array, to: Address, targetIp: string): void {
    const core = this.#core;
    if (core.datagramLoss > 0 && core.random.float() < core.datagramLoss) return;
    const link = core.link(this.#ip, targetIp);
    const from = { host: this.#ip, port: this.address.port };
    core.clock.setTimeout(
      () => {
        const host = core.hosts.get(targetIp);
        if (host === undefined || link.cut) return;
        const receiver = host.receiver({ host: isMulticast(to.host) ? targetIp : to.host, port: to.port });
        if (receiver === undefined || receiver.#closed) return;
        core.counters.datagrams++;
        receiver.#onMessage(Buffer.from(bytes), from);
      },
      tripMs(core, link),
    );
  }
}
