import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { TransportError } from '../transport.ts';
import { isIPv4 } from './ip.ts';
import type { Link, LinkSettings } from './link.ts';
import type { NetCore, NetCounters } from './net-core.ts';
import { SeededRandom } from './seeded-random.ts';
import type { VirtualConnection } from './virtual-connection.ts';
import { VirtualHost } from './virtual-host.ts';

export interface VirtualNetOptions extends LinkSettings {
  readonly clock: Clock;
  /** For jitter, loss and segment sizes. @default a generator with a fixed seed */
  readonly random?: Random;
  /** Cuts everything into random pieces of 1 to this many bytes. @default pieces as they come */
  readonly maxSegment?: number;
  /** Bytes in the send buffer above which `write` returns false. @default 16 KiB */
  readonly highWaterMark?: number;
  /** Bytes that leave the send buffer before the receiver has taken them. @default 64 KiB */
  readonly windowBytes?: number;
  /** The share of datagrams that get lost, 0 to 1. @default 0 */
  readonly datagramLoss?: number;
}

export interface NetStats {
  /** Connections of which at least one end is open. */
  readonly connections: number;
  /** Open TCP listeners. */
  readonly listeners: number;
  /** Attempts to connect so far. */
  readonly connects: number;
  /** Bytes delivered over connections so far. */
  readonly bytes: number;
  /** Datagrams delivered so far. */
  readonly datagrams: number;
}

/**
 * An internet in memory: hosts with IPv4 addresses, connections with latency, back-pressure and faults. It runs on any
 * {@link Clock}; with a virtual one, a run repeats exactly from its seed. Latency is 1 ms unless set.
 *
 * Bytes reach the receiver in order; each event comes from a timer of its own, never from inside a call.
 */
export class VirtualNet {
  readonly #hosts = new Map<string, VirtualHost>();
  readonly #names = new Map<string, string>();
  readonly #links = new Map<string, Link>();
  readonly #counters: NetCounters = { connections: 0, connects: 0, bytes: 0, datagrams: 0 };
  readonly #defaults: Required<LinkSettings>;
  readonly #core: NetCore;

  constructor(options: VirtualNetOptions) {
    this.#defaults = {
      latencyMs: options.latencyMs ?? 1,
      jitterMs: options.jitterMs ?? 0,
      bytesPerSecond: options.bytesPerSecond ?? Infinity,
    };
    this.#core = {
      clock: options.clock,
      random: options.random ?? new SeededRandom('virtual net'),
      maxSegment: options.maxSegment ?? Infinity,
      highWaterMark: options.highWaterMark ?? 16_384,
      windowBytes: options.windowBytes ?? 65_536,
      datagramLoss: options.datagramLoss ?? 0,
      hosts: this.#hosts,
      counters: this.#counters,
      link: (a, b) => this.#link(a, b),
      resolve: (name) => this.#resolve(name),
    };
  }

  /** The host with this IPv4 address; made when first asked for. Until then it cannot be reached. */
  host(ip: string): VirtualHost {
    let host = this.#hosts.get(ip);
    if (host === undefined) {
      if (!isIPv4(ip)) throw new RangeError(`Not an IPv4 address: ${ip}`);
      host = new VirtualHost(this.#core, ip);
      this.#hosts.set(ip, host);
    }
    return host;
  }

  /** Makes `name` (case does not matter) resolve to `ip`; undefined takes the name away. */
  name(name: string, ip: string | undefined): void {
    if (ip === undefined) this.#names.delete(name.toLowerCase());
    else this.#names.set(name.toLowerCase(), ip);
  }

  /** Sets how bytes travel between two hosts, also on connections already open. What is not given stays. */
  link(a: string, b: string, settings: LinkSettings): void {
    Object.assign(this.#link(a, b), settings);
  }

  /**
   * Pulls the cable between two hosts, or between one and all others known so far. Nobody is told: open connections
   * fall silent and new ones time out, until {@link heal}.
   */
  cut(a: string, b?: string): void {
    for (const link of this.#between(a, b)) link.cut = true;
  }

  /** Undoes {@link cut}: what was sent meanwhile arrives. */
  heal(a: string, b?: string): void {
    for (const link of this.#between(a, b)) link.cut = false;
    for (const end of this.#ends(a, b)) end.healed();
  }

  /** Cuts between all hosts that are in different groups. */
  partition(...groups: readonly (readonly string[])[]): void {
    groups.forEach((group, index) => {
      const others = groups.slice(index + 1).flat();
      for (const a of group) for (const b of others) this.cut(a, b);
    });
  }

  /** Heals every cut. */
  healAll(): void {
    for (const ip of this.#hosts.keys()) this.heal(ip);
  }

  /** Ends all connections between two hosts, or all of one host: both ends get ECONNRESET at once. */
  reset(a: string, b?: string): void {
    for (const end of this.#ends(a, b)) {
      const other = end.other;
      end.fail(resetError(end));
      other.fail(resetError(other));
    }
  }

  stats(): NetStats {
    let listeners = 0;
    for (const host of this.#hosts.values()) listeners += host.listeners;
    return { ...this.#counters, listeners };
  }

  #link(a: string, b: string): Link {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    let link = this.#links.get(key);
    if (link === undefined) {
      // Written out: a copy by spreading has a shape of its own, which makes every access to it slow.
      const { latencyMs, jitterMs, bytesPerSecond } = this.#defaults;
      link = { latencyMs, jitterMs, bytesPerSecond, cut: false };
      this.#links.set(key, link);
    }
    return link;
  }

  #between(a: string, b: string | undefined): Link[] {
    if (b !== undefined) return [this.#link(a, b)];
    return [...this.#hosts.keys()].filter((ip) => ip !== a).map((ip) => this.#link(a, ip));
  }

  /** One end of each connection between `a` and `b`, or `a` and anybody: that at `a` unless it is closed already. */
  #ends(a: string, b: string | undefined): VirtualConnection[] {
    const ends = [...(this.#hosts.get(a)?.connections ?? [])];
    const others =
      b === undefined ? this.#hosts.values() : [this.#hosts.get(b)].filter((host) => host !== undefined);
    for (const { connections } of others) {
      for (const end of connections) if (end.remote.host === a && end.other.closed) ends.push(end);
    }
    return b === undefined ? ends : ends.filter((end) => end.remote.host === b || end.host.ip === b);
  }

  #resolve(name: string): string | undefined {
    if (isIPv4(name)) return name;
    return this.#names.get(name.toLowerCase()) ?? (name === 'localhost' ? '127.0.0.1' : undefined);
  }
}

function resetError(end: VirtualConnection): TransportError {
  return new TransportError('ECONNRESET', `Connection reset by ${end.remote.host}:${end.remote.port}`);
}
