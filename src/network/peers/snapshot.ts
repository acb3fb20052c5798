import type { Abuse, AbuseCounters } from './abuse.ts';
import type { Dialer } from './dialer.ts';
import type { Greeter } from './greeter.ts';
import type { LinkTable } from './link-table.ts';
import type { DialPriority, PeerType } from './peer-link.ts';
import { type PeerLimits, RANKS } from './peer-options.ts';

/** Addresses named in a snapshot, those with most connections first. */
const MAX_HOSTS = 10;

/** Peer connections as data, for people and metrics. */
export interface PeersSnapshot {
  readonly accepted: {
    readonly open: number;
    /** Of these, still without an init message. */
    readonly waiting: number;
    readonly peak: number;
    readonly limit: number;
    /** The addresses with most connections, most first. */
    readonly hosts: readonly { readonly host: string; readonly open: number }[];
  };
  readonly outgoing: {
    /** Sockets, those being opened included. */
    readonly open: number;
    readonly halfOpen: number;
    readonly peakOpen: number;
    readonly peakHalfOpen: number;
    readonly limit: number;
    /** Attempts that only wait for the peer to connect to us. */
    readonly parked: number;
    readonly queued: Readonly<Record<DialPriority, number>>;
    readonly attempts: number;
    /** Tokens that a peer may still pierce with. */
    readonly tokens: number;
  };
  readonly links: Readonly<Record<PeerType, number>>;
  /** Addresses remembered, deadlines set, and bytes of frames that have not come completely. */
  readonly addresses: number;
  readonly deadlines: number;
  readonly heldBytes: number;
  readonly abuse: Readonly<Partial<Record<Abuse, number>>>;
}

export function snapshotOf(parts: {
  limits: PeerLimits;
  greeter: Greeter;
  dialer: Dialer;
  table: LinkTable;
  abuse: AbuseCounters;
  addresses: number;
  deadlines: number;
  heldBytes: number;
}): PeersSnapshot {
  const { limits, greeter, dialer, table } = parts;
  const { queue } = dialer;
  const hosts = [...greeter.perHost]
    .map(([host, open]) => ({ host, open }))
    .sort((a, b) => b.open - a.open)
    .slice(0, MAX_HOSTS);
  const queued = Object.fromEntries(RANKS.map((priority, rank) => [priority, queue.sizeOf(rank)]));
  return {
    accepted: {
      open: greeter.open,
      waiting: greeter.waiting,
      peak: greeter.peak,
      limit: limits.accepted,
      hosts,
    },
    outgoing: {
      open: queue.open,
      halfOpen: queue.halfOpen,
      peakOpen: queue.peakOpen,
      peakHalfOpen: queue.peakHalfOpen,
      limit: limits.open,
      parked: queue.parked,
      queued: queued as Record<DialPriority, number>,
      attempts: dialer.size,
      tokens: dialer.tokens,
    },
    links: { P: table.count('P'), D: table.count('D'), F: table.count('F') },
    addresses: parts.addresses,
    deadlines: parts.deadlines,
    heldBytes: parts.heldBytes,
    abuse: parts.abuse.snapshot(),
  };
}
