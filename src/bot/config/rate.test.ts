import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatRate, parseRate, parseSpan } from './rate.ts';

it.each([
  ['1/3s burst 3', { count: 1, perMs: 3000, burst: 3 }],
  ['30/220s', { count: 30, perMs: 220_000 }],
  [' 50 / 1s  burst  500 ', { count: 50, perMs: 1000, burst: 500 }],
  ['1/s', { count: 1, perMs: 1000 }],
  ['2/1h30m', { count: 2, perMs: 5_400_000 }],
])('reads %j', (text, rate) => {
  expect(parseRate(text)).toEqual(rate);
});

it.each([
  '',
  '1',
  '/3s',
  '0/3s',
  '1/0s',
  '1/3',
  '-1/3s',
  '1.5/3s',
  '1/3s burst',
  '1/3s burst 0',
  '1/3s 3',
  '1/3sburst',
  '1/3s burst 3 burst 3',
])('does not take %j for a rate', (text) => {
  expect(parseRate(text)).toBeUndefined();
});

it('reads every rate that it writes', () => {
  const rate = fc.record(
    {
      count: fc.integer({ min: 1, max: 999_999 }),
      perMs: fc.integer({ min: 1, max: 1e9 }),
      burst: fc.integer({ min: 1, max: 99 }),
    },
    { requiredKeys: ['count', 'perMs'] },
  );
  fc.assert(
    fc.property(rate, (value) => {
      expect(parseRate(formatRate(value))).toEqual(value);
    }),
  );
});

it('never throws, whatever the text', () => {
  const piece = fc.constantFrom('1', '/', 's', ' ', 'burst', 'b', '.', '9'.repeat(12), '..');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (text) => {
        parseRate(text);
        parseSpan(text);
      },
    ),
  );
});

it('reads spans', () => {
  expect(parseSpan('5s..5m')).toEqual([5000, 300_000]);
  expect(parseSpan('5s .. 5s')).toEqual([5000, 5000]);
  for (const text of ['5s', '5m..5s', '5s..', '5s..6s..7s', '5s...6s'])
    expect(parseSpan(text)).toBeUndefined();
});
