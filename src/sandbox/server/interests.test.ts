import { describe, expect, test } from 'vitest';
import { virtualSandbox } from '../sandbox.ts';
import {
  globalRecommendations,
  itemRecommendations,
  recommendationsFor,
  type Taste,
} from './recommendations.ts';

const taste = (likes: readonly string[], hates: readonly string[] = []): Taste => ({
  likes: new Set(likes),
  hates: new Set(hates),
});
const pairs = (items: readonly { item: string; score: number }[]) =>
  items.map(({ item, score }) => [item, score]);

describe('recommendations', () => {
  // The cases that the documentation of the official server works out [aioslsk].
  test.each([
    [taste(['1']), taste(['1', '2']), [['2', 1]]],
    [taste([], ['1']), taste(['1', '2'], ['3']), [['2', -1]]],
    [
      taste(['1', '2']),
      taste(['1', '2'], ['3', '4']),
      [
        ['3', -2],
        ['4', -2],
      ],
    ],
    [taste([], ['3']), taste(['1', '2'], ['3', '4']), []],
    [
      taste(['3']),
      taste(['1', '2'], ['3', '4']),
      [
        ['1', -1],
        ['2', -1],
      ],
    ],
    [taste(['3'], ['1']), taste(['1', '2'], ['3', '4']), [['2', -2]]],
    [
      taste(['1', '2']),
      taste(['1', '2', '5'], ['3', '4']),
      [
        ['5', 2],
        ['3', -2],
        ['4', -2],
      ],
    ],
    [taste(['1']), taste(['1', '2'], ['2']), []],
  ])('%# are scored by shared likes', (me, other, expected) => {
    expect(pairs(recommendationsFor(me, [other]).recommendations)).toEqual(expected);
  });

  test('both lists hold the same when there is little, and 100 at most', () => {
    const few = recommendationsFor(taste(['a']), [taste(['a', 'b'], ['c'])]);
    expect(pairs(few.recommendations)).toEqual([
      ['b', 1],
      ['c', -1],
    ]);
    expect(pairs(few.unrecommendations)).toEqual([
      ['c', -1],
      ['b', 1],
    ]);
    const many = Array.from({ length: 150 }, (_, i) => `item${i}`);
    const lots = recommendationsFor(taste(['a']), [taste(['a', ...many])]);
    expect([lots.recommendations.length, lots.unrecommendations.length]).toEqual([100, 100]);
  });

  test('globally: likes minus hates, 200 at most, no zeros', () => {
    const all = globalRecommendations([taste(['x', 'y']), taste(['x'], ['z', 'y']), taste(['q'])]);
    expect(pairs(all.recommendations)).toEqual([
      ['x', 2],
      ['q', 1],
      ['z', -1],
    ]);
    const many = Array.from({ length: 300 }, (_, i) => `item${i}`);
    expect(globalRecommendations([taste(many)]).recommendations).toHaveLength(200);
  });

  test('by item', () => {
    expect(pairs(itemRecommendations('jazz', [taste(['jazz', 'dub'], ['pop']), taste(['pop'])]))).toEqual([
      ['dub', 1],
      ['pop', -1],
    ]);
  });
});

test('over the wire: case and spaces do not matter, all of it ends with the session', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  b!.send(
    { type: 'AddThingILike', item: 'Jazz ' },
    { type: 'AddThingILike', item: 'dub' },
    { type: 'AddThingILike', item: '' },
    { type: 'AddThingILike', item: 'gone' },
    { type: 'RemoveThingILike', item: 'GONE' },
    { type: 'AddThingIHate', item: 'noise' },
    { type: 'AddThingIHate', item: 'x'.repeat(65) },
  );
  await sandbox.world.clock.advance(10);
  a!.forget();
  a!.send(
    { type: 'AddThingILike', item: 'jazz' },
    { type: 'Recommendations' },
    { type: 'GlobalRecommendations' },
    { type: 'ItemRecommendations', item: 'Jazz' },
    { type: 'SimilarUsers' },
    { type: 'ItemSimilarUsers', item: 'jazz' },
    { type: 'UserInterests', username: 'b' },
    { type: 'UserInterests', username: 'nobody' },
    { type: 'MyRecommendations' },
    { type: 'SimilarRecommendations', recommendation: 'jazz' },
    { type: 'RelatedSearch', query: 'abba' },
  );
  await sandbox.world.clock.advance(10);
  const lists = {
    recommendations: [
      { item: 'dub', score: 1 },
      { item: 'noise', score: -1 },
    ],
    unrecommendations: [
      { item: 'noise', score: -1 },
      { item: 'dub', score: 1 },
    ],
  };
  expect(a!.heard.map(({ message }) => message)).toEqual([
    { type: 'Recommendations', ...lists },
    {
      type: 'GlobalRecommendations',
      recommendations: [{ item: 'jazz', score: 2 }, ...lists.recommendations],
      unrecommendations: [...lists.unrecommendations, { item: 'jazz', score: 2 }],
    },
    { type: 'ItemRecommendations', item: 'Jazz', recommendations: lists.recommendations },
    { type: 'SimilarUsers', users: [{ username: 'b', rating: 1 }] },
    { type: 'ItemSimilarUsers', item: 'jazz', usernames: ['a', 'b'] },
    { type: 'UserInterests', username: 'b', likes: ['jazz', 'dub'], hates: ['noise'] },
    { type: 'UserInterests', username: 'nobody', likes: [], hates: [] },
    { type: 'MyRecommendations', recommendations: [] },
    { type: 'SimilarRecommendations', recommendation: 'jazz', similarRecommendations: [] },
    { type: 'RelatedSearch', query: 'abba', terms: [] },
  ]);
  b!.drop();
  await sandbox.world.clock.advance(10);
  await sandbox.run(b!.login());
  expect(sandbox.server.world.session('b')).toMatchObject({ likes: [], hates: [] });
});

test('thirty likes and no more', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a');
  for (let i = 0; i < 40; i++) a!.send({ type: 'AddThingILike', item: `thing ${i}` });
  await sandbox.world.clock.advance(10);
  expect(sandbox.server.world.session('a')?.likes).toHaveLength(30);
});
