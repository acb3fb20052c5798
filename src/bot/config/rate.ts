import { formatDuration, parseDuration } from '../../plugins/api/duration.ts';

/** So many in so long a time, and how many at once after a quiet time. */
export interface Rate {
  /** 1 or more. */
  readonly count: number;
  /** Milliseconds, 1 or more. */
  readonly perMs: number;
  readonly burst?: number;
}

const RATE = /^\s*(\d{1,9})\s*\/\s*(\S[^b]*?)\s*(?:\bburst\s+(\d{1,9})\s*)?$/;

/** The form of a rate, for editors. */
export const RATE_PATTERN = '^\\s*\\d{1,9}\\s*/\\s*[0-9.wdhms ]+(burst\\s+\\d{1,9}\\s*)?$';

/** Reads `30/220s burst 3`, `1/3s`, `50/1s`, `1/s`. @returns undefined when it is no rate. */
export function parseRate(text: string): Rate | undefined {
  const match = RATE.exec(text);
  if (match === null) return undefined;
  const [, count, per, burst] = match;
  const perMs = parseDuration(/^\d/.test(per!) ? per! : `1${per}`);
  const rate = {
    count: Number(count),
    perMs: perMs ?? 0,
    ...(burst !== undefined && { burst: Number(burst) }),
  };
  return rate.count >= 1 && rate.perMs >= 1 && rate.burst !== 0 ? rate : undefined;
}

/** Writes a rate so that {@link parseRate} reads the same. */
export function formatRate(rate: Rate): string {
  const burst = rate.burst === undefined ? '' : ` burst ${rate.burst}`;
  return `${rate.count}/${formatDuration(rate.perMs)}${burst}`;
}

/** Reads `5s..5m`: a least and a most, in milliseconds. @returns undefined when it is no such span. */
export function parseSpan(text: string): readonly [leastMs: number, mostMs: number] | undefined {
  const [least, most, more] = text.split('..').map((part) => parseDuration(part));
  if (least === undefined || most === undefined || more !== undefined || least > most) return undefined;
  return text.split('..').length === 2 ? [least, most] : undefined;
}
