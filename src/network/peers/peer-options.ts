import type { DialPriority } from './peer-link.ts';

/** Budgets and times of peer connections. Times in milliseconds. */
export interface PeerLimits {
  /** Connections that peers opened, at a time; beyond that they are refused. See {@link acceptedBudget}. */
  readonly accepted: number;
  /** Of these at most so many from one address. Loopback is not limited. */
  readonly acceptedPerHost: number;
  /** Connections that we opened, at a time, those being opened included. */
  readonly open: number;
  /** Attempts to open one, at a time. */
  readonly halfOpen: number;
  /** Attempts begun in any second. */
  readonly dialsPerSecond: number;
  /** Attempts that wait for their turn. */
  readonly queued: number;
  /** Attempts that need no socket of ours any more but wait for the peer to connect to us. */
  readonly waiting: number;
  /** Connections of type P under one name, at a time; more than one only while one replaces another. */
  readonly perUser: number;
  /** Questions for an address, asked to verify a name, at a time. */
  readonly verifying: number;
  /** Bytes of incomplete frames, over all connections. */
  readonly partialBytes: number;
  /** From accepting to a whole init message. [Nicotine+: 10 s] */
  readonly initMs: number;
  /** A TCP connection that is not made by then will not be: two repetitions of the first packet. [Nicotine+: 2 s, aioslsk: 10 s] */
  readonly dialMs: number;
  /** How long a peer may take to connect to us at our request, and we at its. [Nicotine+: 20 s] */
  readonly indirectMs: number;
  /** A connection without traffic is closed. [Nicotine+: 60 s] */
  readonly idleMs: number;
  /** The same until the first frame after init. [Nicotine+: 10 s] */
  readonly silentMs: number;
  /** The same after it brought what it came for. */
  readonly finishedMs: number;
  /** A connection that was replaced is still read for that long without traffic. */
  readonly retiredMs: number;
  /** What still waits when we close a connection has that long to leave. */
  readonly closingMs: number;
  /** An address that the server gave is used again for that long. */
  readonly addressMs: number;
  /** Two connections opened toward each other within that time are a race, and not one the successor of the other. */
  readonly raceMs: number;
  /** So long after a peer brought a result directly, its request to be connected to is taken for a late twin of that. */
  readonly twinMs: number;
}

/** The defaults of DESIGN §4; timers follow Nicotine+ where nothing else is said. */
export const defaultPeerLimits: PeerLimits = {
  accepted: 2048,
  acceptedPerHost: 64,
  open: 256,
  halfOpen: 64,
  dialsPerSecond: 100,
  queued: 4096,
  waiting: 1024,
  perUser: 4,
  verifying: 64,
  partialBytes: 128 * 1024 * 1024,
  initMs: 10_000,
  dialMs: 4_000,
  indirectMs: 20_000,
  idleMs: 60_000,
  silentMs: 10_000,
  finishedMs: 1_000,
  retiredMs: 2_000,
  closingMs: 2_000,
  addressMs: 5 * 60_000,
  raceMs: 3_000,
  twinMs: 30_000,
};

/** How many connections may be accepted by a process that may have so many descriptors: two thirds, 2,048 at most. */
export const acceptedBudget = (descriptors: number | undefined): number =>
  Math.min(2048, Math.floor(((descriptors ?? Number.POSITIVE_INFINITY) * 2) / 3));

/** First to be served first. */
export const RANKS: readonly DialPriority[] = ['person', 'tree', 'transfer', 'answer'];

/** The share of the outgoing budgets that a priority may fill: the rest is kept free for those above it. */
export const SHARES: readonly number[] = [1, 15 / 16, 7 / 8, 3 / 4];
