import { type Bot, definePlugin, type Plugin, type WishDefinition, type WishFinds } from 'seekeeper';
import { type TestBot, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let told: WishFinds[] = [];
let wishlist: Bot['wishlist'] | undefined;
let current: TestBot | undefined;

afterEach(async () => {
  told = [];
  wishlist = undefined;
  await current?.dispose();
  current = undefined;
});

const wisher = (...wishes: readonly WishDefinition[]): Plugin =>
  definePlugin({
    name: 'wisher',
    needs: ['search.run'],
    setup(bot) {
      wishlist = bot.wishlist;
      for (const wish of wishes) bot.wishlist(wish);
      bot.wishlist.onFinds((finds) => void told.push(finds));
    },
  });

async function start(...wishes: readonly WishDefinition[]): Promise<TestBot> {
  current = await testBot(wisher(...wishes), { at: '2026-01-01T00:00:00Z' });
  return current;
}

const ask = <T>(t: TestBot, question: (list: Bot['wishlist']) => Promise<T>): Promise<T> =>
  t.sandbox.run(question(wishlist!));

const queries = (t: TestBot): string[] =>
  t.sandbox.server
    .received(t.user)
    .flatMap(({ request }) => (request.type === 'WishlistSearch' ? [request.query] : []));

const names = () => told.flatMap(({ finds }) => finds.map(({ kind, hit }) => `${kind} ${hit.name}`));

/** Until the first search was sent and its results wait to be looked at. */
async function collecting(t: TestBot): Promise<void> {
  await t.sandbox.world.clock.runUntil(() => queries(t).length === 1, { timeoutMs: HOUR });
  await t.sandbox.world.clock.advance(5_000);
}

describe('a wish that asks something else', () => {
  it('tells nothing of what it asked before', async () => {
    const t = await start({ id: 'ep', query: 'rare ep' });
    await t.share('al', ['Rare EP\\1.mp3', 'Other Song\\2.mp3']);
    await collecting(t);
    await ask(t, (list) => list.change('ep', { query: 'other song' }));
    await t.advance('2h');
    expect(queries(t).slice(0, 2)).toEqual(['rare ep', 'other song']);
    expect(names()).toEqual(['new 2.mp3']);
  });

  it('tells nothing of it either when its plugin registers it so', async () => {
    const t = await start({ id: 'ep', query: 'rare ep' });
    await t.share('al', ['Rare EP\\1.mp3', 'Other Song\\2.mp3']);
    await collecting(t);
    await t.reload({ plugin: wisher({ id: 'ep', query: 'other song' }) });
    await t.advance('2h');
    expect(names()).toEqual(['new 2.mp3']);
  });

  it('goes on with what it collects when only other things change', async () => {
    const t = await start({ id: 'ep', query: 'rare ep' });
    await t.share('al', ['Rare EP\\1.mp3']);
    await collecting(t);
    await ask(t, (list) => list.change('ep', { priority: 9 }));
    await t.advance('1m');
    expect(names()).toEqual(['new 1.mp3']);
  });
});

describe('a clock that was set forward', () => {
  it('delays neither what is boosted nor what is added then', async () => {
    const t = await start({ id: 'a', query: 'album one', every: '6h' }, { id: 'b', query: 'album two' });
    await t.advance('1h');
    const before = queries(t).length;
    t.sandbox.world.clock.jumpWallClock(DAY);
    await ask(t, (list) => list.boost('a'));
    t.sandbox.world.clock.jumpWallClock(DAY);
    await ask(t, (list) => list.add({ id: 'c', query: 'album three' }));
    await t.advance('1h');
    expect(queries(t).slice(before)).toEqual(expect.arrayContaining(['album one', 'album three']));
    const added = await ask(t, (list) => list.get('c'));
    expect(added!.createdAt).toBeLessThanOrEqual(t.now);
  });

  it('does not move a turn that was sent after it', async () => {
    const t = await start({ id: 'r', query: 'rare ep', scope: { room: 'indie' } });
    await t.join('al', 'indie');
    await t.advance('10m');
    t.sandbox.world.clock.jumpWallClock(DAY);
    await t.advance('7h');
    await ask(t, (list) => list.add({ query: 'album' }));
    const { lastTurn } = (await ask(t, (list) => list.get('r')))!;
    expect(lastTurn).toBeLessThanOrEqual(t.now);
  });
});

describe('what could not be stored', () => {
  it('has not happened', async () => {
    const t = await start({ id: 'ep', query: 'rare ep', completeAfter: 1 });
    await t.share('al', ['Rare EP\\1.mp3']);
    await t.advance('2m');
    const before = await ask(t, (list) => list.why('ep'));
    t.disk.failWrites(() => new Error('disk full'));
    await expect(ask(t, (list) => list.resume('ep'))).rejects.toThrow();
    await expect(ask(t, (list) => list.change('ep', { query: 'other' }))).rejects.toThrow();
    t.disk.failWrites();
    expect(await ask(t, (list) => list.why('ep'))).toEqual(before);
    // It would go on if it counted anew from here.
    expect(await ask(t, (list) => list.change('ep', { priority: 9 }))).toMatchObject({ state: 'done' });
  });
});

describe('a wish without an id', () => {
  it('has a number that none had before', async () => {
    const t = await start();
    const add = () => ask(t, async (list) => (await list.add({ query: 'rare ep' })).id);
    expect([await add(), await add()]).toEqual(['1', '2']);
    await ask(t, (list) => list.remove('2'));
    await ask(t, (list) => list.add({ id: '4', query: 'named' }));
    await t.downtime('1m');
    expect([await add(), await add()]).toEqual(['5', '6']);
  });

  it('skips numbers that are ids', async () => {
    const t = await start();
    await ask(t, (list) => list.add({ id: '2', query: 'named' }));
    expect(await ask(t, async (list) => (await list.add({ query: 'rare ep' })).id)).toBe('3');
    expect((await ask(t, (list) => list.list())).map(({ id }) => id)).toEqual(['2', '3']);
  });
});

it('what only somebody had who is forgotten is new again, also when nothing else is told', async () => {
  const tell = { sources: false, better: false };
  const t = await start({ id: 'ep', query: 'rare ep', tell });
  await t.share('al', ['Rare EP\\1.mp3']);
  await t.share('bob', ['Rare EP\\1.mp3', 'Rare EP\\2.mp3']);
  await t.advance('1h');
  expect(names().sort()).toEqual(['new 1.mp3', 'new 2.mp3']);
  await ask(t, (list) => list.forget('ep', 'bob'));
  await t.advance('2d');
  expect(names().sort()).toEqual(['new 1.mp3', 'new 2.mp3', 'new 2.mp3']);
  expect(await ask(t, (list) => list.get('ep'))).toMatchObject({ seen: 3 });
});

it('a summary is in whole sentences', async () => {
  const t = await start({ id: 'ep', query: 'rare ep', every: '1d', atMost: '1d' });
  await t.share('al', ['Rare EP\\1.mp3']);
  await t.advance('5m');
  const { summary } = await ask(t, (list) => list.why('ep'));
  expect(summary).toContain('In 1 turn 1 result arrived and 1 passed; told: 1.');
  expect(summary.filter((line) => line.includes('turn ')).slice(0, 2)).toEqual([
    expect.stringMatching(/^Last turn 2026-01-01 00:0\d UTC\.$/),
    expect.stringMatching(/^Next turn about 2026-01-02 00:0\d UTC\.$/),
  ]);
});

it('a round is for different queries', async () => {
  const t = await start(
    { id: 'a', query: 'rare ep' },
    { id: 'b', query: 'Rare EP', filter: { ext: ['flac'] } },
    { id: 'c', query: 'album' },
  );
  await t.advance('1m');
  expect(await ask(t, (list) => list.plan('1h'))).toMatchObject({ wishes: 2, round: 2 * 720_000 });
});
