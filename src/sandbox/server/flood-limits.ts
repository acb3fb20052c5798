/** More than `count` events within `withinMs` trip the limit. */
export interface RateLimit {
  readonly count: number;
  readonly withinMs: number;
}

/**
 * What the sandbox takes for flooding. The real server's limits are unknown: it only ever says that one was
 * exceeded. These numbers are ours and unmeasured; each lies above what a polite client does in its worst minute
 * and below what a loop without pacing does in its first.
 */
export interface FloodLimits {
  /** Lines of one user over all rooms; every limit of the list holds. */
  readonly roomLines: readonly RateLimit[];
  /** Private lines of one user over all receivers; a line to many counts once per receiver. */
  readonly privateLines: readonly RateLimit[];
  /** The same text to the same room or person, with nothing else between. */
  readonly identicalLines: RateLimit;
  /** Searches of every scope, wishes included. */
  readonly searches: RateLimit;
  readonly identicalSearches: RateLimit;
  /** Successful logins of one account. */
  readonly logins: RateLimit;
  /** Connections from one address. Loopback addresses are never counted: there, everybody shares one. */
  readonly connections: RateLimit;
  /** How long a ban lasts. */
  readonly banMinutes: number;
  /** Whether the address is banned with the account. Loopback addresses never are. */
  readonly banAddress: boolean;
}

/** Field reports put the real search limit near 35 in 220 s; the others are guesses. */
export const DEFAULT_FLOOD_LIMITS: FloodLimits = {
  roomLines: [
    { count: 20, withinMs: 10_000 },
    { count: 60, withinMs: 60_000 },
  ],
  privateLines: [
    { count: 20, withinMs: 10_000 },
    { count: 60, withinMs: 60_000 },
  ],
  identicalLines: { count: 4, withinMs: 60_000 },
  searches: { count: 36, withinMs: 220_000 },
  identicalSearches: { count: 5, withinMs: 60_000 },
  logins: { count: 10, withinMs: 60_000 },
  connections: { count: 30, withinMs: 60_000 },
  banMinutes: 30,
  banAddress: true,
};
