import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Zone } from '../scheduler/zone.ts';
import { nextDigest, parseDayTime, parseQuietHours, quietUntil } from './quiet-hours.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

it.each([
  ['22:00-07:00', { from: 1320, to: 420 }],
  ['8:05 - 9:00', { from: 485, to: 540 }],
  ['22:00–07:00', { from: 1320, to: 420 }],
  ['22:00-22:00', undefined],
  ['24:00-07:00', undefined],
  ['22:60-07:00', undefined],
  ['22-7', undefined],
  ['22:00-07:00-08:00', undefined],
  ['', undefined],
])('reads %s', (text, hours) => {
  expect(parseQuietHours(text)).toEqual(hours);
});

it.each([
  ['00:00', 0],
  ['23:59', 1439],
  ['8:00 ', 480],
  ['8', undefined],
  ['08:0', undefined],
])('reads the time %s', (text, time) => {
  expect(parseDayTime(text)).toBe(time);
});

describe('quiet hours', () => {
  const night = { from: 22 * 60, to: 7 * 60 };
  const at = (text: string) => Date.parse(text);

  it('end in the morning, by the clocks of the place', () => {
    expect(quietUntil(night, 'UTC', at('2026-01-01T21:59:59Z'))).toBeUndefined();
    expect(quietUntil(night, 'UTC', at('2026-01-01T22:00:00Z'))).toBe(at('2026-01-02T07:00:00Z'));
    expect(quietUntil(night, 'UTC', at('2026-01-02T06:59:59Z'))).toBe(at('2026-01-02T07:00:00Z'));
    expect(quietUntil(night, 'UTC', at('2026-01-02T07:00:00Z'))).toBeUndefined();
    expect(quietUntil(night, 'America/New_York', at('2026-01-02T04:00:00Z'))).toBe(
      at('2026-01-02T12:00:00Z'),
    );
  });

  it('are an hour shorter or longer when the clocks are changed within them', () => {
    // In Berlin forward on 29 March and back on 25 October 2026.
    expect(quietUntil(night, 'Europe/Berlin', at('2026-03-28T21:00:00Z'))).toBe(at('2026-03-29T05:00:00Z'));
    expect(quietUntil(night, 'Europe/Berlin', at('2026-10-24T20:00:00Z'))).toBe(at('2026-10-25T06:00:00Z'));
  });

  it('that end in an hour that is left out end where it begins', () => {
    const hours = { from: 60, to: 2 * 60 + 30 };
    expect(quietUntil(hours, 'Europe/Berlin', at('2026-03-29T00:30:00Z'))).toBe(at('2026-03-29T01:00:00Z'));
  });

  it('end at the first instant at which the wall shows another time: any hours, zone and instant', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];
    // Around the changes of clocks of all these zones in 2026, and anywhere.
    const changes = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.constantFrom(...zones),
        fc.constantFrom(...changes),
        fc.integer({ min: -2 * 1440, max: 2 * 1440 }),
        (from, to, timezone, day, minutes) => {
          fc.pre(from !== to);
          const start = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE;
          const zone = Zone.of(timezone);
          const isQuiet = (instant: number) => {
            const local = (instant + zone.offsetAt(instant)) / MINUTE;
            const minute = ((Math.floor(local) % 1440) + 1440) % 1440;
            return from < to ? minute >= from && minute < to : minute >= from || minute < to;
          };
          let end = start;
          while (isQuiet(end)) end += MINUTE;
          expect(quietUntil({ from, to }, timezone, start)).toBe(end === start ? undefined : end);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('digests', () => {
  it('of an hour come at the full hour there', () => {
    const at = Date.parse('2026-01-01T10:20:00Z');
    expect(nextDigest('hour', 0, 'UTC', at)).toBe(Date.parse('2026-01-01T11:00:00Z'));
    expect(nextDigest('hour', 0, 'Asia/Kathmandu', at)).toBe(Date.parse('2026-01-01T11:15:00Z'));
  });

  it('of a day come every day once, also when the clocks are changed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
        fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'),
        (time, timezone, day) => {
          const start = Date.parse(`${day}T00:00:00Z`) - 2 * DAY;
          let at = start;
          for (let n = 0; n < 4; n++) {
            const next = nextDigest('day', time, timezone, at);
            expect(next - at).toBeLessThanOrEqual(25 * HOUR);
            if (n > 0) expect(next - at).toBeGreaterThanOrEqual(22 * HOUR);
            at = next;
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
