import { expect, it } from 'vitest';
import { scoreRules, scoreTable } from './score.ts';
import { simulate } from './simulation.ts';

it('two weeks in two rooms: everybody gets what they deserve, and nobody else anything', async () => {
  const { scores, broken, deeds } = await simulate({ seed: 1, days: 10, mode: 'live' });
  expect(broken).toEqual([]);
  expect(deeds.length).toBeGreaterThan(10);
  expect(scores.filter(({ wrong }) => wrong > 0)).toEqual([]);
  const imprecise = scores.flatMap(({ rule, right, other }) => (other > 0 ? [[rule, right, other]] : []));
  expect(imprecise).toEqual([['repeats', 13, 1]]);
  // Of a wave the first five are let in: only the sixth makes it one.
  const unseen = scores.flatMap(({ rule, recall }) => (recall < 1 ? [[rule, recall]] : []));
  expect(unseen).toEqual([['join-waves', 7 / 12]]);
}, 120_000);

it('in shadow nothing happens to anybody', async () => {
  const { broken, deeds, cases } = await simulate({ seed: 2, days: 10, mode: 'shadow' });
  expect([broken, deeds]).toEqual([[], []]);
  expect(cases.length).toBeGreaterThan(20);
}, 120_000);

it('a score tells right from wrong and missed', () => {
  const truth = {
    guilt: [
      { rule: 'flood', room: 'a', user: 'x' },
      { rule: 'flood', room: 'a', user: 'y' },
      { rule: 'caps', room: 'a', user: 'z' },
    ],
    guiltyOfAnything: (_room: string, user: string) => 'xyz'.includes(user),
  };
  const of = (rule: string, user: string) => ({ rule, room: 'a', user, acted: true });
  const scores = scoreRules(
    [of('flood', 'x'), of('flood', 'x'), of('flood', 'nobody'), of('flood', 'z')],
    truth,
  );
  expect(scores).toEqual([
    { rule: 'caps', right: 0, wrong: 0, other: 0, missed: 1, precision: 1, recall: 0 },
    { rule: 'flood', right: 1, wrong: 1, other: 1, missed: 1, precision: 1 / 3, recall: 0.5 },
  ]);
  expect(scoreTable(scores)[2]).toBe('flood      1      1      1       1       0.33    0.50');
});
