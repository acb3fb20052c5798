import { expect, it } from 'vitest';
import { DEAD_NOTICE_KEEP_MS } from '../../src/bot/store/dead-notices.ts';
import type { NewNotice } from '../../src/bot/store/notice-rows.ts';
import { openStore, type Store } from '../../src/bot/store/store.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

const DAY = 86_400_000;
const LIMITS = { total: 100, target: 50 };
const TARGET = 'pm:al\0';
const alone = () => false;

const notice = (id: string, more: Partial<NewNotice> = {}): NewNotice => ({
  id,
  target: TARGET,
  instance: 'p',
  group: 'g\0',
  digest: 'none',
  urgent: false,
  madeAt: 0,
  expiresAt: Number.MAX_SAFE_INTEGER,
  title: `t ${id}\0\ud800`,
  lines: ['l'],
  ...more,
});

describeEngines('notices', (open) => {
  const start = async (): Promise<{ store: Store; clock: VirtualClock }> => {
    const clock = new VirtualClock();
    return { store: await openStore({ backend: await open(), clock, log: nullLog }), clock };
  };
  const nextIds = async (store: Store, now: number, quiet = false, together: () => boolean = alone) => {
    const next = await store.notices.next(TARGET, { now, quiet, together });
    return 'now' in next ? next.now.map(({ id }) => id) : next;
  };

  it('come back as they were, in order, once for each key', async () => {
    const { store, clock } = await start();
    const whole = notice('a', {
      data: { x: ['\0'] },
      link: 'https://x',
      dueAt: 7,
      keyHash: 'k',
      textHash: 't',
    });
    expect(await store.notices.add([whole, notice('b')], LIMITS)).toEqual(['queued', 'queued']);
    expect(
      await store.notices.add([notice('c', { keyHash: 'k' }), notice('d', { textHash: 't' })], LIMITS),
    ).toEqual(['repeated', 'same-text']);
    expect(await store.notices.add([notice('e', { target: 'hook', keyHash: 'k' })], LIMITS)).toEqual([
      'queued',
    ]);
    expect(await store.notices.add([notice('f')], { total: 100, target: 2 })).toEqual(['full']);
    expect([...(await store.notices.targets())].sort()).toEqual(['hook', TARGET]);
    const { keyHash, textHash, ...kept } = whole;
    expect([keyHash, textHash]).toEqual(['k', 't']);
    const next = await store.notices.next(TARGET, { now: 7, quiet: false, together: alone });
    expect('now' in next && next.now).toEqual([
      { ...kept, seq: expect.any(Number) as number, attempts: 0, part: 0, changedAt: clock.now() },
    ]);
    await store.close();
  });

  it('are told by time, urgency and in the order of what was begun', async () => {
    const { store } = await start();
    await store.notices.add(
      [
        notice('late', { dueAt: 100, digest: 'hour' }),
        notice('later', { dueAt: 200, digest: 'hour' }),
        notice('urgent', { urgent: true }),
        notice('now'),
      ],
      LIMITS,
    );
    expect(await nextIds(store, 1, true)).toEqual(['urgent']);
    const [urgent] = await firstOf(store, 1);
    await store.notices.told([urgent], 0);
    expect(await nextIds(store, 1, true)).toEqual({ at: 100, held: true });
    const [now] = await firstOf(store, 1);
    await store.notices.told([now], 0);
    expect(await nextIds(store, 1)).toEqual({ at: 100, held: false });
    expect(await nextIds(store, 150)).toEqual(['late']);
    expect(await nextIds(store, 200, false, () => true)).toEqual(['late', 'later']);
    const both = await firstOf(store, 200, () => true);
    await store.notices.bind('late', both);
    await store.notices.add([notice('more')], LIMITS);
    // Though neither is due, and one of another time.
    expect(await nextIds(store, 1)).toEqual(['late', 'later']);
    await store.close();
  });

  const firstOf = async (store: Store, now: number, together: () => boolean = alone) => {
    const next = await store.notices.next(TARGET, { now, quiet: false, together });
    if (!('now' in next)) throw new Error('nothing is next');
    return next.now;
  };

  it('are given up, tried again, forgotten; the owners hear of it once', async () => {
    const { store, clock } = await start();
    const { notices, deadNotices } = store;
    await notices.add([notice('a', { keyHash: 'k' }), notice('b')], LIMITS);
    const group = await firstOf(store, 1);
    const failure = { problem: 'no \0', channel: true, dead: false };
    expect(await deadNotices.failed(group, 'a', failure)).toBe(false);
    await clock.advance(5);
    expect(await deadNotices.failed(group, 'a', { ...failure, dead: true })).toBe(true);
    expect(await deadNotices.trouble(TARGET)).toEqual({
      since: clock.now() - 5,
      failures: 2,
      problem: 'no \0',
      complained: true,
    });
    const other = await firstOf(store, 1);
    expect(other.map(({ id }) => id)).toEqual(['b']);
    expect(await deadNotices.failed(other, 'b', { ...failure, dead: true })).toBe(false);
    expect(await deadNotices.counts()).toEqual([{ target: TARGET, waiting: 0, dead: 2 }]);
    expect((await deadNotices.list(1)).map(({ id, detail, attempts }) => [id, detail, attempts])).toEqual([
      ['b', 'no \0', 1],
    ]);
    expect(await deadNotices.retry('nothing', 1)).toEqual([]);
    expect(await deadNotices.retry('a', 1)).toEqual([TARGET]);
    expect(await deadNotices.trouble(TARGET)).toBeUndefined();
    expect(await nextIds(store, 1)).toEqual(['a']);
    await notices.told(await firstOf(store, 1), 0);
    expect(await notices.add([notice('c', { keyHash: 'k' })], LIMITS)).toEqual(['repeated']);
    expect(await deadNotices.drop(undefined)).toBe(1);
    await notices.add([notice('d', { keyHash: 'j' })], LIMITS);
    expect(await deadNotices.giveUp(TARGET, 'gone')).toBe(1);
    expect(await deadNotices.drop('d')).toBe(1);
    // What was never told may be told anew.
    expect(await notices.add([notice('e', { keyHash: 'j' })], LIMITS)).toEqual(['queued']);
    await store.close();
  });

  it('expire, but what is told at once stays together', async () => {
    const { store } = await start();
    const { notices } = store;
    await notices.add([notice('a', { expiresAt: 10 }), notice('b', { expiresAt: 20, keyHash: 'k' })], LIMITS);
    await notices.bind('a', await firstOf(store, 1, () => true));
    expect(await notices.expire(TARGET, 15)).toEqual([]);
    expect((await notices.expire(TARGET, 20)).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(await notices.add([notice('c', { keyHash: 'k', expiresAt: 30 })], LIMITS)).toEqual(['queued']);
    expect((await notices.expire(TARGET, 30)).map(({ id }) => id)).toEqual(['c']);
    await store.close();
  });

  it('know which of their lines are in the outbox', async () => {
    const { store, clock } = await start();
    const { notices, outbox } = store;
    const line = (id: string, origin: string) =>
      outbox.append({
        id,
        kind: 'private',
        to: 'al\0',
        text: 'x',
        priority: 'ordinary',
        queuedAt: 1,
        origin,
      });
    await notices.add([notice('a')], LIMITS);
    await line('1', 'notify/x');
    await notices.beginLines(await firstOf(store, 1));
    const [begun] = await firstOf(store, 1);
    const place = { kind: 'private', to: 'al\0', origin: 'notify/x' } as const;
    expect(await notices.linesSince(place, begun?.mark ?? -1)).toBe(0);
    await line('2', 'notify/x');
    await line('3', 'other');
    expect(await notices.linesSince(place, begun?.mark ?? -1)).toBe(1);
    await notices.noteLines([begun], 1);
    const [noted] = await firstOf(store, 1);
    expect(noted).toMatchObject({ part: 1 });
    expect(noted?.mark).toBeUndefined();
    expect(clock.now()).toBeGreaterThan(0);
    await store.close();
  });

  it('are kept for a feed by tellings; everything else is forgotten in time', async () => {
    const { store, clock } = await start();
    const { notices, deadNotices } = store;
    for (const id of ['a', 'b', 'c', 'd'])
      await notices.add([notice(id, { keyHash: id, textHash: `t${id}` })], LIMITS);
    const pair = await firstOf(store, 1, () => true);
    await notices.bind('a', pair.slice(0, 2));
    await notices.told((await firstOf(store, 1)).slice(0, 2), 2);
    for (let n = 0; n < 2; n++) await notices.told(await firstOf(store, 1), 2);
    expect((await notices.kept(TARGET)).map(({ id }) => id)).toEqual(['d', 'c']);
    await notices.add([notice('e')], LIMITS);
    await deadNotices.giveUp(TARGET, 'gone');
    clock.jumpWallClock(30 * DAY);
    expect(await deadNotices.prune(2)).toBe(2);
    expect(await deadNotices.prune(10)).toBe(2);
    clock.jumpWallClock(DEAD_NOTICE_KEEP_MS - 30 * DAY + 1);
    expect(await deadNotices.prune(10)).toBe(5);
    expect(await deadNotices.prune(10)).toBe(0);
    expect(await notices.kept(TARGET)).toHaveLength(2);
    await store.close();
  });

  it('count among what is kept about a person, and those that were given up are erased', async () => {
    const { store } = await start();
    const to = (id: string) => notice(id, { target: 'pm:al', keyHash: id });
    await store.notices.add([to('a')], LIMITS);
    await store.deadNotices.giveUp('pm:al', 'gone');
    await store.notices.add([to('b')], LIMITS);
    expect(await store.people.record('al')).toMatchObject({ outgoing: 1, receipts: 1, fingerprints: 2 });
    expect(await store.people.erase('al')).toMatchObject({ receipts: 1 });
    expect(await store.people.record('al')).toMatchObject({ outgoing: 1, receipts: 0, fingerprints: 2 });
    expect(await store.people.record('bo')).toMatchObject({ outgoing: 0, receipts: 0, fingerprints: 0 });
    await store.close();
  });
});
