import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountAt, cautious, countsFor } from './account.ts';
import { endlessness, nextStep, stepAt } from './ladder.ts';

const ladder = [
  { points: 2, consequence: 'warn' },
  { points: 5, consequence: 'remove:1h' },
  { points: 9, consequence: 'remove' },
];

it.each([
  [0.5, 'note', 'warn'],
  [2, 'warn', 'remove:1h'],
  [4.9, 'warn', 'remove:1h'],
  [5, 'remove:1h', 'remove'],
  [100, 'remove', 'remove'],
])('%d points lead to %s, and next to %s', (points, now, next) => {
  expect(stepAt(ladder, points)).toBe(now);
  expect(nextStep(ladder, points)?.consequence).toBe(next);
});

it.each([
  [[], false],
  [['note'], false],
  [['warn'], false],
  [['warn-room'], false],
  [['remove:1h'], false],
  [['remove', 'ignore:1d'], false],
  [['note', 'report'], true],
  [['ignore'], true],
  [['remove:1h', 'remove'], true],
  [['p/jail'], true],
])('a ladder of %j ends: %s', (steps, ends) => {
  expect(
    endlessness(steps.map((consequence, index) => ({ points: index + 1, consequence }))) === undefined,
  ).toBe(ends);
});

describe('an account', () => {
  const HOUR = 3_600_000;

  it('adds, forgives evenly, and never goes below nothing', () => {
    const decay = { points: 1, perMs: HOUR };
    const entries = [
      { at: 0, points: 3 },
      { at: HOUR, points: 2 },
      { at: 10 * HOUR, points: 1 },
    ];
    expect(accountAt(entries.slice(0, 1), 0, decay)).toBe(3);
    expect(accountAt(entries.slice(0, 2), HOUR, decay)).toBe(4);
    expect(accountAt(entries, 10 * HOUR, decay)).toBe(1);
    expect(accountAt(entries, 100 * HOUR, decay)).toBe(0);
    expect(accountAt(entries, 100 * HOUR, undefined)).toBe(6);
    expect(accountAt([], 5, decay)).toBe(0);
    // Three and three a minute later are six.
    expect(
      accountAt(
        [
          { at: 0, points: 3 },
          { at: 60_000, points: 3 },
        ],
        60_000,
        { points: 1, perMs: 24 * HOUR },
      ),
    ).toBe(6);
  });

  it('is never more than all points, never less than the last ones, and only shrinks with time', () => {
    const entry = fc.record({ at: fc.nat(1e9), points: fc.nat(100) });
    const decay = fc.option(
      fc.record({ points: fc.integer({ min: 1, max: 9 }), perMs: fc.integer({ min: 1e3, max: 1e9 }) }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1 }), decay, fc.nat(1e9), (unsorted, rate, wait) => {
        const entries = [...unsorted].sort((a, b) => a.at - b.at);
        const last = entries.at(-1)!;
        const now = accountAt(entries, last.at, rate);
        expect(now).toBeLessThanOrEqual(entries.reduce((sum, { points }) => sum + points, 0));
        expect(now).toBeGreaterThanOrEqual(last.points);
        expect(accountAt(entries, last.at + wait, rate)).toBeLessThanOrEqual(now);
      }),
    );
  });

  it('of a mode counts what is at least as serious', () => {
    expect(countsFor('shadow', 'live')).toBe(false);
    expect(countsFor('live', 'shadow')).toBe(true);
    expect(countsFor('suggest', 'suggest')).toBe(true);
    expect(cautious<'off' | 'live'>('off', 'live')).toBe('off');
    expect(cautious<'live' | 'suggest'>('live', 'suggest')).toBe('suggest');
  });
});
