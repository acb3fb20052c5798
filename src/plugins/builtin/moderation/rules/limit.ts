import { formatDuration, parseDuration } from '../../../api/index.ts';

/** So many in so long. */
export interface Limit {
  readonly count: number;
  readonly withinMs: number;
}

/** Rules look back an hour at most, and twice as far as their limit says to see whether something goes on. */
const LONGEST_MS = 30 * 60_000;

/** So many lines at most are looked at. */
export const FULL = 200;

const LIMIT = /^\s*(\d{1,3})\s*:\s*(.+)$/;

/** Reads `8:10s`; seconds may be left out: `8:10`. */
export function parseLimit(text: string): Limit | undefined {
  const [, count, rest = ''] = LIMIT.exec(text) ?? [];
  const withinMs = /^\d+$/.test(rest.trim()) ? Number(rest) * 1_000 : parseDuration(rest);
  if (count === undefined || withinMs === undefined) return undefined;
  if (Number(count) < 1 || withinMs < 1_000 || withinMs > LONGEST_MS) return undefined;
  return { count: Number(count), withinMs };
}

/** A limit of the config, which was checked when it was read. */
export function limitOf(text: string): Limit {
  return parseLimit(text) ?? { count: Infinity, withinMs: 1_000 };
}

/** What is wrong with a limit, as a sentence without an end; undefined: nothing. */
export function limitProblem(text: string): string | undefined {
  if (parseLimit(text) !== undefined) return undefined;
  return `${JSON.stringify(text)} is no limit: write how many in how long, such as "8:10s", up to 999 in ${formatDuration(LONGEST_MS)}`;
}

/** What is counted, and when it happened. */
export interface Counted {
  readonly at: number;
  readonly weight: number;
}

/** Something that counts once. */
export const one = ({ at }: { readonly at: number }): Counted => ({ at, weight: 1 });

/** How much there is with the last of them, within the limit's time. */
export function amountAt(counted: readonly Counted[], withinMs: number): number {
  const at = counted.at(-1)?.at ?? 0;
  return counted.reduce((sum, one) => (at - one.at < withinMs ? sum + one.weight : sum), 0);
}

/**
 * Whether the last of these is to be objected to: the one that goes over the limit, and while it goes on one in every stretch
 * of the limit's time. So one flood is a few objections and not a thousand, and nothing needs to be remembered.
 * @param counted of the last twice the limit's time, oldest first
 * @param was how much there was with the one before; unless what counts depends on the last it need not be given
 */
export function isOver(
  counted: readonly Counted[],
  { count, withinMs }: Limit,
  was = amountAt(counted.slice(0, -1), withinMs),
): boolean {
  if (amountAt(counted, withinMs) < count) return false;
  const [last, before] = [counted.at(-1)!, counted.at(-2)];
  if (was < count || before === undefined || last.at - before.at >= withinMs) return true;
  if (Math.floor(before.at / withinMs) === Math.floor(last.at / withinMs)) return false;
  // It went on through a whole stretch. More than can be looked at went on as well.
  const earlier = counted.filter(({ at }) => last.at - at >= withinMs);
  return counted.length > FULL || earlier.reduce((sum, { weight }) => sum + weight, 0) >= count;
}
