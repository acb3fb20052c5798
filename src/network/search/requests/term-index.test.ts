import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readIncoming } from '../incoming-query.ts';
import { readTerm, TermIndex } from './term-index.ts';

function matched(terms: readonly string[], query: string): string[] {
  const index = new TermIndex<string>();
  for (const text of terms) index.add(readTerm(text)!, text);
  const found: string[] = [];
  index.match(readIncoming(query).words, (text) => found.push(text));
  return found.sort();
}

test.each([
  ['twin', 'Aphex TWIN', true],
  ['twin', 'twins', false],
  ['aphex twin', 'twin-peaks aphex', true],
  ['"aphex twin"', 'twin aphex', false],
  ['"aphex twin"', 'best of aphex.twin!', true],
  ['live "aphex twin"', 'aphex twin', false],
  ['live "aphex twin"', 'aphex twin live', true],
  ['björk', 'bjork', false],
  ['björk', 'BJO\u0308RK', true],
  ['ac-dc', 'ac/dc', true],
  ['flac', 'album -flac', false],
  ['ound', '*ound album', false],
  ['"song"', 'a song', true],
  ['a a', 'b a', true],
  ['"a a"', 'a b a', false],
])('term %j, query %j: %j', (term, query, matches) => {
  expect(matched([term], query)).toEqual(matches ? [term] : []);
});

const word = fc.constantFrom('a', 'b', 'ä', 'C', 'dd', 'É', 'é', 'e', '片');
const gap = fc.constantFrom(' ', '-', '_', ' - ', '…', "'");
const text = fc
  .array(fc.tuple(word, gap), { minLength: 1, maxLength: 4 })
  .map((pairs) => pairs.flat().slice(0, -1).join(''));
const term = fc.oneof(
  text,
  text.map((inner) => `"${inner}"`),
  fc.tuple(text, text).map(([a, b]) => `${a} "${b}"`),
);
const query = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '-', '/', '\u00a0')), { maxLength: 14 })
  .map((pairs) => pairs.flat().join(''));

/** As one would do it without an index: pad and look. */
function naive(termText: string, queryText: string): boolean {
  const pad = (value: string) =>
    ` ${value
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
      .trim()} `;
  const haystack = pad(queryText);
  const quoted = [...termText.matchAll(/"([^"]*)"/gu)].map(([, inner]) => pad(inner!));
  const words = pad(termText)
    .trim()
    .split(' ')
    .map((one) => ` ${one} `);
  return [...quoted, ...words].every((part) => haystack.includes(part));
}

test('the same as a naive scan, whatever the terms, while they come and go', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(term, fc.boolean()), { maxLength: 30 }),
      fc.array(query, { maxLength: 10 }),
      (terms, queries) => {
        const index = new TermIndex<string>();
        const kept: string[] = [];
        for (const [one, keep] of terms) {
          const remove = index.add(readTerm(one)!, one);
          if (keep) kept.push(one);
          else {
            remove();
            remove();
          }
        }
        expect(index.size).toBe(kept.length);
        for (const one of queries) {
          const found: string[] = [];
          index.match(readIncoming(one).words, (value) => found.push(value));
          expect(found.sort()).toEqual(kept.filter((value) => naive(value, one)).sort());
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test('a term needs a word', () => {
  expect(['', ' ', '"-"', '♥ …'].map(readTerm)).toEqual(Array(4).fill(undefined));
});
