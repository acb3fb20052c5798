import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Link } from './link.ts';
import type { VirtualHost } from './virtual-host.ts';

/** What the parts of a virtual network share; `VirtualNet` owns it. */
export interface NetCore {
  readonly clock: Clock;
  readonly random: Random;
  readonly maxSegment: number;
  readonly highWaterMark: number;
  readonly windowBytes: number;
  readonly datagramLoss: number;
  readonly hosts: ReadonlyMap<string, VirtualHost>;
  readonly counters: NetCounters;
  link(a: string, b: string): Link;
  /** The IPv4 address behind a name or address; undefined when unknown. */
  resolve(name: string): string | undefined;
}

export interface NetCounters {
  connections: number;
  connects: number;
  bytes: number;
  datagrams: number;
}

/** One trip over a link in milliseconds, jitter included. */
export function tripMs(core: NetCore, link: Link): number {
  return link.latencyMs + (link.jitterMs > 0 ? core.random.float() * link.jitterMs : 0);
}
