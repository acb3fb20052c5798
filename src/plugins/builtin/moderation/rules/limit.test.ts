import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOver, limitProblem, parseLimit } from './limit.ts';

describe('a limit', () => {
  it.each([
    ['8:10s', 8, 10_000],
    ['3:2m', 3, 120_000],
    ['5:10', 5, 10_000],
    [' 4 : 1m30s ', 4, 90_000],
  ])('%j', (text, count, withinMs) => expect(parseLimit(text)).toEqual({ count, withinMs }));

  it.each([['8'], ['8:'], [':10s'], ['0:10s'], ['8:0s'], ['8:2h'], ['x:10s'], ['8:soon'], ['-1:5s']])(
    '%j is none',
    (text) => {
      expect(parseLimit(text)).toBeUndefined();
      expect(limitProblem(text)).toContain('is no limit: write how many in how long, such as "8:10s"');
    },
  );
});

describe('going over it', () => {
  const limit = { count: 3, withinMs: 10_000 };
  const over = (times: readonly number[]) =>
    times.filter((at, i) =>
      isOver(
        times.slice(0, i + 1).flatMap((other) => (at - other <= 20_000 ? [{ at: other, weight: 1 }] : [])),
        limit,
      ),
    );

  it('is told once, and once in each stretch while it goes on', () => {
    expect(over([0, 1_000, 2_000, 3_000, 4_000, 5_000])).toEqual([2_000]);
    expect(over(Array.from({ length: 40 }, (_, i) => i * 1_000))).toEqual([2_000, 20_000, 30_000]);
    expect(over([0, 4_000, 9_999])).toEqual([9_999]);
    expect(over(Array.from({ length: 12 }, (_, i) => i * 4_000))).toEqual([8_000, 20_000, 32_000, 40_000]);
    expect(over([0, 5_000, 10_000, 15_000])).toEqual([]);
  });

  it('ten thousand at the same moment are one', () => {
    expect(over(Array.from({ length: 500 }, () => 7_000))).toHaveLength(1);
  });

  it('never happens without as many in time, and always when they first are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 60 }), (given) => {
        const times = given.toSorted((a, b) => a - b);
        const told = new Set(over(times));
        const many = (at: number, i: number) =>
          times.slice(0, i).filter((other) => at - other < limit.withinMs).length + 1 >= limit.count;
        for (const at of told) expect(times.some((other, i) => other === at && many(at, i))).toBe(true);
        const first = times.findIndex(many);
        if (first >= 0) expect(told.has(times[first]!)).toBe(true);
      }),
    );
  });
});
