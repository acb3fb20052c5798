import { expect, it } from 'vitest';
import { openStore, type Store } from '../../src/bot/store/store.ts';
import type { StoredFind } from '../../src/bot/store/wish-finds.ts';
import type { SeenRow } from '../../src/bot/store/wish-memory.ts';
import { newWish, type StoredWish } from '../../src/bot/store/wish-rows.ts';
import { encodeFileRef } from '../../src/network/search/file-ref.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

const hitOf = (user: string, path: string, latin1 = false) => ({
  user,
  verified: true,
  path,
  name: path.split('\\').at(-1)!,
  folder: path.split('\\').slice(0, -1).join('\\'),
  size: 5,
  extension: 'mp3',
  attributes: { bitrate: 320 },
  slotFree: true,
  speed: 9,
  queueLength: 0,
  locked: false,
  ref: encodeFileRef({ user, path, latin1, size: 5 }),
});

const findOf = (number: number, user = 'al', state: StoredFind['state'] = 'waiting'): StoredFind => ({
  number,
  state,
  kind: 'new',
  hit: hitOf(user, `m\\é\0${number}.mp3`, true),
  content: 'c',
  folderFiles: 1,
  score: 12.5,
  parts: [{ name: 'quality', value: 0.5, weight: 25 }],
  at: 7,
  late: number % 2 === 0,
});

const row = (key: number, at: number, who = 3, mark = 1): SeenRow => ({ key, who, mark, at });

describeEngines('wishes', (open) => {
  const start = async (): Promise<{ store: Store; wish: StoredWish; again: () => Promise<StoredWish[]> }> => {
    const clock = new VirtualClock();
    const store = await openStore({ backend: await open(), clock, log: nullLog });
    const fresh = newWish({
      instance: 'p',
      id: 'é\0',
      spec: { query: 'rare ep', user: 'al', data: { x: [1] } },
      registered: true,
      createdAt: 5,
    });
    const wish = { ...fresh, seq: await store.wishes.insert(fresh) };
    return { store, wish, again: async () => [...(await store.wishes.load())] };
  };

  const note = (
    store: Store,
    wish: StoredWish,
    seen: readonly SeenRow[],
    news: StoredFind[] = [],
    most = 1_000,
  ) => {
    wish.remembered += seen.length;
    wish.seen += seen.filter(({ key, who }) => who > 0 && key % 2 === 0).length;
    wish.nextNumber += news.length;
    return store.wishFinds.note(wish, { seen, news: news.length > 0 ? [news] : [], known: [], at: 7, most });
  };

  it('are found again as they were saved', async () => {
    const { store, wish, again } = await start();
    expect(await again()).toEqual([wish]);
    Object.assign(wish, {
      mode: 'snoozed',
      until: 9,
      lastTurn: 8,
      boostedAt: 4,
      heard: false,
      late: true,
      finds: 3,
    });
    wish.doc.online.set('__proto__', 4);
    wish.doc.history.set('q', { turns: 1, hits: 2 });
    wish.doc.last.dropped.set('limit', { count: 2, examples: [{ user: 'a', path: 'p', detail: 'd' }] });
    wish.doc.before = { skew: -3, fruitless: 2, variant: 1 };
    wish.doc.skew = 4;
    await store.wishes.save([wish]);
    expect(await again()).toEqual([wish]);
    await expect(store.wishes.insert(wish)).rejects.toThrow();
    await store.wishes.remove(wish.seq);
    expect(await again()).toEqual([]);
    await store.close();
  });

  it('remember in bulk, look up in bulk, and what is too old is not known', async () => {
    const { store, wish, again } = await start();
    // With a full fingerprint of 47 bits.
    const keys = Array.from({ length: 1_500 }, (_, i) => 2 ** 47 - 2 * i - 2);
    await note(
      store,
      wish,
      keys.map((key, i) => row(key, i, i % 2)),
      [],
      10_000,
    );
    const known = await store.wishMemory.lookup(wish.seq, [...keys, 1, 3], -1);
    expect(known.size).toBe(1_500);
    expect(known.get(keys[1_499]!)).toEqual({ who: 1, mark: 1, at: 1_499 });
    expect((await store.wishMemory.lookup(wish.seq, keys, 1_489)).size).toBe(10);
    expect((await store.wishMemory.lookup(wish.seq + 1, keys, -1)).size).toBe(0);
    await store.wishFinds.note(wish, {
      seen: [row(keys[0]!, 9_999, 0, 77)],
      news: [],
      known: [],
      at: 7,
      most: 10_000,
    });
    expect((await store.wishMemory.lookup(wish.seq, [keys[0]!], -1)).get(keys[0]!)).toEqual({
      who: 0,
      mark: 77,
      at: 9_999,
    });
    expect(await store.wishMemory.prune([wish], 1_000)).toBe(1_000);
    expect(wish).toMatchObject({ remembered: 500, seen: 250 });
    expect(await again()).toEqual([wish]);
    expect(await store.wishMemory.forget(wish, 1)).toBe(250);
    expect(await store.wishMemory.forget(wish, undefined)).toBe(0);
    expect(wish).toMatchObject({ remembered: 0, seen: 0 });
    await store.close();
  });

  it('forget the oldest rows beyond what they may remember, also when all are as old', async () => {
    const { store, wish } = await start();
    await note(
      store,
      wish,
      Array.from({ length: 100 }, (_, i) => row(2 * i, i)),
      [],
      100,
    );
    expect(wish.remembered).toBe(100);
    await note(store, wish, [row(500, 7), row(502, 200)], [], 100);
    expect(wish).toMatchObject({ remembered: 90, seen: 90 });
    const known = await store.wishMemory.lookup(wish.seq, [0, 20, 22, 500, 502], -1);
    expect([...known.keys()].sort((a, b) => a - b)).toEqual([22, 502]);
    const flood = Array.from({ length: 300 }, (_, i) => row(1_000 + 2 * i, 300));
    await note(store, wish, flood, [], 100);
    expect(wish.remembered).toBe(90);
    await store.close();
  });

  it('keep finds until they are told, and then the latest of them', async () => {
    const { store, wish } = await start();
    const batches = await note(store, wish, [row(2, 1)], [findOf(1), findOf(2, 'bob')]);
    expect(batches).toMatchObject([{ wish: wish.seq, attempts: 0, at: 7, nextAt: 7 }]);
    expect(await store.wishFinds.batches()).toEqual(batches);
    expect(await store.wishFinds.waiting()).toEqual([{ wish: wish.seq, all: 2, fresh: 2 }]);
    expect(await store.wishFinds.begin(batches![0]!, 1)).toEqual([findOf(1), findOf(2, 'bob')]);
    await store.wishFinds.postpone(batches![0]!, 99);
    expect(await store.wishFinds.batches()).toMatchObject([{ attempts: 1, nextAt: 99 }]);
    wish.finds = 2;
    await store.wishFinds.told(batches![0]!, wish);
    expect(await store.wishFinds.batches()).toEqual([]);
    expect(await store.wishFinds.latest(wish.seq, 1)).toEqual([findOf(2, 'bob', 'told')]);
    expect(await store.wishFinds.get(wish.seq, 1)).toEqual(findOf(1, 'al', 'told'));
    expect(await store.wishFinds.get(wish.seq, 3)).toBeUndefined();
    wish.nextNumber = 600;
    await note(store, wish, [], [findOf(600)]);
    expect((await store.wishFinds.latest(wish.seq, 500)).map(({ number }) => number)).toEqual([600]);
    await store.close();
  });

  it('note nothing for a wish that is gone', async () => {
    const { store, wish } = await start();
    await store.wishes.remove(wish.seq);
    expect(await note(store, wish, [row(2, 1)], [findOf(1)])).toBeUndefined();
    expect(await store.wishFinds.batches()).toEqual([]);
    expect((await store.wishMemory.lookup(wish.seq, [2], -1)).size).toBe(0);
    await store.close();
  });

  it('know whom they ignore, how downloads went, and what there is of a person', async () => {
    const { store, wish } = await start();
    await store.wishes.ignore('p', 'x');
    await store.wishes.ignore('p', 'x');
    await store.wishes.ignore('p', 'a\0');
    await store.wishes.unignore('p', 'x');
    expect(await store.wishes.ignored()).toEqual([{ instance: 'p', user: 'a\0' }]);
    await store.wishes.learn('p', 'al', { good: 1, bad: 0 });
    await store.wishes.learn('p', 'al', { good: 1, bad: 2 });
    expect((await store.wishes.experience()).get('p')?.get('al')).toEqual({ good: 1, bad: 2 });
    await note(store, wish, [row(2, 1, 3), row(3, 1, 3), row(4, 1, 0)], [findOf(1), findOf(2, 'bob')]);
    expect(await store.wishPeople.record('al', 3, [wish.seq])).toEqual({ finds: 1, fingerprints: 2 });
    expect(await store.wishPeople.erase('al')).toBe(2);
    expect(await store.wishPeople.record('al', 3, [wish.seq])).toEqual({ finds: 0, fingerprints: 2 });
    expect((await store.wishFinds.latest(wish.seq, 9)).map(({ hit }) => hit.user)).toEqual(['bob']);
    await store.close();
  });
});
