import { expect, it } from 'vitest';
import { childLimit } from './child-limit.ts';

const of = (avgSpeed: number, ratio: number, minSpeed = 1, cap = 100) =>
  childLimit({ avgSpeed, ratio, minSpeed, cap });

it('is the smaller of what the two formulas allow', () => {
  // A tenth of the ratio in KiB/s each: 20480 / 5120 and 20480 / 3072.
  expect(of(20_480, 50)).toBe(4);
  expect(of(20_480, 30)).toBe(6);
  // Between the two: by hundreds of the ratio it would be 4 already.
  expect(of(20_400, 50)).toBe(3);
  // The other way round: 1079 bytes/s are two times 512, and twice hundred times 5.
  expect(of(1079, 5)).toBe(2);
  expect(of(1535, 5)).toBe(2);
});

it('never exceeds what the owner wants', () => {
  expect(of(10_000_000, 50, 1, 10)).toBe(10);
  expect(of(10_000_000, 50, 1, 0)).toBe(0);
});

it('is 0 for a fresh account, below the least speed, without a ratio, and while anything is unknown', () => {
  expect(of(0, 50, 0)).toBe(0);
  expect(of(20_479, 50, 20)).toBe(0);
  expect(of(20_480, 50, 20)).toBe(4);
  expect(of(20_480, 0)).toBe(0);
  const known = { avgSpeed: 20_480, minSpeed: 1, ratio: 50, cap: 10 };
  for (const key of ['avgSpeed', 'minSpeed', 'ratio'] as const) {
    expect(childLimit({ ...known, [key]: undefined })).toBe(0);
  }
});
