import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PARTS, toParts, toPartsFor } from './parts.ts';
import { byteLength } from './split.ts';

describe('toParts', () => {
  it('leaves a text alone whose parts differ', () => {
    expect(toParts('a\nb\nc', 500)).toEqual(['a', 'b', 'c']);
    expect(toParts('x'.repeat(500), 500)).toEqual(['x'.repeat(500)]);
  });

  it('marks each part that repeats an earlier one', () => {
    expect(toParts('same\nsame\nsame\nother', 500)).toEqual(['same', 'same (2/4)', 'same (3/4)', 'other']);
    const words = toParts('word '.repeat(400), 500);
    expect(words.join(' ').replaceAll(/ \(\d\/\d\)/g, '')).toBe('word '.repeat(400).trim());
    expect(new Set(words).size).toBe(words.length);
  });

  it('marks every part when the text has such marks itself', () => {
    expect(toParts('a (3/3)\na\na', 500)).toEqual(['a (3/3) (1/3)', 'a (2/3)', 'a (3/3)']);
  });

  it('never gives two equal parts, nor one over the limit', () => {
    const piece = fc.constantFrom(
      'a',
      'aa ',
      'a (2/3)',
      '\n',
      'same\n',
      'word '.repeat(9),
      '👩‍👩‍👧',
      ' (2/2)',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 32, max: 64 }), (pieces, limit) => {
        const parts = toParts(pieces.join(''), limit);
        fc.pre(parts.length <= MAX_PARTS);
        expect(new Set(parts).size).toBe(parts.length);
        for (const part of parts) expect(byteLength(part)).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('toPartsFor', () => {
  it('addresses each part, within the limit', () => {
    expect(toPartsFor('bob', 'a\na', 500)).toEqual(['bob: a', 'bob: a (2/2)']);
    for (const part of toPartsFor('bob', 'word '.repeat(400), 500)) {
      expect(part.startsWith('bob: word')).toBe(true);
      expect(byteLength(part)).toBeLessThanOrEqual(500);
    }
  });

  it('does not address twice, and gives up where the name takes the line', () => {
    expect(toPartsFor('bob', 'bob: no', 500)).toEqual([]);
    expect(toPartsFor('b'.repeat(30), 'no', 32)).toEqual([]);
  });
});
