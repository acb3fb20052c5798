import { CronSchedule } from '../scheduler/cron.ts';
import { Zone } from '../scheduler/zone.ts';

/** A time of day: minutes since midnight, 0 to 1439. */
export type DayTime = number;

/** From one time of day to another, which may be on the next day. They differ. */
export interface QuietHours {
  readonly from: DayTime;
  /** The first minute that is not quiet any more. */
  readonly to: DayTime;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const TIME = /^(\d{1,2}):(\d{2})$/;

/** Reads `8:00`. Undefined: it is no time of day. */
export function parseDayTime(text: string): DayTime | undefined {
  const [, hours = '24', minutes = '0'] = TIME.exec(text.trim()) ?? [];
  const time = Number(hours) * 60 + Number(minutes);
  return Number(hours) < 24 && Number(minutes) < 60 ? time : undefined;
}

/** Reads `22:00-07:00`. Undefined: they are no quiet hours. */
export function parseQuietHours(text: string): QuietHours | undefined {
  const [begin = '', end = '', ...rest] = text.split(/[-–]/u);
  const [from, to] = [parseDayTime(begin), parseDayTime(end)];
  if (from === undefined || to === undefined || from === to || rest.length > 0) return undefined;
  return { from, to };
}

/**
 * When the quiet hours end that an instant falls into: the first instant at which the clocks on the wall show a time
 * outside of them. Undefined: it falls into none. Times are milliseconds since the epoch.
 */
export function quietUntil(quiet: QuietHours, timezone: string, at: number): number | undefined {
  const zone = Zone.of(timezone);
  if (!isQuiet(quiet, at + zone.offsetAt(at))) return undefined;
  // Each round ends the quiet hours or passes one change of clocks; no zone has two of them within a day.
  for (let from = at; ; ) {
    const { end, offset, after } = zone.segmentAt(from);
    const until = from + untilTime(quiet.to, from + offset);
    if (until < end) return until;
    if (!isQuiet(quiet, end + after)) return end;
    from = end;
  }
}

/** @param local milliseconds as if the place were in UTC */
function isQuiet({ from, to }: QuietHours, local: number): boolean {
  const minute = timeOfDay(local) / MINUTE;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Milliseconds until the clocks show a time, if they are not changed. */
function untilTime(time: DayTime, local: number): number {
  return (time * MINUTE - timeOfDay(local) + DAY) % DAY;
}

function timeOfDay(local: number): number {
  return ((local % DAY) + DAY) % DAY;
}

/** When the next digest is told: at the full hour, or at a time of day. After `at`, milliseconds since the epoch. */
export function nextDigest(kind: 'hour' | 'day', digestAt: DayTime, timezone: string, at: number): number {
  const time = kind === 'hour' ? '0 *' : `${digestAt % 60} ${Math.floor(digestAt / 60)}`;
  return new CronSchedule(`${time} * * *`, timezone, { gap: 'shift', fold: 'first' }).next(at) ?? at + DAY;
}
