/** How bytes travel between two hosts, each way. */
export interface LinkSettings {
  /** One-way delay in milliseconds, 0 or more. */
  readonly latencyMs?: number;
  /** Up to this many milliseconds are added at random to each delay. Order within a connection stays. */
  readonly jitterMs?: number;
  /** Speed of one direction of one connection. `Infinity` for no limit. */
  readonly bytesPerSecond?: number;
}

/** The path between two hosts, shared by all their connections, so that a change reaches those already open. */
export interface Link {
  latencyMs: number;
  jitterMs: number;
  bytesPerSecond: number;
  /** Nothing gets through; what was sent waits and is sent again once the link is healed. */
  cut: boolean;
}
