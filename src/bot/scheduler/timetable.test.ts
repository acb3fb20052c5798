import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { COUNTED, makeTimetable, type Timetable } from './timetable.ts';

const every = (everyMs: number, jitterMs = 0): Timetable =>
  makeTimetable({ kind: 'every', everyMs, jitterMs }, 'UTC', new SeededRandom(1));
const cron = (expression: string): Timetable =>
  makeTimetable({ kind: 'cron', cron: expression, gap: 'shift', fold: 'first' }, 'UTC', new SeededRandom(1));

describe('an interval', () => {
  it('is due in steady steps, however late it is looked at', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 100_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (everyMs, share, waits, keep) => {
          const jitterMs = Math.floor(everyMs * share);
          const table = every(everyMs, jitterMs);
          let due = table.first(0)!;
          let now = 0;
          let counted = 0;
          let last = 0;
          for (const wait of waits) {
            now += wait;
            const { latest, count, next } = table.passed(due, now, keep);
            expect(latest).toHaveLength(Math.min(keep, count));
            for (const at of latest) {
              expect(at).toBeGreaterThanOrEqual(last);
              expect(at).toBeLessThanOrEqual(now);
              last = at;
            }
            counted += count;
            expect(next!.at).toBeGreaterThan(now);
            // No base is left out and none is counted twice.
            expect(next!.base).toBe((counted + 1) * everyMs);
            expect(next!.at - next!.base).toBeLessThanOrEqual(jitterMs);
            due = next!;
          }
        },
      ),
      { seed: 1 },
    );
  });
});

describe('a calendar', () => {
  it('counts what has passed and keeps the latest', () => {
    const table = cron('0 * * * *');
    const start = Date.parse('2026-01-01T00:00:00Z');
    const first = table.first(start)!;
    expect(first.at).toBe(start + 3_600_000);
    const passed = table.passed(first, start + 10.5 * 3_600_000, 3);
    expect(passed.count).toBe(10);
    expect(passed.latest).toEqual([8, 9, 10].map((hour) => start + hour * 3_600_000));
    expect(passed.next?.at).toBe(start + 11 * 3_600_000);
  });

  it('finds the latest of more than it counts', () => {
    const table = cron('* * * * * *');
    const start = Date.parse('2026-01-01T00:00:00Z');
    const now = start + 30 * 86_400_000;
    const passed = table.passed(table.first(start)!, now, 100);
    expect(passed.count).toBe(COUNTED);
    expect(passed.latest).toEqual(Array.from({ length: 100 }, (_, index) => now - (99 - index) * 1000));
    expect(passed.next?.at).toBe(now + 1000);
  });

  it('looks back as far as it must when most of the time nothing is due', () => {
    const table = cron('* * * 1 1 *');
    const start = Date.parse('2026-01-01T00:00:00Z');
    const now = Date.parse('2026-06-01T00:00:00Z');
    const passed = table.passed(table.first(start)!, now, 2);
    expect(passed.latest).toEqual(
      [59, 60].map((second) => Date.parse('2026-01-01T23:59:00Z') + (second - 1) * 1000),
    );
    expect(passed.next?.at).toBe(Date.parse('2027-01-01T00:00:00Z'));
  });
});
