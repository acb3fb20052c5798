const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A channel that has failed for so long loses what has waited for so long, in milliseconds. */
export const GIVE_UP_MS = 24 * HOUR;

/** But not before so many attempts in a row: the clock may have been set, or the bot away. */
export const LEAST_FAILURES = 10;

const FIRST_MS = 30 * SECOND;

/** How long a channel rests after so many failures in a row (1 or more), in milliseconds: 30 s, doubling up to an hour. */
export function retryDelay(failures: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 20), HOUR);
}
