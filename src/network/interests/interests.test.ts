import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { FakeLink } from '../fake-link.test-support.ts';
import { Interests } from './interests.ts';

function bench(login = true) {
  const link = new FakeLink();
  const clock = new VirtualClock();
  const interests = new Interests({ link, clock, log: memoryLog() });
  if (login) link.login();
  return { link, clock, interests };
}

describe('our interests', () => {
  it('are normalised, sent once, and restored after login', () => {
    const { link, interests } = bench(false);
    expect(interests.like('  Jazz ')).toEqual({ item: 'jazz', changed: true });
    expect(link.take()).toEqual([]);
    link.login();
    expect(link.take()).toEqual([{ type: 'AddThingILike', item: 'jazz' }]);
    expect(interests.like('JAZZ')).toEqual({ item: 'jazz', changed: false });
    interests.hate('Dub');
    interests.hate('x');
    interests.unhate('X ');
    interests.unlike('nothing');
    expect(link.takeTypes()).toEqual(['AddThingIHate', 'AddThingIHate', 'RemoveThingIHate']);
    link.lose();
    link.login();
    expect(link.take()).toEqual([
      { type: 'AddThingILike', item: 'jazz' },
      { type: 'AddThingIHate', item: 'dub' },
    ]);
    expect([interests.likes, interests.hates]).toEqual([['jazz'], ['dub']]);
  });

  it('warn beyond the known limits', () => {
    const { link, interests } = bench();
    expect(interests.like('é'.repeat(33)).warning).toContain('66');
    for (let i = 0; i < 29; i++) expect(interests.like(`item ${i}`).warning).toBeUndefined();
    expect(interests.like('one more').warning).toContain('31');
    expect(interests.like(' ')).toMatchObject({ changed: false, warning: expect.any(String) });
    expect(link.frames).toHaveLength(31);
  });
});

describe('recommendations', () => {
  it('are sorted by sign, overlaps and zeros removed', async () => {
    const { link, interests } = bench();
    const asked = interests.recommendations();
    link.says({
      type: 'Recommendations',
      recommendations: [
        { item: 'a', score: -1 },
        { item: 'b', score: 2 },
        { item: 'c', score: 9 },
      ],
      unrecommendations: [
        { item: 'a', score: -1 },
        { item: 'd', score: -7 },
        { item: 'b', score: 2 },
        { item: 'e', score: 0 },
      ],
    });
    expect(await asked).toEqual({
      state: 'answered',
      value: {
        recommended: [
          { item: 'c', score: 9 },
          { item: 'b', score: 2 },
        ],
        unrecommended: [
          { item: 'd', score: -7 },
          { item: 'a', score: -1 },
        ],
      },
    });
  });

  it('each answer finds its question', async () => {
    const { link, interests } = bench();
    const asked = Promise.all([
      interests.globalRecommendations(),
      interests.itemRecommendations('Jazz'),
      interests.itemRecommendations('dub'),
      interests.similarUsers(),
      interests.itemSimilarUsers(' JAZZ'),
      interests.userInterests('ann'),
    ]);
    expect(link.takeTypes()).toEqual([
      'GlobalRecommendations',
      'ItemRecommendations',
      'ItemRecommendations',
      'SimilarUsers',
      'ItemSimilarUsers',
      'UserInterests',
    ]);
    link.says(
      { type: 'UserInterests', username: 'ann', likes: ['jazz'], hates: [] },
      { type: 'ItemSimilarUsers', item: 'jazz', usernames: ['zoe'] },
      { type: 'SimilarUsers', users: [{ username: 'zoe', rating: 3 }] },
      { type: 'ItemRecommendations', item: 'dub', recommendations: [{ item: 'reggae', score: 1 }] },
      { type: 'ItemRecommendations', item: 'Jazz', recommendations: [{ item: 'bop', score: 1 }] },
      { type: 'GlobalRecommendations', recommendations: [] },
    );
    expect((await asked).map((answer) => answer.state === 'answered' && answer.value)).toEqual([
      { recommended: [], unrecommended: [] },
      { recommended: [{ item: 'bop', score: 1 }], unrecommended: [] },
      { recommended: [{ item: 'reggae', score: 1 }], unrecommended: [] },
      [{ user: 'zoe', shared: 3 }],
      ['zoe'],
      { likes: ['jazz'], hates: [] },
    ]);
  });

  it('end without an answer', async () => {
    const { link, clock, interests } = bench();
    const silent = interests.similarUsers();
    await clock.advance(15_000);
    expect(await silent).toEqual({ state: 'unknown', reason: 'the server did not answer within 15 s' });
    const lost = interests.similarUsers();
    link.lose();
    expect(await lost).toMatchObject({ state: 'unknown' });
    expect(await interests.similarUsers()).toEqual({ state: 'unknown', reason: 'not logged in' });
    expect(clock.pending).toBe(0);
  });
});
