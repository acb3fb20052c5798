import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, toMs } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['250ms', 250],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    [' 1.5h ', 5_400_000],
    ['2D', 172_800_000],
    ['1w1d1h1m1s1ms', 694_861_001],
    ['5M', 300_000],
  ])('reads %j', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    ' ',
    '5',
    'm',
    '-5m',
    '5 parsecs',
    '30m1h',
    '5m5m',
    '1h30',
    '1e3s',
    '.5h',
    '5m!',
    '999999999w',
    'NaN',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('reads what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000_000_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it('never throws, and never gives nonsense', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.hmsdw ]{0,20}$/)), (text) => {
        const ms = parseDuration(text);
        expect(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
      }),
    );
  });
});

it('formats shortly', () => {
  expect([0, 1, 1_000, 90_000, 86_400_000, 5_400_000].map(formatDuration)).toEqual([
    '0s',
    '1ms',
    '1s',
    '1m30s',
    '1d',
    '1h30m',
  ]);
});

describe('toMs', () => {
  it('takes milliseconds and texts', () => {
    expect([toMs(5), toMs(1.6), toMs('2s')]).toEqual([5, 2, 2_000]);
  });

  it.each([-1, Number.NaN, Infinity, '5', 'soon'])('refuses %j with a hint', (input) => {
    expect(() => toMs(input)).toThrow(/is not a duration: give milliseconds or e\.g\. "5m"/);
  });
});
