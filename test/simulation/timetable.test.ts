import { expect, it } from 'vitest';
import { mustBeWhole, timetable } from './timetable.ts';

const MINUTE = 60_000;

it.each([1, 2, 5, 24, 100])('%i hours have storms, and time to heal and to be judged after each', (hours) => {
  const plan = timetable(hours, true);
  expect(plan.storms.length).toBeGreaterThanOrEqual(1);
  expect(plan.formedBy).toBeLessThan(plan.storms[0]!.from);
  for (const { from, to, healedBy, calmUntil } of plan.storms) {
    expect([from, to, healedBy, calmUntil]).toEqual([from, to, healedBy, calmUntil].sort((a, b) => a - b));
    expect(healedBy - to).toBeGreaterThanOrEqual(15 * MINUTE);
    expect(calmUntil - healedBy).toBeGreaterThanOrEqual(10 * MINUTE);
  }
  expect(plan.storms.at(-1)!.calmUntil).toBeCloseTo(plan.end);
});

it('nothing is demanded while the tree forms, in a storm, and before it has healed', () => {
  const plan = timetable(24, true);
  const storm = plan.storms[0]!;
  const at = [
    0,
    plan.formedBy,
    storm.from - 1000,
    storm.from,
    storm.to,
    storm.healedBy,
    storm.calmUntil - MINUTE,
  ];
  expect(at.map((time) => mustBeWhole(plan, time))).toEqual([false, true, false, false, false, true, true]);
  expect(mustBeWhole(timetable(24, false), 12 * 60 * MINUTE)).toBe(true);
});
