import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesPath } from './match-path.ts';
import { cleanQuery, type SearchQuery } from './query.ts';

const FILES = [
  "Music\\Simple Band\\Folk Album (2001)\\01 - It's a Simple-Song.mp3",
  'Music\\Other\\rap_album\\Contributer - Live [demo].flac',
  'Music\\Other\\Björk\\片仮名 song.mp3',
  'Docs\\AC-DC notes.txt',
];

function found(raw: string): number[] {
  const cleaned = cleanQuery(raw);
  if (!cleaned.ok) throw new Error(cleaned.reason);
  return FILES.flatMap((path, index) => (matchesPath(cleaned.query, path) ? [index] : []));
}

test.each<[string, number[]]>([
  ['song simple', [0]],
  ['simpl', []],
  ['*imple folk', [0]],
  ['song -flac', [0, 2]],
  ['song -mp3', []],
  ['folk-album', [0]],
  ['rap_album', [1]],
  ["it's", [0]],
  ['its', []],
  ['ac-dc', [3]],
  ['acdc', []],
  ['"folk album"', [0]],
  ['"album folk"', []],
  ['"live demo" -"demo flac"', []],
  ['simple band\\folk', [0]],
  ['live* contributer', [1]],
  ['song -simple-song', [2]],
  ['*仮名 song', [2]],
  ['仮名', [2]],
  ['björk', [2]],
  ['bjork', [2]],
  ['song -bjork', [0, 2]],
  ['song -björk', [0]],
  ['song s', [0]],
])('%j finds %j', (raw, indices) => {
  expect(found(raw)).toEqual(indices);
});

const word = fc.stringMatching(/^[ab]{1,3}$/u);
const words = fc.array(word, { minLength: 1, maxLength: 4 });
const some = fc.array(word, { maxLength: 2 });
const sequences = fc.array(words, { maxLength: 2 });

test('the same as a scan of the padded text', () => {
  const queries = fc.record({ words, endings: some, phrases: sequences, excluded: sequences });
  fc.assert(
    fc.property(queries, fc.array(word, { maxLength: 8 }), (parts, path) => {
      const query: SearchQuery = { text: '', ...parts };
      const padded = ` ${path.join(' ')} `;
      const has = (sequence: readonly string[]) => padded.includes(` ${sequence.join(' ')} `);
      const naive =
        query.words.every((one) => has([one])) &&
        query.endings.every((ending) => padded.includes(`${ending} `)) &&
        query.phrases.every(has) &&
        !query.excluded.some(has);
      expect(matchesPath(query, path.join('_').toUpperCase())).toBe(naive);
    }),
    { numRuns: 2000 },
  );
});
