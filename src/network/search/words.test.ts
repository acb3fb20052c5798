import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bare, hasSequence, isOneLetter, wordsOf } from './words.ts';

const naive = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFC')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');

test('words are runs of letters and digits, in lower case, with their diacritics', () => {
  expect(wordsOf("Music\\Simple Band\\01 - It's a Simple_Song.MP3")).toEqual([
    'music',
    'simple',
    'band',
    '01',
    'it',
    's',
    'a',
    'simple',
    'song',
    'mp3',
  ]);
  expect(wordsOf('BJÖRK – 片仮名 ♥')).toEqual(['björk', '片仮名']);
  expect(wordsOf('bjo\u0308rk')).toEqual(['björk']);
  expect(wordsOf(' \t-*"…')).toEqual([]);
  expect(wordsOf('\ud800x')).toEqual(['x']);
});

test('whatever the text, words are what a naive split finds, and cutting words again changes nothing', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }), fc.string());
  fc.assert(
    fc.property(text, (value) => {
      const words = wordsOf(value);
      expect(words).toEqual(naive(value));
      expect(wordsOf(words.join(' '))).toEqual(words);
    }),
    { numRuns: 2000 },
  );
});

test('one letter is too little, unless it is a word in its script', () => {
  expect(['a', '5', 'é', '𝒳'].map(isOneLetter)).toEqual([true, true, true, true]);
  expect(['ab', '片', 'の', ''].map(isOneLetter)).toEqual([false, false, false, false]);
});

test('a sequence is found where it stands without gaps', () => {
  const text = ['a', 'b', 'a', 'c'];
  expect(hasSequence(text, ['a', 'c'])).toBe(true);
  expect(hasSequence(text, ['b', 'c'])).toBe(false);
  expect(hasSequence(text, ['a', 'c', 'd'])).toBe(false);
  expect(hasSequence(text, [])).toBe(true);
});

test('marks without end cost no more than other text', () => {
  const marks = '\u0301\u0316'.repeat(500_000);
  const [word, ...others] = wordsOf(`a${marks} b`);
  expect(word!.length).toBeLessThan(40);
  expect(others).toEqual(['b']);
  expect(bare(word!)).toBe('a');
  expect(wordsOf('ą́̂ e')).toHaveLength(2);
});
