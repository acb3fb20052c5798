import type { Random } from '../../src/platform/random.ts';

/** One trip, in milliseconds. */
export interface Latencies {
  readonly usersMs: number;
  readonly serverMs: number;
}

/**
 * Another proportion in each world, because it decides who comes first: a connection from us, or the server's request to
 * be connected to. The server is seldom as near as that.
 */
export function someLatencies(random: Random): Latencies {
  return { usersMs: random.int(10, 40), serverMs: random.int(10, 100) };
}
