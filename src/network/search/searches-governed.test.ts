import { afterEach, expect, test } from 'vitest';
import { nullLog } from '../../platform/null-log.ts';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { decodeServerRequest } from '../../protocol/index.ts';
import { Governor } from '../governor/governor.ts';
import { MemoryState } from '../memory-ports.ts';
import { SessionLink } from '../session/session-link.ts';
import { FakeResults } from './fake-results.test-support.ts';
import { Searches } from './searches.ts';

let stop = (): void => {};
afterEach(() => stop());

/** Searches behind the real governor; what leaves is kept with its time in seconds. */
async function governed() {
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const began = clock.now();
  const governor = new Governor({ clock, random, log: nullLog, state: new MemoryState() });
  await governor.load();
  const left: [second: number, type: string, query: string][] = [];
  governor.open({
    write: (bytes) => {
      const decoded = decodeServerRequest(bytes.subarray(4));
      if (!decoded.ok || !('query' in decoded.message)) throw new Error('not a search');
      left.push([Math.round((clock.now() - began) / 1000), decoded.message.type, decoded.message.query]);
      return true;
    },
  });
  const state = { name: 'online', since: 0, greeting: '', ip: '127.0.0.1', supporter: false } as const;
  const link = new SessionLink({ username: 'bot', governor, log: nullLog, state: () => state });
  const searches = new Searches({ link, results: new FakeResults(), clock, random, isJoined: () => true });
  stop = () => {
    searches.close();
    governor.stop();
  };
  return { clock, governor, searches, left };
}

test('the same words too soon are refused, whatever their order; others wait for their turn', async () => {
  const { clock, searches, left } = await governed();
  const first = searches.search({ query: 'some song' });
  await clock.advance(1000);
  const again = searches.search({ query: '"Song" some!' });
  const third = searches.search({ query: 'third song', timeoutMs: 10_000 });
  expect((await again.done).error?.code).toBe('duplicate');
  expect([first.state, third.state]).toEqual(['running', 'waiting']);
  await clock.advance(5000);
  expect(third.state).toBe('running');
  await clock.advance(8999);
  expect(third.state).toBe('running');
  await clock.advance(1);
  expect(await third.done).toMatchObject({ reason: 'timeout' });
  expect(left).toEqual([
    [0, 'FileSearch', 'some song'],
    [5, 'FileSearch', 'third song'],
  ]);
});

test('each user can be asked for the same words, and none of them twice', async () => {
  const { clock, searches, left } = await governed();
  const ask = (user: string) => searches.search({ query: 'some song', scope: { user }, timeoutMs: 1000 });
  const all = [ask('al'), ask('bob'), searches.search({ query: 'some song', timeoutMs: 1000 })];
  await clock.advance(60_000);
  for (const one of all) expect((await one.done).reason).toBe('timeout');
  expect((await ask('al').done).error?.code).toBe('duplicate');
  expect(left.map(([, type]) => type)).toEqual(['UserSearch', 'UserSearch', 'FileSearch']);
});

test('a search that is not wanted any more never leaves', async () => {
  const { clock, searches, left, governor } = await governed();
  searches.search({ query: 'first song' });
  await clock.advance(0);
  const second = searches.search({ query: 'second song' });
  const third = searches.search({ query: 'third song', maxWaitMs: 1000 });
  second.stop();
  await clock.advance(60_000);
  expect((await third.done).error?.code).toBe('expired');
  expect(left.map(([, , query]) => query)).toEqual(['first song']);
  expect(governor.snapshot().queued).toEqual([]);
});

test('wishlist searches: one per interval of the server, and none of the other budget', async () => {
  const { clock, governor, searches, left } = await governed();
  governor.setWishlistInterval(120);
  for (const query of ['wish one', 'wish two', 'wish three']) searches.wishlistSearch({ query });
  searches.search({ query: 'a song' });
  await clock.advance(20 * 60_000);
  const wishes = left.filter(([, type]) => type === 'WishlistSearch').map(([second]) => second);
  expect(wishes).toHaveLength(3);
  expect(wishes[1]! - wishes[0]!).toBeGreaterThanOrEqual(120);
  expect(wishes[2]! - wishes[1]!).toBeGreaterThanOrEqual(120);
  expect(left).toContainEqual([0, 'FileSearch', 'song']);
});
