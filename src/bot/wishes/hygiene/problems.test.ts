import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFatal, NEVER_ANSWERED_TURNS, PROBLEMS, type ProblemContext, problemsOf } from './problems.ts';

const nothing: ProblemContext = { excludedPhrases: [] };
const codes = (query: string, context = nothing) => problemsOf({ query }, context).map(({ code }) => code);

describe('a query', () => {
  it.each([
    ['rare ep', []],
    ['rare\tep\n', []],
    ['東', []],
    ['', ['too-short']],
    ['♥', ['too-short']],
    ['a b', ['too-short']],
    ['*ing', ['too-short']],
    ['-live', ['only-exclusions']],
    ['-"live at" -remix', ['only-exclusions']],
    ['-live a', ['too-short']],
    ['rare -rare', ['contradictory']],
    ['x'.repeat(251), ['too-long']],
    [`${'é'.repeat(125)}x`, ['too-long']],
    ['é'.repeat(125), []],
    ['x '.repeat(3000), ['too-long']],
    ['rare\u0007 ep', ['control-characters']],
    ['\u001b[31mrare', ['control-characters']],
    ['Mоscow', ['mixed-scripts']],
    ['Moscow Москва Αθήνα', []],
    ['東京live', []],
    ['Mоscow\u0000', ['control-characters', 'mixed-scripts']],
  ])('%j has %j', (query, wanted) => {
    expect(codes(query)).toEqual(wanted);
  });

  it('of 300 bytes is told how many are allowed', () => {
    expect(problemsOf({ query: 'x'.repeat(300) }, nothing)).toEqual([
      { code: 'too-long', message: 'the query has 300 bytes; 250 are allowed' },
    ]);
  });

  it('that mixes scripts is told which word does', () => {
    expect(problemsOf({ query: 'old Mоscow' }, nothing)[0]?.message).toBe(
      '"mоscow" mixes Latin and Cyrillic letters: it matches only who mixes them too',
    );
  });
});

describe('phrases that the server excludes', () => {
  const context: ProblemContext = { excludedPhrases: ['bandname', 'greatest hits', '!'] };

  it.each([
    ['bandname ep', ['excluded-phrase']],
    ['superbandnames ep', ['excluded-phrase']],
    ['-bandname ep', []],
    ['greatest hits', ['near-excluded-phrase']],
    ['"the greatest hits"', ['near-excluded-phrase']],
    ['hits greatest', []],
    ['wow!', []],
  ])('%j has %j', (query, wanted) => {
    expect(codes(query, context)).toEqual(wanted);
  });

  it('stand in the way of a filter too', () => {
    const of = (word: string) =>
      problemsOf({ query: 'rare ep', filter: { path: { must: [word] } } }, context).map(
        ({ message }) => message,
      );
    expect(of('Bandname')).toEqual([
      'the server lets nobody answer with a path that has "bandname", and "bandname" is wanted',
    ]);
    expect(of('other')).toEqual([]);
  });
});

describe('a query that nobody ever answered', () => {
  const asked = (turns: number, arrived: number, spellings: number, query = 'Björk') =>
    codes(query, { ...nothing, history: { turns, arrived, spellings } });

  it('is named when every spelling was tried', () => {
    expect(asked(NEVER_ANSWERED_TURNS, 0, 2)).toEqual(['never-answered']);
    expect(asked(NEVER_ANSWERED_TURNS, 0, 1)).toEqual([]);
    expect(asked(NEVER_ANSWERED_TURNS - 1, 0, 2)).toEqual([]);
    expect(asked(NEVER_ANSWERED_TURNS, 1, 2)).toEqual([]);
    expect(asked(NEVER_ANSWERED_TURNS, 0, 1, 'plain')).toEqual(['never-answered']);
  });

  it('has no other spellings when none are wanted', () => {
    const history = { turns: 20, arrived: 0, spellings: 1 };
    expect(problemsOf({ query: 'Björk', variants: false }, { ...nothing, history })).toEqual([
      {
        code: 'never-answered',
        message: '20 turns in one spelling brought no result: a word is misspelt, or the server drops it',
      },
    ]);
  });
});

describe('a scope', () => {
  it.each([
    ['network', []],
    ['buddies', []],
    [{ room: 'indie' }, []],
    [{ room: ' ' }, ['bad-scope']],
    [{ user: 'x'.repeat(101) }, ['bad-scope']],
    [{ user: 'a\u0000' }, ['bad-scope']],
  ] as const)('%j has %j', (scope, wanted) => {
    expect(problemsOf({ query: 'rare ep', scope }, nothing).map(({ code }) => code)).toEqual(wanted);
  });
});

it('refuses only what can never match, and says that first', () => {
  const fatal = Object.keys(PROBLEMS).filter((code) => isFatal({ code, message: '' }));
  expect(fatal).toEqual([
    'too-long',
    'control-characters',
    'only-exclusions',
    'too-short',
    'contradictory',
    'bad-scope',
    'excluded-phrase',
  ]);
  expect(isFatal({ code: 'toString', message: '' })).toBe(false);
  const history = { turns: 99, arrived: 0, spellings: 9 };
  expect(codes('Mоscow\u0000 bandname', { excludedPhrases: ['bandname'], history })).toEqual([
    'control-characters',
    'excluded-phrase',
    'never-answered',
    'mixed-scripts',
  ]);
});

it('takes any text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.array(fc.string({ unit: 'binary' })),
      (query, excludedPhrases) => {
        for (const { code, message } of problemsOf({ query }, { excludedPhrases })) {
          expect(Object.keys(PROBLEMS)).toContain(code);
          expect(message).not.toBe('');
        }
      },
    ),
    { numRuns: 2000 },
  );
});
