import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied, givenBy, readLine } from '../options/read-options.ts';
import { writeLine } from '../options/write-options.ts';
import { csvRows } from './csv-cells.ts';
import { FORMATS, type Format, formatOf, readWishes, writeWishes } from './formats.ts';
import { jsonItems } from './json-items.ts';
import { pythonTexts } from './python-list.ts';
import { FormatError } from './wish-row.ts';

/** What was read, as it would be typed. */
const lines = (text: string, format?: Format) =>
  readWishes(text, format).good.map(({ query, given }) => writeLine(query, given));
const bad = (text: string, format?: Format) =>
  readWishes(text, format).bad.map(({ line, problem }) => `${line}: ${problem}`);
const row = (line: string, createdAt = 0) => ({ ...readLine(line), createdAt });

describe('text', () => {
  it('has a wish a line; comments and empty lines do not count', () => {
    const text =
      '\uFEFF# mine\r\nrare ep ext=flac\r\n\r\n  quiet harbour -live\r\nx mni=3\nno "end\rfor=al\n';
    expect(formatOf(text)).toBe('text');
    expect(lines(text)).toEqual(['rare ep ext=flac', 'quiet harbour -live']);
    expect(bad(text)).toEqual([
      '5: there is no option mni=; did you mean min=?',
      '6: the quote " is never closed',
      '7: there is nothing to search for',
    ]);
  });
});

describe('csv', () => {
  it('has a heading: query, options as they are typed, or a column for an option', () => {
    const text =
      'Query,ext,not,Options\nrare ep,"flac,ogg","live,""radio edit""",min=320\n"multi\nline",,,\n';
    expect(formatOf(text)).toBe('csv');
    expect(lines(text)).toEqual(['rare ep ext=flac,ogg not=live,"radio edit" min=320', 'multi line']);
  });

  it('takes semicolons and tabs', () => {
    expect(lines('query;min\nrare;320\n')).toEqual(['rare min=320']);
    expect(lines('min\tquery\n320\trare\n')).toEqual(['rare min=320']);
  });

  it('names lines that are wrong, counting lines within cells', () => {
    const text = 'query,options\n"a\nb",\nx,min=many\n,\ny,stray\nz,min=1,2\nq,"never\nclosed\n';
    expect(lines(text)).toEqual(['a b']);
    expect(bad(text)).toEqual([
      '4: min= must be a whole number from 0 to 100000 (min=320)',
      '5: it has no query',
      '6: "stray" among the options is none',
      '7: it has 3 cells, and the heading 2',
      '8: the quote " is never closed',
    ]);
  });

  it('refuses a heading that it does not know', () => {
    expect(() => readWishes('query,artst\nx,y\n', 'csv')).toThrow(FormatError);
    expect(() => readWishes('query,mni\nx,y\n', 'csv')).toThrow(
      'line 1: column "mni": there is no option mni=; did you mean min=?',
    );
    expect(() => readWishes('a,b\n', 'csv')).toThrow('must name a column "query"');
    expect(() => readWishes('', 'csv')).toThrow('must name a column "query"');
  });

  it('splits what it joins', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ') }), {
            minLength: 2,
            maxLength: 4,
          }),
          { maxLength: 5 },
        ),
        (rows) => {
          const text = rows
            .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
            .join('\n');
          expect(csvRows(text, ',').map(({ cells }) => cells)).toEqual(rows);
        },
      ),
    );
  });
});

describe('json', () => {
  it('has objects with a query and options by key, of any type that fits', () => {
    const text =
      '[\n  {"query": "rare ep", "ext": ["flac", "a,b"], "min": 320, "slot": true, "note": null},\n  {"query": "x", "not": "live,demo"}\n]';
    expect(formatOf(text)).toBe('json');
    expect(lines(text)).toEqual(['rare ep ext=flac,"a,b" min=320 slot=yes', 'x not=live,demo']);
  });

  it('reads on behind what is broken', () => {
    const text =
      '[\n{"query": "a"},\n{"query": "b,\n{"query": "c"},\n{"query": 3},\n"d",\n{"query": "e", "min": {}},\n{"query": "f"}\n';
    expect(lines(text)).toEqual(['a', 'c', 'f']);
    expect(bad(text)).toEqual([
      '3: it cannot be read as JSON',
      '5: it has no query',
      '6: expected { "query": "…" }',
      '7: min= must be a text, a number, yes or no, or a list of them',
    ]);
  });

  it('finds the elements of any list', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const items = jsonItems(JSON.stringify(values, undefined, 1));
        expect(items?.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
      }),
    );
    expect(jsonItems('{}')).toBeUndefined();
    expect(() => readWishes('{}', 'json')).toThrow(FormatError);
  });
});

describe('Nicotine+', () => {
  const list =
    '[{"term": "70 - \\"test\\" -mp3", "auto_search": true, "filter_mode": "none", "time_added": 1768072220, "custom_filters": ["x"], "ignored_users": ["user1", "user2"]},\n' +
    '{"term": "other", "auto_search": false, "filter_mode": "custom", "time_added": 1, "custom_filters": ["song title|b", "remix", "4MB <=1g", "320", true, "US", "mp3 !wav", "4:00", true], "ignored_users": []},\n' +
    '{"auto_search": true}]';

  it('is read from wishlist.json, filters and all', () => {
    expect(formatOf(list)).toBe('nicotine');
    expect(lines(list)).toEqual([
      '70 - "test" -mp3 not-users=user1,user2',
      'other any="song title",b not=remix min-size=4MB max-size=1gi min=320 slot=yes ext=mp3 min-length=4:00 locked=exclude paused=yes',
    ]);
    expect(bad(list)).toEqual(['3: it has no query']);
    expect(readWishes(list, undefined).notes).toEqual([
      'line 2: its filter by country is left out: nobody says in a search where they are',
      'line 2: file types that it excludes are left out',
    ]);
  });

  it('is read from its config, in the order of the list', () => {
    const config = "[server]\nlogin = me\nautosearch = ['new', \"it's\", 'caf\\xe9 \\\\ x']\nother = 1\n";
    expect(formatOf(config)).toBe('nicotine');
    expect(lines(config)).toEqual(['café \\ x', "it's", 'new']);
    expect(() => readWishes('autosearch = [oops', undefined)).toThrow('line 1: expected autosearch');
    expect(readWishes('autosearch = []\n', undefined).good).toEqual([]);
  });

  it('is written so that it reads it, and we too', () => {
    const text = writeWishes(
      [row('rare ep ext=flac,ogg min=320 not=live not-users=b,a', 1_768_072_220_500), row('x paused=yes')],
      'nicotine',
    );
    expect(JSON.parse(text)).toEqual([
      {
        term: 'rare ep',
        auto_search: true,
        filter_mode: 'custom',
        time_added: 1_768_072_220,
        custom_filters: ['', 'live', '', '>=320', false, '', 'flac ogg', '', false],
        ignored_users: ['a', 'b'],
      },
      {
        term: 'x',
        auto_search: false,
        filter_mode: 'none',
        time_added: 0,
        custom_filters: [],
        ignored_users: [],
      },
    ]);
    expect(lines(text)).toEqual(['rare ep not=live min=320 ext=flac,ogg not-users=a,b', 'x paused=yes']);
  });

  it('reads lists of Python', () => {
    expect(pythonTexts(String.raw` [ 'a', "b'c" , '\u00e9\n\U0001F600', ] `)).toEqual(['a', "b'c", 'é\n😀']);
    for (const wrong of ['a', "['a' 'b']", "['a", '[1]', "['a', b]"])
      expect(pythonTexts(wrong)).toBeUndefined();
  });
});

it('reads back what it wrote, in every format that can say everything', () => {
  const word = fc.string({
    minLength: 1,
    maxLength: 8,
    unit: fc.constantFrom('a', 'ö', '日', ',', '"', ';', '=', '\\', ' ', '#', '{', "'", '\n'),
  });
  const wish = fc.record({
    query: word,
    not: fc.array(
      word.filter((text) => text.trim() !== ''),
      { maxLength: 3 },
    ),
    min: fc.nat(1000),
  });
  fc.assert(
    fc.property(
      fc.array(wish, { maxLength: 6 }),
      fc.constantFrom(...FORMATS.filter((format) => format !== 'nicotine')),
      (wishes, format) => {
        const rows = wishes.flatMap(({ query, not, min }) => {
          const found = readWishes(JSON.stringify([{ query, not, min }]), 'json').good[0];
          return found === undefined ? [] : [{ ...found, createdAt: 0 }];
        });
        const again = readWishes(writeWishes(rows, format), format);
        expect(again.bad).toEqual([]);
        const plain = ({ query, given }: (typeof again.good)[number]) => ({
          query,
          ...applied({}, given, 0),
        });
        expect(again.good.map(plain)).toEqual(rows.map((one) => plain({ ...one, line: 0 })));
        expect(givenBy(applied({}, again.good[0]?.given ?? [], 0))).toHaveLength(
          again.good[0]?.given.length ?? 0,
        );
      },
    ),
    { numRuns: 500 },
  );
});

it('never fails but with a FormatError', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(...FORMATS), (text, format) => {
      try {
        readWishes(text, format);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }),
    { numRuns: 1000 },
  );
});

it('refuses a line without end instead of reading it for minutes', () => {
  const line = ',"'.repeat(20_000);
  for (const format of ['text', 'csv'] as const)
    expect(() => readWishes(`query,options\n${line}`, format)).toThrow(
      'line 2 is longer than 20000 characters',
    );
  const json = JSON.stringify(Array.from({ length: 2_000 }, (_, i) => ({ query: `rare ep ${i}` })));
  expect(readWishes(json, undefined).good).toHaveLength(2_000);
});
