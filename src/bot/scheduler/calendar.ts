import type { CronFields } from './cron-fields.ts';

/*
 * Local time is written as milliseconds as if the place were in UTC: a calendar without any change of clocks.
 */

const DAY = 86_400_000;
/** The calendar repeats itself after 400 years: what does not come until then never comes. */
const MONTHS = 400 * 12;

/**
 * The first local time at or after `from` that the fields match; undefined when there is none, ever.
 * It jumps from month to month, day to day, hour to hour: what it costs does not depend on how far away it is.
 * @param from local time in milliseconds
 */
export function nextLocal(fields: CronFields, from: number): number | undefined {
  const start = Math.ceil(from / 1000) * 1000;
  const date = new Date(start);
  let year = date.getUTCFullYear();
  let month = date.getUTCMonth() + 1;
  let day = date.getUTCDate();
  // Within the first day the time of day counts as well.
  let since = start % DAY < 0 ? (start % DAY) + DAY : start % DAY;
  for (let looked = 0; looked <= MONTHS; looked++) {
    if (fields.months.includes(month)) {
      const last = lastDay(year, month);
      for (; day <= last; day++) {
        const time = matchesDay(fields, year, month, day) ? nextTime(fields, since) : undefined;
        if (time !== undefined) return Date.UTC(year, month - 1, day) + time;
        since = 0;
      }
    }
    day = 1;
    since = 0;
    if (++month > 12) {
      month = 1;
      year++;
    }
  }
  return undefined;
}

/** The first time of day at or after `since`, in milliseconds since midnight. */
function nextTime({ seconds, minutes, hours }: CronFields, since: number): number | undefined {
  const fromHour = Math.floor(since / 3_600_000);
  const fromMinute = Math.floor(since / 60_000) % 60;
  const fromSecond = Math.floor(since / 1000) % 60;
  for (const hour of hours) {
    if (hour < fromHour) continue;
    const sameHour = hour === fromHour;
    for (const minute of minutes) {
      if (sameHour && minute < fromMinute) continue;
      const earliest = sameHour && minute === fromMinute ? fromSecond : 0;
      const second = seconds.find((one) => one >= earliest);
      if (second !== undefined) return ((hour * 60 + minute) * 60 + second) * 1000;
    }
  }
  return undefined;
}

/** Both the day of the month and the weekday must match: so node-cron reads them, unlike cron(8). */
function matchesDay(fields: CronFields, year: number, month: number, day: number): boolean {
  const weekday = weekdayOf(year, month, day);
  return (
    fields.days.some((wanted) => isDay(wanted, year, month, day)) &&
    fields.weekdays.some((wanted) => isWeekday(wanted, weekday, lastDay(year, month), day))
  );
}

function isDay(wanted: number | string, year: number, month: number, day: number): boolean {
  if (typeof wanted === 'number') return wanted === day;
  const last = lastDay(year, month);
  if (wanted === 'L') return day === last;
  const before = /^L-(\d{1,2})$/.exec(wanted);
  if (before !== null) return day === last - Number(before[1]);
  const near = /^(\d{1,2}|L)W$/.exec(wanted);
  return near !== null && day === workdayNear(year, month, near[1] === 'L' ? last : Number(near[1]));
}

/** The day from Monday to Friday next to `day`, in the same month; undefined when the month has no such day. */
function workdayNear(year: number, month: number, day: number): number | undefined {
  const last = lastDay(year, month);
  if (day < 1 || day > last) return undefined;
  const weekday = weekdayOf(year, month, day);
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === last ? day - 2 : day + 1;
  return day;
}

function isWeekday(wanted: number | string, weekday: number, last: number, day: number): boolean {
  if (typeof wanted === 'number') return wanted === weekday;
  if (Number(wanted[0]) % 7 !== weekday) return false;
  if (wanted[1] === 'L') return day + 7 > last;
  return Math.ceil(day / 7) === Number(wanted[2]);
}

function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
