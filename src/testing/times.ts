import { type DurationInput, parseDuration } from '../plugins/api/duration.ts';

/** @returns milliseconds since the epoch. @throws RangeError for what is no time. */
export function timeOf(at: string | number): number {
  const time = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(time))
    throw new RangeError(`${JSON.stringify(at)} is not a time: say "2026-01-01T00:00:00Z"`);
  return time;
}

/** @returns milliseconds. @throws RangeError for what is no duration. */
export function ms(duration: DurationInput): number {
  const parsed = typeof duration === 'number' ? duration : parseDuration(duration);
  if (parsed === undefined)
    throw new RangeError(`${JSON.stringify(duration)} is not a duration: say "5m" or "1h30m"`);
  return parsed;
}
