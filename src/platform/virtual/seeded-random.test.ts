import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CryptoRandom } from '../real/crypto-random.ts';
import { SeededRandom } from './seeded-random.ts';

const take = (random: SeededRandom, count = 5) => Array.from({ length: count }, () => random.u32());

test('equal seeds give equal streams, today and in a year', () => {
  expect(take(new SeededRandom('x'))).toEqual(take(new SeededRandom('x')));
  expect(take(new SeededRandom(7))).toEqual(take(new SeededRandom('7')));
  expect(take(new SeededRandom(7))).not.toEqual(take(new SeededRandom(8)));
  expect(take(new SeededRandom(1), 3)).toMatchInlineSnapshot(`
    [
      3105189903,
      3892595778,
      3655147909,
    ]
  `);
});

test('forks depend on seed and label alone', () => {
  const parent = new SeededRandom(1);
  const before = take(parent.fork('a'));
  take(parent, 100);
  expect(take(parent.fork('a'))).toEqual(before);
  expect(take(parent.fork('b'))).not.toEqual(before);
  expect(take(new SeededRandom(2).fork('a'))).not.toEqual(before);
  expect(take(parent.fork('a').fork('b'))).not.toEqual(take(parent.fork('a/1:b')));
});

test.each([
  ['seeded', () => new SeededRandom(3)],
  ['cryptographic', () => new CryptoRandom()],
])('%s: every value lies where the port says', (_name, make) => {
  const random = make();
  const safe = fc.maxSafeInteger();
  fc.assert(
    fc.property(safe, safe, (a, b) => {
      const [min, max] = [Math.min(a, b), Math.max(a, b)];
      if (max - min + 1 > Number.MAX_SAFE_INTEGER) return;
      const value = random.int(min, max);
      expect(Number.isSafeInteger(value) && value >= min && value <= max).toBe(true);
    }),
  );
  for (let i = 0; i < 10_000; i++) {
    const float = random.float();
    const word = random.u32();
    if (!(float >= 0 && float < 1 && Number.isInteger(word) && word >= 0 && word < 2 ** 32))
      expect.unreachable();
  }
  for (const length of [0, 1, 4, 1023]) expect(random.bytes(length)).toHaveLength(length);
  expect(random.int(5, 5)).toBe(5);
  for (const [min, max] of [
    [2, 1],
    [0.5, 3],
    [0, Infinity],
    [Number.NaN, 1],
    [-(2 ** 53) + 1, 2 ** 53 - 1],
  ]) {
    expect(() => random.int(min!, max!)).toThrow(RangeError);
  }
});

test('values are spread evenly', () => {
  // The seed is fixed, so this cannot fail by bad luck.
  const random = new SeededRandom('even');
  const dice = new Array<number>(6).fill(0);
  const bits = new Array<number>(8).fill(0);
  let sum = 0;
  for (let i = 0; i < 60_000; i++) {
    dice[random.int(1, 6) - 1]!++;
    sum += random.float();
  }
  for (const byte of random.bytes(20_000)) for (let bit = 0; bit < 8; bit++) bits[bit]! += (byte >> bit) & 1;
  for (const count of dice) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  for (const count of bits) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  expect(Math.abs(sum / 60_000 - 0.5)).toBeLessThan(0.01);
  // A plain remainder would put half of these into the lowest third.
  const thirds = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) thirds[Math.floor(random.int(0, 3 * 2 ** 30 - 1) / 2 ** 30)]!++;
  for (const count of thirds) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  const wide = Array.from({ length: 2000 }, () => random.int(0, 2 ** 40));
  expect(wide.some((value) => value > 2 ** 39) && wide.some((value) => value < 2 ** 37)).toBe(true);
});
