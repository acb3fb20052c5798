import { PluginError } from './errors.ts';

/** Milliseconds, or a text such as `'5m'`, `'1h30m'`, `'250ms'`, `'1.5h'`. Units: ms, s, m, h, d, w. */
export type DurationInput = number | string;

/** From large to small; a text names them in this order, each at most once. */
const UNITS = [
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** Whoever waits longer than this made a mistake; it also keeps sums with the time of day exact. */
const LONGEST_MS = 100 * 365 * 86_400_000;

const PART = /(\d+(?:\.\d+)?)\s*(ms|[wdhms])\s*/iy;

/**
 * Reads a duration.
 * @returns milliseconds, a whole number from 0 to a hundred years; undefined when it is no duration. A bare number as
 * text (`'10'`) is none: it does not say of what.
 */
export function parseDuration(text: string): number | undefined {
  const source = text.trim();
  let total = 0;
  let next = 0;
  let at = 0;
  if (source === '') return undefined;
  while (at < source.length) {
    PART.lastIndex = at;
    const match = PART.exec(source);
    if (match === null) return undefined;
    const index = UNITS.findIndex(([unit]) => unit === match[2]!.toLowerCase());
    if (index < next) return undefined;
    next = index + 1;
    total += Number(match[1]) * UNITS[index]![1];
    at = PART.lastIndex;
  }
  const ms = Math.round(total);
  return ms <= LONGEST_MS ? ms : undefined;
}

/** Writes a duration so that {@link parseDuration} reads the same milliseconds: `5400000` is `1h30m`. */
export function formatDuration(ms: number): string {
  let left = Math.round(ms);
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    if (count === 0) continue;
    text += `${count}${unit}`;
    left -= count * size;
  }
  return text === '' ? '0s' : text;
}

/**
 * Milliseconds of a duration given by a plugin.
 * @throws PluginError `invalid` when it is none.
 */
export function toMs(input: DurationInput): number {
  const ms = typeof input === 'string' ? parseDuration(input) : input;
  if (ms === undefined || !Number.isFinite(ms) || ms < 0 || ms > LONGEST_MS) {
    throw new PluginError(
      'invalid',
      `${JSON.stringify(input)} is not a duration: give milliseconds or e.g. "5m", "1h30m"`,
    );
  }
  return Math.round(ms);
}
