import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanQuery, type SearchQuery } from './query.ts';

const clean = (raw: string): SearchQuery => {
  const cleaned = cleanQuery(raw);
  if (!cleaned.ok) throw new Error(cleaned.reason);
  return cleaned.query;
};
const sent = (raw: string): string => clean(raw).text;
const refusal = (raw: string): string | undefined => {
  const cleaned = cleanQuery(raw);
  return cleaned.ok ? undefined : cleaned.code;
};

describe('what is sent', () => {
  test.each([
    ['Simple  Song', 'Simple Song'],
    ['folk-album (2001)', 'folk album 2001'],
    ['AC/DC live', 'AC DC live'],
    ["it's the song", 'it the song'],
    ['song – live — “best” of…', 'song live best of'],
    ['song -flac', 'song -flac'],
    ['song --flac', 'song -flac'],
    ['song - flac', 'song flac'],
    ['*imple folk', '*imple folk'],
    ['song * - -', 'song'],
    ['foo* song', 'foo song'],
    ['"folk album" live', 'folk album live'],
    ['song -"live at leeds"', 'song'],
    ['song -simple-song', 'song'],
    ['song -"live"', 'song -live'],
    ['song -x', 'song'],
    ['song "unclosed phrase', 'song unclosed phrase'],
    ['song\r\n\u0007two\ud800', 'song two'],
    ['Song song SONG', 'Song'],
    ['bjo\u0308rk', 'björk'],
    ['片 song ♥', '片 song'],
    ['*foo-bar baz', '*foo bar baz'],
  ])('%j goes out as %j', (raw, text) => {
    expect(sent(raw)).toBe(text);
  });
});

test('what cannot be sent is kept for the results', () => {
  expect(clean('"Folk Album" vitamin c *ound -live -"b sides" -rough-mix')).toEqual({
    text: 'Folk Album vitamin *ound -live',
    words: ['folk', 'album', 'vitamin', 'c'],
    endings: ['ound'],
    phrases: [['folk', 'album']],
    excluded: [['live'], ['b', 'sides'], ['rough', 'mix']],
  });
});

test('searches that nobody would answer are refused', () => {
  expect(['', ' ', '-', '"" ♥ …'].map(refusal)).toEqual(['empty', 'empty', 'empty', 'empty']);
  expect(['-mp3', '*ound', 'a b c', '"x"', '*ound -mp3 a'].map(refusal)).toEqual(Array(5).fill('no-word'));
  expect(refusal('song -song')).toBe('contradictory');
  expect(refusal('"the song" -"the song"')).toBeUndefined();
});

test('256 bytes go out, not one more, and endless texts are not even looked at', () => {
  const longest = `${'é'.repeat(64)} ${'b'.repeat(127)}`;
  expect(Buffer.byteLength(sent(longest))).toBe(256);
  expect(refusal(`${longest}b`)).toBe('too-long');
  expect(refusal('a '.repeat(1_000_000))).toBe('too-long');
});

const piece = fc.oneof(
  fc.constantFrom(
    '-',
    '*',
    '"',
    ' ',
    'song',
    'x',
    '-live',
    '*ound',
    '"two words"',
    '-"no way"',
    'ac-dc',
    '–',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const query = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

test('cleaning is safe, and cleaning again changes nothing', () => {
  fc.assert(
    fc.property(query, (raw) => {
      const cleaned = cleanQuery(raw);
      if (!cleaned.ok) return;
      const { text } = cleaned.query;
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(256);
      expect(text).toBe(text.trim());
      expect(text).not.toMatch(/[\p{Cc}\p{Cs}"'()]|\s\s|(^|\s)[-*](\s|$)/u);
      expect(text.replace(/(^|\s)[-*]/gu, ' ')).not.toMatch(/[!-/:-@[-`{-~–—‐’“”…]/u);
      expect(text.split(' ').some((word) => !/^[-*]/u.test(word))).toBe(true);
      expect(cleanQuery(text)).toMatchObject({ ok: true, query: { text } });
    }),
    { numRuns: 3000 },
  );
});
