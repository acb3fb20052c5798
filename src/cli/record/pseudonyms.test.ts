import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pseudonyms } from './pseudonyms.ts';

it('gives everybody one name, in texts too, and leaves words alone', () => {
  const names = new Pseudonyms({ keeper: 'seekeeper' });
  expect([names.user('al'), names.room('indie'), names.user('al.b'), names.user('al')]).toEqual([
    'user1',
    'room1',
    'user2',
    'user1',
  ]);
  expect(names.text('AL, also al.b! indies indie: keeper')).toBe(
    'user1, also user2! indies room1: seekeeper',
  );
});

it('leaves no name in a text', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' })
    .filter((text) => text.trim() === text);
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), (people) => {
      const names = new Pseudonyms();
      for (const one of people) names.user(one);
      for (const one of people) expect(names.text(` ${one} `)).toMatch(/^ user\d+ $/);
    }),
  );
});

it('never gives two people one name', () => {
  const names = new Pseudonyms({ keeper: 'user3' });
  expect(new Set(['a', 'b', 'c', 'keeper'].map((name) => names.user(name))).size).toBe(4);
});
