import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { FileEntry } from '../../protocol/index.ts';
import { FakeLink, settled } from '../fake-link.test-support.ts';
import { claimed, FakeResults, file } from './fake-results.test-support.ts';
import type { SearchHit } from './hit.ts';
import type { Search } from './search-run.ts';
import { Searches } from './searches.ts';

function setUp(random = new SeededRandom(1)) {
  const link = new FakeLink();
  const clock = new VirtualClock();
  const peers = new FakeResults();
  const searches = new Searches({
    link,
    results: peers,
    clock,
    random,
    isJoined: (room) => room === 'indie',
  });
  link.login();
  /** The token of the last search that was sent. */
  const token = (): number => {
    const request = link.frames.at(-1)?.request;
    if (request === undefined || !('token' in request)) throw new Error('no search was sent');
    return request.token;
  };
  const start = async (...[options]: Parameters<Searches['search']>): Promise<Search> => {
    const search = searches.search(options);
    await settled();
    return search;
  };
  return { link, clock, peers, searches, token, start };
}

async function all(search: Search): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  for await (const hit of search) hits.push(hit);
  return hits;
}

const many = (count: number, name = 'song'): FileEntry[] =>
  Array.from({ length: count }, (_, index) => file(`a\\${name} ${index}.mp3`));

describe('a search', () => {
  test('goes out clean under the governor, to network, room or user', async () => {
    const { link, searches, start } = setUp();
    await start({ query: 'some-song "b sides"', origin: 'x', priority: 'reply', maxWaitMs: 5000 });
    await start({ query: 'song', scope: { room: 'indie' } });
    await start({ query: 'song', scope: { user: 'al' } });
    searches.wishlistSearch({ query: 'song' });
    const text = 'some song sides';
    expect(link.frames).toMatchObject([
      {
        request: { type: 'FileSearch', query: text },
        traffic: { kind: 'search', query: text },
        options: { origin: 'x', priority: 'reply' },
      },
      { request: { type: 'RoomSearch', room: 'indie', query: 'song' }, traffic: { kind: 'search' } },
      { request: { type: 'UserSearch', username: 'al', query: 'song' }, traffic: { kind: 'search' } },
      { request: { type: 'WishlistSearch', query: 'song' }, traffic: { kind: 'wishlist', query: 'song' } },
    ]);
    expect(link.frames[0]?.options?.expiresAt).toBe(new VirtualClock().now() + 5000);
    const tokens = link.take().map((request) => ('token' in request ? request.token : 0));
    expect(new Set(tokens).size).toBe(4);
  });

  test('gives hits with everything typed, until its time is over', async () => {
    const { clock, peers, start, token } = setUp();
    const search = await start({ query: 'song', timeoutMs: 10_000 });
    peers.arrive(
      token(),
      'al',
      [
        file('Music\\The Band\\Song.FLAC', {
          size: 5_000_000_000n,
          attributes: [
            { type: 1, value: 200 },
            { type: 4, value: 44_100 },
            { type: 5, value: 24 },
            { type: 99, value: 7 },
            { type: 1, value: 5 },
          ],
        }),
      ],
      {
        slotFree: false,
        avgSpeed: 5,
        queueLength: 9,
        privateResults: [
          file('song', { extension: 'mp3', attributes: [0, 2].map((type) => ({ type, value: 192 })) }),
        ],
      },
    );
    await clock.advance(10_000);
    expect(await all(search)).toEqual([
      {
        user: 'al',
        verified: true,
        path: 'Music\\The Band\\Song.FLAC',
        name: 'Song.FLAC',
        folder: 'Music\\The Band',
        size: 5_000_000_000,
        extension: 'flac',
        attributes: { duration: 200, sampleRate: 44_100, bitDepth: 24 },
        slotFree: false,
        speed: 5,
        queueLength: 9,
        locked: false,
        ref: expect.any(String) as string,
      },
      expect.objectContaining({
        path: 'song',
        name: 'song',
        folder: '',
        extension: 'mp3',
        attributes: { bitrate: 192, vbr: true },
        locked: true,
      }),
    ]);
    expect(await search.done).toMatchObject({
      reason: 'timeout',
      counts: { responses: 1, hits: 2, users: 1 },
    });
  });

  test('is enforced and filtered once more', async () => {
    const { peers, start, token } = setUp();
    const search = await start({
      query: 'song -live *ound "b sides" x',
      filter: { ext: ['MP3'], minSize: 500 },
    });
    const good = 'x\\song b-sides sound.mp3';
    peers.arrive(token(), 'al', [
      file(good),
      file('x\\song live b sides sound.mp3'),
      file('x\\song b sides soundx.mp3'),
      file('x\\song sides b sound.mp3'),
      file('song b sides sound.mp3'),
      file('x\\song b sides sound.flac'),
      file('x\\song b sides sound.mp3', { size: 499n }),
    ]);
    search.stop();
    expect((await all(search)).map(({ path }) => path)).toEqual([good]);
    expect(search.counts.rows).toMatchObject({ mismatched: 4, filtered: 2 });
  });

  test('of a user takes that user alone', async () => {
    const { peers, start, token } = setUp();
    const search = await start({ query: 'song', scope: { user: 'al' } });
    peers.arrive(token(), 'bo', many(1));
    peers.arrive(token(), 'al', many(1));
    expect(peers.inflated).toBe(1);
    search.stop();
    expect((await all(search)).map(({ user }) => user)).toEqual(['al']);
  });

  test('leaves results unread that are not wanted', async () => {
    const { peers, start, token } = setUp();
    const search = await start({ query: 'song', filter: { notUsers: ['spam'], verified: true } });
    peers.arrive(token(), 'spam', many(1));
    peers.arrive(token(), claimed('spam'), many(1));
    peers.arrive(token(), 'al', many(1), { bytes: 2_000_000 });
    expect(peers.inflated).toBe(0);
    expect(search.counts).toMatchObject({ unread: 3, responses: 0 });
  });

  test('that wants proven names waits for the proof, which often comes after the result', async () => {
    const { clock, peers, start, token } = setUp();
    const search = await start({ query: 'song', filter: { verified: true } });
    peers.arrive(token(), claimed('al', true), many(2));
    peers.arrive(token(), claimed('thief'), many(3));
    peers.arrive(token(), 'bo', many(1));
    expect(search.counts).toMatchObject({ hits: 1, users: 1 });
    await clock.advance(1000);
    search.stop();
    const hits = await all(search);
    expect(hits.map(({ user, verified }) => [user, verified])).toEqual([
      ['bo', true],
      ['al', true],
      ['al', true],
    ]);
    expect(search.counts).toMatchObject({ responses: 2, rows: { filtered: 3 } });
  });

  test('that is over reads nothing that waited for a proof', async () => {
    const { clock, peers, start, token } = setUp();
    const search = await start({ query: 'song', filter: { verified: true } });
    peers.arrive(token(), claimed('al', true), many(2));
    search.stop();
    await clock.advance(1000);
    expect(search.counts).toMatchObject({ hits: 0, responses: 0 });
    expect(await all(search)).toEqual([]);
  });
});

describe('ends', () => {
  test('at its limit, with what waits still readable by a slow reader', async () => {
    const { peers, searches, start, token } = setUp();
    const search = await start({ query: 'song', limit: 30, perUser: 20 });
    for (const user of ['a', 'b', 'c']) peers.arrive(token(), user, many(25));
    expect(search.state).toBe('ended');
    expect(searches.size).toBe(0);
    expect(await search.done).toMatchObject({
      reason: 'limit',
      counts: { hits: 30, users: 2, responses: 2, rows: { surplus: 5 } },
    });
    expect(await all(search)).toHaveLength(30);
    peers.arrive(token(), 'd', many(1));
    expect(searches.strays).toEqual({ late: 2, unknown: 0 });
  });

  test('by its signal at once, also while it waits for its turn or before it began', async () => {
    const { link, peers, start, token, searches } = setUp();
    const controller = new AbortController();
    const running = await start({ query: 'song', signal: controller.signal });
    peers.arrive(token(), 'al', many(3));
    link.outcome = ({ options }) =>
      new Promise((resolve) => {
        options?.signal?.addEventListener('abort', () =>
          resolve({ state: 'dropped', code: 'cancelled', reason: 'cancelled' }),
        );
      });
    const waiting = await start({ query: 'other', signal: controller.signal });
    expect([running.state, waiting.state]).toEqual(['running', 'waiting']);
    controller.abort();
    await settled();
    const frames = link.frames.length;
    const late = searches.search({ query: 'song', signal: controller.signal });
    for (const search of [running, waiting, late]) {
      expect(await search.done).toMatchObject({ reason: 'aborted' });
      expect(await all(search)).toEqual([]);
    }
    expect(link.frames).toHaveLength(frames);
    expect(searches.size).toBe(0);
  });

  test('when its reader leaves', async () => {
    const { peers, start, token, searches } = setUp();
    const search = await start({ query: 'song' });
    peers.arrive(token(), 'al', many(3));
    for await (const hit of search) {
      expect(hit.user).toBe('al');
      break;
    }
    expect(await search.done).toMatchObject({ reason: 'stopped' });
    expect(await all(search)).toEqual([]);
    expect(searches.size).toBe(0);
  });

  test('with the session', async () => {
    const { link, peers, start, token } = setUp();
    const search = await start({ query: 'song' });
    peers.arrive(token(), 'al', many(1));
    link.lose();
    peers.arrive(token(), 'bo', many(1));
    expect(await all(search)).toHaveLength(1);
    expect(await search.done).toMatchObject({ reason: 'session-lost' });
  });

  test('a reader that waits is woken', async () => {
    const { clock, peers, start, token } = setUp();
    const search = await start({ query: 'song', timeoutMs: 1000 });
    const reader = search[Symbol.asyncIterator]();
    const [first, second, third] = [reader.next(), reader.next(), reader.next()];
    peers.arrive(token(), 'al', many(1));
    await clock.advance(1000);
    expect(await first).toMatchObject({ done: false });
    expect([await second, await third]).toEqual(Array(2).fill({ done: true, value: undefined }));
  });
});

describe('never runs', () => {
  test('and says why', async () => {
    const { link, searches, start } = setUp();
    const code = async (search: Search): Promise<string> => {
      const { error, reason } = await search.done;
      expect(reason).toBe('refused');
      await expect(all(search)).rejects.toBe(error);
      expect(await all(search)).toEqual([]);
      return error!.code;
    };
    expect(await code(await start({ query: '-song' }))).toBe('no-word');
    expect(await code(await start({ query: 'song', limit: 0 }))).toBe('invalid');
    expect(await code(await start({ query: 'song', timeoutMs: Number.NaN }))).toBe('invalid');
    expect(await code(await start({ query: 'song', filter: { ext: [] } }))).toBe('invalid');
    expect(await code(await start({ query: 'song', scope: { room: 'elsewhere' } }))).toBe('not-joined');
    expect(link.frames).toEqual([]);
    link.outcome = () => ({ state: 'dropped', code: 'duplicate', reason: 'the same search' });
    expect(await code(await start({ query: 'song' }))).toBe('duplicate');
    link.outcome = () => ({ state: 'expired', reason: 'too late' });
    expect(await code(await start({ query: 'song' }))).toBe('expired');
    link.outcome = () => new Promise(() => {});
    for (let i = 0; i < 500; i++) searches.search({ query: 'song' });
    expect(await code(await start({ query: 'song' }))).toBe('too-many');
    searches.close();
    expect(searches.size).toBe(0);
  });

  test('as a wishlist search when the server allows none', async () => {
    const { link, searches } = setUp();
    expect(searches.wishlistInterval).toBe(720);
    link.says({ type: 'WishlistInterval', interval: 0 });
    expect((await searches.wishlistSearch({ query: 'song' }).done).error?.code).toBe('no-wishlist');
    link.says({ type: 'WishlistInterval', interval: 120 });
    expect(searches.wishlistInterval).toBe(120);
    link.lose();
    expect(searches.wishlistInterval).toBe(720);
  });
});

describe('tokens', () => {
  test('are not used twice, even if chance repeats itself', async () => {
    const random = new SeededRandom(1);
    const draw = random.u32.bind(random);
    const values = [0, 7, 7, 7, 8];
    random.u32 = () => values.shift() ?? draw();
    const { link, start } = setUp(random);
    await start({ query: 'song' });
    const second = await start({ query: 'song two' });
    second.stop();
    const third = await start({ query: 'song three' });
    const tokens = link.take().map((request) => ('token' in request ? request.token : 0));
    expect(tokens.slice(0, 2)).toEqual([7, 8]);
    expect(new Set(tokens).size).toBe(3);
    expect(third.state).toBe('running');
  });

  test('that are nobody’s are dropped unread and counted', async () => {
    const { peers, searches, start, token } = setUp();
    const search = await start({ query: 'song' });
    peers.arrive(token() ^ 1, 'al', many(1));
    search.stop();
    peers.arrive(token(), 'al', many(1));
    expect(peers.inflated).toBe(0);
    expect(searches.strays).toEqual({ late: 1, unknown: 1 });
  });
});

describe('floods', () => {
  test('a million rows cost no more than ten thousand', async () => {
    const { peers, start, token } = setUp();
    const search = await start({ query: 'song', limit: 10_000, perUser: 10_000 });
    peers.arrive(token(), 'al', Array<FileEntry>(1_000_000).fill(file('x\\other.mp3')));
    expect(search.counts).toMatchObject({ hits: 0, rows: { mismatched: 10_000, surplus: 990_000 } });
  });

  test('long paths that do not match are not compared without end', async () => {
    const { peers, start, token } = setUp();
    const search = await start({ query: 'song' });
    const long = file(`x\\${'öther '.repeat(2_500)}`);
    peers.arrive(token(), 'al', [...Array<FileEntry>(5_000).fill(long), ...many(1)]);
    peers.arrive(token(), 'bo', [...Array<FileEntry>(10).fill(long), ...many(1)]);
    expect(search.counts).toMatchObject({ hits: 1, rows: { mismatched: 14 + 10, surplus: 5_000 - 14 + 1 } });
  });

  test('a user who answers without end is not heard any more; one who borrows the name does not harm the owner', async () => {
    const { peers, start, token } = setUp();
    const search = await start({ query: 'song', perUser: 5 });
    for (let i = 0; i < 100; i++) peers.arrive(token(), claimed('al'), many(1, 'other'));
    expect(peers.inflated).toBe(8);
    peers.arrive(token(), 'al', many(9));
    peers.arrive(token(), 'al', many(9));
    expect(peers.inflated).toBe(9);
    expect(search.counts).toMatchObject({ hits: 5, users: 1, unread: 93 });
  });

  test('all readers asleep: hits are bounded over all searches', async () => {
    const { peers, start, token } = setUp();
    const searches: Search[] = [];
    for (let i = 0; i < 7; i++) {
      const search = await start({ query: `song`, limit: 10_000, perUser: 9_000 });
      peers.arrive(token(), 'al', many(9_000));
      searches.push(search);
    }
    const counts = searches.map((search) => search.counts);
    expect(counts.reduce((sum, { hits }) => sum + hits, 0)).toBe(50_000);
    expect(counts.reduce((sum, { rows }) => sum + rows.crowded, 0)).toBe(13_000);
    expect(await all(await stopped(searches[0]!))).toHaveLength(9_000);
    const after = await start({ query: 'song' });
    peers.arrive(token(), 'al', many(10));
    expect(after.counts.hits).toBe(10);
  });

  test('results that wait for the proof of a name are bounded too', async () => {
    const { clock, peers, start, token } = setUp();
    const search = await start({ query: 'song', filter: { verified: true } });
    for (let i = 0; i < 7; i++) peers.arrive(token(), claimed(`thief ${i}`), many(9_000));
    expect(search.counts.rows.crowded).toBe(18_000);
    await clock.advance(1000);
    expect(search.counts.rows).toMatchObject({ crowded: 18_000, filtered: 45_000 });
  });

  test('rows that no honest client writes are left out', async () => {
    const { peers, start, token } = setUp();
    const search = await start({ query: 'song' });
    peers.arrive(token(), 'al', [
      file('song.mp3', { size: 2n ** 53n }),
      file('song.mp3', { size: 2n ** 64n - 1n }),
      file(`song ${'x'.repeat(20_000)}`),
      file(''),
      file('song.mp3', { size: 2n ** 53n - 1n, attributes: Array(100_000).fill({ type: 8, value: 1 }) }),
    ]);
    search.stop();
    expect((await all(search)).map(({ size }) => size)).toEqual([Number.MAX_SAFE_INTEGER]);
    expect(search.counts.rows.nonsense).toBe(4);
  });
});

const stopped = async (search: Search): Promise<Search> => {
  search.stop();
  return search;
};
