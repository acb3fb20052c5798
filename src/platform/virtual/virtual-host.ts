import type { Datagram, DatagramSocket } from '../datagram.ts';
import {
  type Address,
  type Connection,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type Transport,
  TransportError,
} from '../transport.ts';
import { dial } from './dial.ts';
import { isLoopback, isPort } from './ip.ts';
import type { NetCore } from './net-core.ts';
import { PortTable } from './port-table.ts';
import type { VirtualConnection } from './virtual-connection.ts';
import { VirtualDatagramSocket } from './virtual-datagram-socket.ts';

/** A machine in a virtual network: the network as its programs see it. */
export class VirtualHost implements Transport, Datagram {
  readonly ip: string;
  /** Connections from other hosts are swallowed: whoever tries runs into its timeout. Those already open stay. */
  firewalled = false;
  readonly #core: NetCore;
  readonly #tcp = new PortTable<(connection: Connection) => void>();
  readonly #udp = new PortTable<VirtualDatagramSocket>();
  readonly #ends = new Set<VirtualConnection>();
  readonly #dials = new Set<(error: TransportError) => void>();

  constructor(core: NetCore, ip: string) {
    this.#core = core;
    this.ip = ip;
  }

  /** This host's ends of its open connections. */
  get connections(): ReadonlySet<VirtualConnection> {
    return this.#ends;
  }

  /** Attempts to connect that are under way. */
  get dials(): number {
    return this.#dials.size;
  }

  /** Open TCP listeners. */
  get listeners(): number {
    return this.#tcp.bound;
  }

  async connect(options: ConnectOptions): Promise<Connection> {
    return dial(this.#core, this, options);
  }

  async listen(options: ListenOptions, onConnection: (connection: Connection) => void): Promise<Listener> {
    const { host, port } = this.#bindable(options);
    const binding = this.#tcp.bind(host, port, onConnection);
    return {
      address: { host, port: binding.port },
      close: async () => binding.release(),
    };
  }

  async bind(at: Address, onMessage: (bytes: Uint8Array, from: Address) => void): Promise<DatagramSocket> {
    const { host, port } = this.#bindable(at);
    return new VirtualDatagramSocket(this.#core, this.ip, onMessage, (socket) => {
      const binding = this.#udp.bind(host, port, socket);
      return { address: { host, port: binding.port }, release: binding.release };
    });
  }

  /**
   * As if its processes were killed: their connections are reset and report nothing to them, attempts to connect fail
   * with ABORT_ERR, ports are free again. The host itself stays; what is started on it afterwards works.
   */
  crash(): void {
    this.#tcp.clear();
    this.#udp.clear();
    const error = new TransportError('ABORT_ERR', 'The process was killed');
    for (const abandon of [...this.#dials]) abandon(error);
    for (const end of [...this.#ends]) end.crash();
  }

  /** Who accepts connections to this address of the host, if anybody. */
  acceptor(to: Address): ((connection: Connection) => void) | undefined {
    return this.#tcp.find(to.host, to.port);
  }

  /** Who receives datagrams to this address of the host; for a multicast group everybody on the port does. */
  receiver(to: Address): VirtualDatagramSocket | undefined {
    return this.#udp.find(to.host, to.port);
  }

  opened(end: VirtualConnection): void {
    this.#ends.add(end);
  }

  closed(end: VirtualConnection): void {
    this.#ends.delete(end);
    if (end.isClient) this.#tcp.releaseOutgoing(end.local.port);
  }

  /** @returns call it when the attempt is over. */
  beginDial(abandon: (error: TransportError) => void): () => void {
    this.#dials.add(abandon);
    return () => this.#dials.delete(abandon);
  }

  /** A port for an outgoing connection; given back when the connection closes. */
  takePort(): number {
    return this.#tcp.takeOutgoing();
  }

  returnPort(port: number): void {
    this.#tcp.releaseOutgoing(port);
  }

  #bindable(at: Address): Address {
    const host = at.host === '0.0.0.0' ? at.host : this.#core.resolve(at.host);
    if (host === undefined) throw new TransportError('ENOTFOUND', `No address for ${at.host}`);
    if (host !== '0.0.0.0' && host !== this.ip && !isLoopback(host)) {
      throw new TransportError('EADDRNOTAVAIL', `${host} is not an address of ${this.ip}`);
    }
    if (!isPort(at.port)) {
      throw new TransportError('ERR_SOCKET_BAD_PORT', `${at.port} is not a port`);
    }
    return { host, port: at.port };
  }
}
