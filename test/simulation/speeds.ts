import type { Random } from '../../src/platform/random.ts';

/** Bytes per second that one child takes by the stricter of the known formulas, with the usual ratio of 50. */
const PER_CHILD = 5120;

/**
 * Upload speeds as the server knows them, in bytes per second: a quarter of the users never uploaded anything and can
 * carry nobody, a few have fast lines, and most are in between. No two are equal, unless they are 0.
 */
export function uploadSpeeds(random: Random, nodes: number): number[] {
  const speeds: number[] = [];
  for (let i = 0; i < nodes; i++) {
    const kind = random.float();
    if (i === 0) speeds.push(10_000_000);
    else if (kind < 0.25) speeds.push(0);
    // Evenly over the orders of magnitude, from one child to far more than anybody wants.
    else speeds.push(Math.floor(PER_CHILD * 1.5 * 500 ** random.float()) + i);
  }
  return speeds;
}
