import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPTIONS } from './option-specs.ts';
import { plainQuery, typedQuery } from './query.ts';
import { applied, givenBy, readLine } from './read-options.ts';
import { WordsError, wordsOf } from './words.ts';
import { writeLine } from './write-options.ts';

const NOW = Date.UTC(2026, 0, 1);
const read = (line: string) => {
  const { query, given } = readLine(line);
  return { query, ...applied({}, given, NOW) };
};
const problem = (line: string): string => {
  try {
    read(line);
  } catch (error) {
    if (error instanceof WordsError) return error.message;
    throw error;
  }
  return 'no problem';
};

describe('a wish in one line', () => {
  it('is a query and options, in any order', () => {
    expect(read('  rare  ep "two words" -live ext=flac,ogg min=320 *ending not=live,"radio edit" ')).toEqual({
      query: 'rare ep "two words" -live *ending',
      filter: { ext: ['flac', 'ogg'], minBitrate: 320, path: { not: ['live', 'radio edit'] } },
    });
  });

  it.each([
    ['x every=2h at-most=1d prio=8', { every: 7_200_000, atMost: 86_400_000, priority: 8 }],
    ['x expires=90d', { expires: NOW + 90 * 86_400_000 }],
    ['x deadline=2027-05-01', { deadline: Date.UTC(2027, 4, 1) }],
    ['x deadline=2027-05-01T12:30', { deadline: Date.UTC(2027, 4, 1, 12, 30) }],
    ['x min-size=5MB max-size=1.5GiB', { filter: { minSize: 5e6, maxSize: 1.5 * 1024 ** 3 } }],
    ['x length=3:50 tolerance=2', { filter: { duration: 230, durationTolerance: 2 } }],
    ['x min-length=1:02:03 rate=44.1k', { filter: { minDuration: 3723, minSampleRate: 44_100 } }],
    ['x slot=yes vbr=no', { filter: { freeSlot: true, vbr: false } }],
    ['x match="(?i)disc [12]" match=a{2,3}', { filter: { patterns: ['(?i)disc [12]', 'a{2,3}'] } }],
    ['x not=live not=demo', { filter: { path: { not: ['live', 'demo'] } } }],
    ['x tell=new', { tell: { sources: false, better: false, again: false } }],
    ['x tell=again', { tell: { sources: false, better: false, again: true } }],
    ['x room=indie', { scope: { room: 'indie' } }],
    ['x scope=buddies cron="17 */6 * * *"', { scope: 'buddies', cron: '17 */6 * * *' }],
    ['x user="two words" online=al,"b c"', { scope: { user: 'two words' }, whenOnline: ['al', 'b c'] }],
    [
      'x to=me,phone digest=day note="for the \\"party\\""',
      { data: { to: ['me', 'phone'], digest: 'day' }, note: 'for the "party"' },
    ],
    ['x EXT=FLAC', { filter: { ext: ['FLAC'] } }],
    ['x min=', {}],
    ['“x” not=„radio edit“', { query: '"x"', filter: { path: { not: ['radio edit'] } } }],
    ['12" vinyl', { query: '12" vinyl' }],
    ['"e=mc2" live', { query: '"e=mc2" live' }],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual({ query: 'x', ...expected });
  });

  it.each([
    ['x mni=320', 'there is no option mni=; did you mean min=?'],
    ['x qwertyuiop=1', 'there is no option qwertyuiop=; in quotes it is a word to search for'],
    ['x min=many', 'min= must be a whole number from 0 to 100000 (min=320)'],
    ['x min=1 min=2', 'min= is given twice'],
    ['x min=1,2', 'min= must be a whole number from 0 to 100000 (min=320)'],
    ['x every=5m', 'every= must be at least 10m (every=2h)'],
    ['x every=soon', 'every= must be a duration such as 30m or 1d12h (every=2h)'],
    ['x prio=11', 'prio= must be a whole number from 1 to 10 (prio=8)'],
    ['x class=lossles', /class= must be lossless, .*; did you mean lossless\?/],
    ['x class=a', /^class= must be lossless, lossy, audio, video, image, archive, text \(/],
    ['x slot=maybe', 'slot= must be yes or no (slot=yes)'],
    ['x min-size=big', /min-size= must be a size such as 5MB/],
    ['x length=3:99', /length= must be a length such as 3:50/],
    ['x rate=5', /rate= must be a sample rate/],
    ['x expires=2027-13-45', /expires= must be a date such as/],
    ['x room=a user=b', 'room= and user= exclude each other'],
    ['x "never closed', 'the quote " is never closed'],
    ['x not=a,"b', 'the quote " is never closed'],
    [`x to=${'a,'.repeat(6)}`, /to= takes 5 at most/],
    ['x'.repeat(251), 'the query has 251 bytes; 250 is the most'],
    ['д'.repeat(130), 'the query has 260 bytes; 250 is the most'],
    ['x\u0007y', 'the query holds a control character'],
  ])('is refused: %s', (line, expected) => {
    expect(problem(line)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('counts nothing from now in a config, which is read again and again', () => {
    expect(() => applied({}, readLine('x expires=90d').given, undefined)).toThrow(
      /must be a date such as 2027-05-01 here/,
    );
    expect(applied({}, readLine('x expires=2027-05-01').given, undefined)).toEqual({
      expires: Date.UTC(2027, 4, 1),
    });
  });

  it('takes away what is given nothing', () => {
    const before = applied({}, readLine('x not=live min=320 prio=8').given, NOW);
    expect(applied(before, readLine('not= prio=').given, NOW)).toEqual({ filter: { minBitrate: 320 } });
    expect(applied(before, readLine('not= min= prio=').given, NOW)).toEqual({});
    expect(applied(before, readLine('not=demo').given, NOW)).toMatchObject({
      filter: { minBitrate: 320, path: { not: ['demo'] } },
    });
  });

  it('has examples that can be read, and keys that are there once', () => {
    for (const { key, example } of OPTIONS) {
      expect(readLine(example).given.map(({ spec }) => spec.key)).toEqual([key]);
      expect(() => read(`x ${example}`)).not.toThrow();
    }
    expect(new Set(OPTIONS.map(({ key }) => key)).size).toBe(OPTIONS.length);
  });

  it('is read back as it was written', () => {
    const value = fc.oneof(
      fc.constantFrom('a', 'a,b', 'two words', '"q"', 'back\\slash', ',', '“x”', '-x', 'k=v', '#', ' x '),
      fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    );
    const settings = fc
      .record(
        {
          ext: fc.array(value, { minLength: 1, maxLength: 4 }),
          patterns: fc.array(value, { minLength: 1, maxLength: 3 }),
          minBitrate: fc.nat(100_000),
          minSize: fc.nat(),
          duration: fc.nat(100_000),
          minSampleRate: fc.integer({ min: 1000, max: 1_000_000 }),
          freeSlot: fc.boolean(),
        },
        { requiredKeys: [] },
      )
      .chain((filter) =>
        fc.record(
          {
            ...(Object.keys(filter).length === 0 ? {} : { filter: fc.constant(filter) }),
            every: fc.integer({ min: 600_000, max: 1e9 }),
            expires: fc.integer({ min: 0, max: 4e12 }),
            scope: fc.oneof(fc.constant('buddies'), fc.record({ room: value }), fc.record({ user: value })),
            note: value,
            tell: fc.record({ sources: fc.boolean(), better: fc.boolean(), again: fc.boolean() }),
          },
          { requiredKeys: [] },
        ),
      );
    fc.assert(
      fc.property(fc.string({ maxLength: 40, unit: 'grapheme' }), settings, (text, wish) => {
        let query: string;
        try {
          query = typedQuery(plainQuery(text));
        } catch (error) {
          expect(error).toBeInstanceOf(WordsError);
          return;
        }
        const quiet = JSON.parse(JSON.stringify(wish).replaceAll(/\\u00[01]\w/gu, '')) as Record<
          string,
          unknown
        >;
        const line = writeLine(query, givenBy(quiet));
        const again = readLine(line);
        expect(again.query).toBe(query);
        expect(applied({}, again.given, NOW)).toEqual(straight(quiet));
      }),
      { numRuns: 500 },
    );
  });

  it('never fails in another way', () => {
    fc.assert(
      fc.property(
        fc.string({
          maxLength: 80,
          unit: fc.constantFrom('"', '=', ',', '-', 'a', ' ', '\\', 'n', 'o', 't', '“'),
        }),
        (line) => {
          try {
            for (const { raw } of wordsOf(line)) expect(raw).not.toBe('');
            readLine(line);
          } catch (error) {
            expect(error).toBeInstanceOf(WordsError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** Curly quotes become straight ones. */
function straight(value: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/[“”„«»]/gu, '\\"'));
}
