import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLength, splitLine, toLines } from './split.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.oneof(fc.lorem(), fc.constantFrom('\r', '\n', '\t', '\0', '👨‍👩‍👧‍👦', 'ö', '日本語', '  ')), {
      maxLength: 60,
    })
    .map((all) => all.join(' ')),
);
const squeeze = (s: string) => s.replace(/\s+/gu, '');

describe('toLines', () => {
  it('makes lines of a text and never lets CR, LF or another control character through', () => {
    expect(toLines('a\r\nb\n\n  c\td \0 e\r')).toEqual(['a', 'b', 'c d   e']);
    expect(toLines(' \n\r\t ')).toEqual([]);
    fc.assert(
      fc.property(text, (input) => {
        for (const line of toLines(input)) {
          expect(line).not.toMatch(/\p{Cc}|\p{Cs}/u);
          expect(line.trim()).toBe(line);
          expect(line).not.toBe('');
        }
      }),
    );
  });
});

describe('splitLine', () => {
  it('leaves short lines alone, inner spaces included', () => {
    expect(splitLine('a  b', 32)).toEqual(['a  b']);
  });

  it('cuts at words, as late as possible', () => {
    expect(splitLine('aaaa bbbb cccc dddd', 9)).toEqual(['aaaa bbbb', 'cccc dddd']);
    expect(splitLine('aaaa bbbb cccc', 10)).toEqual(['aaaa bbbb', 'cccc']);
  });

  it('cuts a long word between graphemes, and a long grapheme between code points', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(byteLength(family)).toBe(25);
    expect(splitLine(family.repeat(3), 32)).toEqual([family, family, family]);
    const parts = splitLine(family, 8);
    expect(parts.join('')).toBe(family);
    for (const part of parts) expect(byteLength(part)).toBeLessThanOrEqual(8);
  });

  it('fills up to the limit in bytes, not in characters', () => {
    expect(splitLine('é'.repeat(20), 32).map(byteLength)).toEqual([32, 8]);
  });

  it('keeps every part under the limit, valid, and nothing gets lost', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 200 }), (input, limit) => {
        for (const line of toLines(input)) {
          const parts = splitLine(line, limit);
          for (const part of parts) {
            expect(byteLength(part)).toBeLessThanOrEqual(limit);
            expect(part.trim()).not.toBe('');
            // No half of a pair: what comes back from UTF-8 is the same.
            expect(Buffer.from(part, 'utf8').toString('utf8')).toBe(part);
          }
          expect(squeeze(parts.join(' '))).toBe(squeeze(line));
          if (byteLength(line) <= limit) expect(parts).toEqual([line]);
          // Words that fit are never cut.
          const words = new Set(parts.flatMap((part) => part.split(/\s+/u)));
          for (const word of line.split(/\s+/u)) if (byteLength(word) <= limit) expect(words).toContain(word);
        }
      }),
      { numRuns: 500 },
    );
  });
});
