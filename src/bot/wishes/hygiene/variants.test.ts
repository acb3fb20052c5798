import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanQuery } from '../../../network/search/query.ts';
import { wordsIn } from '../content/fold.ts';
import { WORDS } from '../content/hit.test-support.ts';
import { variantsOf } from './variants.ts';

describe('spellings to try', () => {
  it.each([
    ['plain words', []],
    ['Björk Ænima', ['Bjork AEnima']],
    ['Straße', ['Strasse']],
    ['мой ёж', []],
    ["don't stop", ['dont stop']],
    ['don’t stop', ['dont stop']],
    ["rock 'n' roll", []],
    ['東京 事変', ['東京事変']],
    ['東京事変live', ['東京事変 live']],
    ['ＡＢＣ ｶﾀｶﾅ', ['ABC カタカナ']],
    ['マイケル・ジャクソン', ['マイケルジャクソン', 'マイケル ジャクソン']],
    ['band feat. singer', ['band & singer', 'band ft singer', 'band featuring singer']],
    ['band ft singer', ['band & singer', 'band feat singer', 'band featuring singer']],
    ['song (featuring singer)', ['song (& singer)', 'song (feat singer)', 'song (ft singer)']],
    ['drum and bass', ['drum & bass']],
    ['drum & bass', []],
    ['album part 2', ['album part II']],
    ['album vol. 12', ['album vol. XII']],
    ['album Part XII', ['album Part 12']],
    // Single digits are not sent, so this would ask for everything of the album.
    ['album part II', []],
    ['the XX', []],
    ['part ½', ['part 1⁄2']],
    ['7 seconds', []],
    ['"été à la mer" x', ['"ete a la mer" x']],
  ])('of %s', (query, others) => {
    expect(variantsOf(query)).toEqual([query, ...others]);
  });

  it('leave alone what is excluded or completed', () => {
    expect(variantsOf('été -"don\'t and été" -björk *ché "ça" -ft.')).toEqual([
      'été -"don\'t and été" -björk *ché "ça" -ft.',
      'ete -"don\'t and été" -björk *ché "ca" -ft.',
    ]);
  });

  it('are six at most, with everything plain among them', () => {
    expect(variantsOf("Björk don't 東京 事変 feat. Rosalía part 12")).toEqual([
      "Björk don't 東京 事変 feat. Rosalía part 12",
      "Bjork don't 東京 事変 feat. Rosalia part 12",
      'Björk dont 東京 事変 feat. Rosalía part 12',
      "Björk don't 東京事変 feat. Rosalía part 12",
      "Björk don't 東京 事変 & Rosalía part 12",
      'Bjork dont 東京事変 & Rosalia part XII',
    ]);
  });

  it('never make a wide minus an exclusion, nor wide quotes a phrase', () => {
    for (const query of ['été －bar', 'été ＂a b＂', 'été ＊bar']) {
      const excluded = variantsOf(query).map((variant) => cleanQuery(variant));
      for (const cleaned of excluded)
        expect(cleaned).toMatchObject({ query: { excluded: [], endings: [], phrases: [] } });
    }
  });

  it.each(['', '-only', '*', 'a', 'x -x', 'été'.repeat(200)])(
    'are the query alone when it cannot be sent: %j',
    (query) => {
      expect(variantsOf(query)).toEqual([query]);
    },
  );
});

describe('whatever the query, its spellings', () => {
  const pieces = [
    ...WORDS,
    'feat.',
    'ft',
    'and',
    '&',
    "don't",
    'part',
    'XII',
    '2',
    '-x',
    '-"a feat. b"',
    '*é',
    '"ça va"',
    '・',
    '「-x',
    '－',
  ];
  const query = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((all) => all.join(' ')),
    fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((all) => all.join('')),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string(),
  );
  /** What must not get lost: all words in order, without connecting ones and whatever a number is written in. */
  const unsaid = new Set(['feat', 'ft', 'featuring', 'and', '2', 'ii', '12', 'xii']);
  const essence = (text: string) =>
    wordsIn(text.replaceAll(/(?:^|\s)(?:-(?:"[^"]*"|\S+)|\*\S+)/gu, ' '))
      .filter((word) => !unsaid.has(word))
      .join('');

  it('are distinct, fit, exclude the same and want the same', () => {
    let more = 0;
    fc.assert(
      fc.property(query, (typed) => {
        const all = variantsOf(typed);
        expect(all[0]).toBe(typed);
        expect(all.length).toBeLessThanOrEqual(6);
        expect(variantsOf(typed)).toEqual(all);
        const first = cleanQuery(typed);
        if (!first.ok) expect(all).toEqual([typed]);
        const sent = all.map((variant) => {
          const cleaned = cleanQuery(variant);
          if (!cleaned.ok || !first.ok) return variant;
          if (variant !== typed) expect(Buffer.byteLength(variant)).toBeLessThanOrEqual(250);
          expect(cleaned.query.excluded).toEqual(first.query.excluded);
          expect(cleaned.query.endings).toEqual(first.query.endings);
          return cleaned.query.text.toLowerCase();
        });
        expect(new Set(sent).size).toBe(all.length);
        expect(new Set(all.map(essence)).size).toBe(1);
        more += all.length - 1;
      }),
      { numRuns: 4000 },
    );
    expect(more).toBeGreaterThan(1000);
  });
});
