import { type Bot, definePlugin, type Plugin, type WishDefinition, type WishFinds } from 'seekeeper';
import { type TestBot, type TestBotOptions, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const INTERVAL = 720_000;

/** What handlers were told, over all lives of the bot. */
let told: WishFinds[] = [];
let wishlist: Bot['wishlist'] | undefined;
let current: TestBot | undefined;

afterEach(async () => {
  told = [];
  wishlist = undefined;
  await current?.dispose();
  current = undefined;
});

/** A plugin with these wishes that writes down what it is told. */
const wisher = (name: string, ...wishes: readonly WishDefinition[]): Plugin =>
  definePlugin({
    name,
    needs: ['search.run'],
    setup(bot) {
      wishlist = bot.wishlist;
      for (const wish of wishes) bot.wishlist(wish);
      bot.wishlist.onFinds((finds) => void told.push(finds));
    },
  });

/** Always in a hurry, so that none is out of step. */
const letters = (count: number): WishDefinition[] =>
  Array.from({ length: count }, (_, i) => ({ id: `w${i}`, query: `album number${i}`, atMost: '30m' }));

async function start(plugin: Plugin, { server, ...options }: TestBotOptions = {}): Promise<TestBot> {
  current = await testBot(plugin, { ...options, server: { ...server, receivedLimit: 1_000_000 } });
  return current;
}

/** What the plugin asks of the wishlist, while the bot runs. */
const ask = <T>(t: TestBot, question: (list: Bot['wishlist']) => Promise<T>): Promise<T> =>
  t.sandbox.run(question(wishlist!));

/** Searches of wishes as the server saw them: virtual minutes since the test began, and the last word of the query. */
function turns(t: TestBot, since = 0): { at: number; query: string }[] {
  return t.sandbox.server
    .received(t.user)
    .flatMap(({ at, request }) =>
      request.type === 'WishlistSearch' && at >= since ? [{ at, query: request.query }] : [],
    );
}

const gaps = (t: TestBot) => turns(t).map(({ at }, i, all) => (i === 0 ? Infinity : at - all[i - 1]!.at));

const paths = () => told.map(({ finds }) => finds.map(({ hit, kind }) => `${kind} ${hit.user} ${hit.name}`));

describe('a wish', () => {
  it('is searched, collected, remembered and told once', async () => {
    const t = await start(wisher('one', { id: 'ep', query: 'rare ep' }));
    await t.share('al', ['Music\\Rare EP\\01 one.flac', 'Music\\Other\\x.mp3']);
    await t.advance('2m');
    expect(paths()).toEqual([['new al 01 one.flac']]);
    expect(told[0]).toMatchObject({
      redelivered: false,
      finds: [{ number: 1, late: false, folderFiles: 1 }],
    });
    await t.share('bob', ['x\\Rare EP\\01 one.flac', 'x\\rare ep\\02 two.flac']);
    await t.advance('3h');
    expect(paths()).toEqual([['new al 01 one.flac'], ['source bob 01 one.flac', 'new bob 02 two.flac']]);
    await t.downtime('1h', 'kill');
    await t.advance('1d');
    expect(told).toHaveLength(2);
    const wish = await ask(t, (list) => list.get('ep'));
    expect(wish).toMatchObject({ state: 'active', finds: 2, seen: 3 });
    expect(wish!.turns).toBe(turns(t).length);
    expect(await ask(t, (list) => list.results('ep'))).toMatchObject([
      { number: 3, state: 'told' },
      { number: 2, state: 'told' },
      { number: 1, state: 'told', hit: { user: 'al', folder: 'Music\\Rare EP' } },
    ]);
    expect(await ask(t, (list) => list.forget('ep', 'bob'))).toBe(2);
    await t.advance('2d');
    // Of what only bob had nothing is known any more.
    expect(paths()[2]!.sort()).toEqual(['new bob 02 two.flac', 'source bob 01 one.flac']);
    await ask(t, (list) => list.forget('ep'));
    await t.advance('2d');
    expect(told).toHaveLength(4);
  });

  it('tells why results are dropped, with examples, also after a restart', async () => {
    const filter = { class: ['lossless'], path: { not: ['live'] } } as const;
    const t = await start(wisher('one', { id: 'ep', query: 'rare ep', filter }));
    await t.share('al', ['Rare EP\\1.mp3', 'Rare EP\\2.mp3', 'Rare EP live\\3.flac', 'Rare EP\\4.flac']);
    await ask(t, (list) => list.ignore('bob'));
    await t.share('bob', ['Rare EP\\5.flac']);
    await t.advance('2m');
    await t.downtime('1m', 'kill');
    const why = await ask(t, (list) => list.why('ep'));
    expect(why).toMatchObject({ arrived: 5, passed: 1 });
    expect(why.dropped.map(({ filter: name, count }) => [name, count])).toEqual([
      ['class', 2],
      ['path.not', 1],
      ['ignored-user', 1],
    ]);
    expect(why.dropped[0]!.examples[0]).toMatchObject({ user: 'al', path: 'Rare EP\\1.mp3' });
    expect(why.summary.join('\n')).toContain('Next turn');
    expect(await ask(t, (list) => list.ignored())).toEqual(['bob']);
    expect(await ask(t, (list) => list.unignore('bob'))).toBe(true);
    expect(await ask(t, (list) => list.unignore('bob'))).toBe(false);
  });

  it('ends after so many finds, and goes on when it is taken up again', async () => {
    const t = await start(wisher('one', { id: 'ep', query: 'rare ep', completeAfter: 1 }));
    await t.share('al', ['Rare EP\\1.mp3']);
    await t.advance('2m');
    expect(await ask(t, (list) => list.get('ep'))).toMatchObject({ state: 'done', finds: 1 });
    await t.share('al', ['Rare EP\\1.mp3', 'Rare EP\\2.mp3']);
    await t.downtime('1m');
    await t.advance('5h');
    expect(turns(t)).toHaveLength(1);
    await ask(t, (list) => list.resume('ep'));
    await t.advance('1h');
    expect(paths().flat()).toEqual(['new al 1.mp3', 'new al 2.mp3']);
    expect(await ask(t, (list) => list.get('ep'))).toMatchObject({ state: 'done', finds: 2 });
  });

  it('keeps what it has seen when its plugin registers it differently, and rests when it does not', async () => {
    const t = await start(wisher('one', { id: 'ep', query: 'rare ep' }));
    await t.share('al', ['Rare EP\\1.mp3']);
    await t.advance('2m');
    await t.reload({ plugin: wisher('one', { id: 'ep', query: 'rare', priority: 9 }) });
    await t.advance('2h');
    expect(told).toHaveLength(1);
    expect(await ask(t, (list) => list.get('ep'))).toMatchObject({
      options: { query: 'rare', priority: 9 },
      seen: 1,
    });
    await t.reload({ plugin: wisher('one') });
    const before = turns(t).length;
    await t.advance('2h');
    await t.downtime('29d');
    await t.advance('2h');
    expect(turns(t)).toHaveLength(before);
    expect(await ask(t, (list) => list.list())).toHaveLength(1);
    await t.advance('1d');
    expect(await ask(t, (list) => list.list())).toEqual([]);
    expect(await t.database('select * from wish_seen')).toEqual([]);
  });

  it('that can never match is refused and says why', async () => {
    const t = await start(wisher('one', { id: 'no', query: '-live' }));
    await t.advance('2h');
    expect(turns(t)).toEqual([]);
    expect(await ask(t, (list) => list.get('no'))).toMatchObject({
      state: 'refused',
      problems: [{ code: 'only-exclusions' }],
    });
    await ask(t, (list) => list.change('no', { query: 'album -live' }));
    await t.advance('1h');
    expect(turns(t).length).toBeGreaterThan(0);
  });
});

describe('what else may happen to a wish', () => {
  it('tells again who is back, if that is wanted', async () => {
    const again = { tell: { again: true }, every: '10m', atMost: '10m' } as const;
    const t = await start(wisher('one', { id: 'ep', query: 'rare ep', ...again }));
    await t.share('al', ['Rare EP\\1.mp3']);
    await t.advance('1h');
    expect(paths().flat()).toEqual(['new al 1.mp3']);
    const away = async (duration: '20h' | '2d') => {
      await t.status('al', 'offline');
      await t.advance(duration);
      await t.status('al', 'online');
      await t.advance('1h');
    };
    await away('20h');
    expect(paths().flat()).toEqual(['new al 1.mp3']);
    await away('2d');
    expect(paths().flat()).toEqual(['new al 1.mp3', 'again al 1.mp3']);
    expect(told[1]!.finds[0]!.reason).toContain('online again');
  });

  it('is refused as long as the server excludes its words', async () => {
    const t = await start(wisher('one', { id: 'ep', query: 'rare ep' }));
    t.sandbox.server.setExcludedPhrases(['Rare']);
    await t.advance('1h');
    const before = turns(t).length;
    await t.advance('5h');
    expect(turns(t)).toHaveLength(before);
    expect(await ask(t, (list) => list.get('ep'))).toMatchObject({ state: 'refused' });
    t.sandbox.server.setExcludedPhrases([]);
    await t.advance('1h');
    expect(turns(t).length).toBeGreaterThan(before);
  });

  it('changes nothing when the disk is full, and goes on when it is not', async () => {
    const t = await start(wisher('one', { id: 'ep', query: 'rare ep' }));
    await t.share('al', ['Rare EP\\1.mp3']);
    t.disk.failWrites(() => new Error('disk full'));
    await expect(ask(t, (list) => list.change('ep', { query: 'other' }))).rejects.toThrow();
    expect((await ask(t, (list) => list.get('ep')))!.options.query).toBe('rare ep');
    await t.advance('2m');
    expect(turns(t)).toHaveLength(0);
    t.disk.failWrites();
    await t.advance('20m');
    expect(paths().flat()).toEqual(['new al 1.mp3']);
  });
});

describe('the slot', () => {
  it('has one search per interval, in an order that outlives everything, and no burst after it', async () => {
    const t = await start(wisher('many', ...letters(5)));
    await t.advance('3h');
    await t.downtime('20m');
    await t.advance('2h');
    await t.downtime('3m', 'kill');
    await t.advance('2h');
    await t.disconnect();
    await t.advance('2h');
    await t.ban();
    await t.advance('3h');
    await t.downtime('7d', 'kill');
    await t.advance('3h');
    for (const gap of gaps(t)) expect(gap).toBeGreaterThanOrEqual(INTERVAL);
    // All are alike, so that they come in turn, whatever happens in between.
    const order = turns(t).map(({ query }) => Number(/\d+/u.exec(query)![0]));
    expect(order.length).toBeGreaterThan(50);
    expect(order).toEqual(order.map((_, i) => i % 5));
  });

  it('follows the interval, and 0 is none', async () => {
    const options = { server: { wishlistInterval: { ordinary: 720, privileged: 0 } } };
    const t = await start(wisher('many', ...letters(3)), options);
    await t.advance('1h');
    const before = turns(t).length;
    expect(before).toBeGreaterThan(3);
    t.sandbox.server.setPrivileges(t.user, 86_400);
    await t.advance('5h');
    expect(turns(t)).toHaveLength(before);
    const plan = await ask(t, (list) => list.plan('1d'));
    expect(plan).toMatchObject({ interval: 0, wishes: 3, round: 0, turns: [] });
    t.sandbox.server.setPrivileges(t.user, 0);
    await t.advance('1h');
    expect(turns(t).length).toBeGreaterThan(before + 3);
  });

  it('keeps pace and order when the clock jumps a day, forwards and backwards, and while the bot is away', async () => {
    const t = await start(wisher('many', ...letters(3)));
    const pace = async () => {
      const before = turns(t).length;
      await t.advance('4h');
      return turns(t).length - before;
    };
    const steady = await pace();
    for (const ms of [24 * HOUR, -24 * HOUR, -24 * HOUR]) {
      t.sandbox.world.clock.jumpWallClock(ms);
      const monotonic = t.sandbox.world.clock.monotonic();
      expect(Math.abs((await pace()) - steady)).toBeLessThanOrEqual(steady / 2);
      expect(t.sandbox.world.clock.monotonic() - monotonic).toBeGreaterThanOrEqual(4 * HOUR);
    }
    await t.stop();
    t.sandbox.world.clock.jumpWallClock(-24 * HOUR);
    await t.start();
    const after = await pace();
    expect(after).toBeGreaterThanOrEqual(3);
    expect(after).toBeLessThanOrEqual(steady * 1.5);
    const order = turns(t).map(({ query }) => query);
    for (const [i, query] of order.entries()) if (i >= 3) expect(query).toBe(order[i - 3]);
  });

  it('is shared by wishes with the same query, of any plugin: both hear of what it brings', async () => {
    const t = await start(wisher('one', { id: 'ep', query: 'Rare EP' }), {
      also: { two: { plugin: wisher('two', { id: 'pe', query: 'ep, rare', filter: { ext: ['flac'] } }) } },
    });
    await t.share('al', ['Rare EP\\1.mp3', 'Rare EP\\2.flac']);
    await t.advance('8m');
    expect(turns(t)).toHaveLength(1);
    expect(
      paths()
        .map((names) => names.length)
        .sort(),
    ).toEqual([1, 2]);
  });

  it('gives a turn back that was cut before anybody can have answered, once', async () => {
    const t = await start(wisher('many', ...letters(2)));
    await t.sandbox.world.clock.runUntil(() => turns(t).length === 1, { timeoutMs: 5 * MINUTE });
    await t.sandbox.world.clock.advance(5_000);
    await t.disconnect();
    await t.sandbox.world.clock.runUntil(() => turns(t).length === 2, { timeoutMs: HOUR });
    await t.sandbox.world.clock.advance(5_000);
    await t.kill();
    await t.start();
    await t.advance('1h');
    const [, ...after] = turns(t).map(({ query }) => query);
    expect(after.slice(0, 4)).toEqual(['album number0', 'album number1', 'album number0', 'album number1']);
    for (const gap of gaps(t)) expect(gap).toBeGreaterThanOrEqual(INTERVAL);
  });

  it('tells late what was due while the bot was away, and only that', async () => {
    const t = await start(wisher('many', ...letters(2)));
    await t.advance('3h');
    await t.share('al', ['album number0\\1.mp3', 'album number1\\1.mp3']);
    await t.downtime('1d');
    await t.advance('3h');
    expect(told.map(({ wish, finds }) => [wish.id, finds[0]!.late]).sort()).toEqual([
      ['w0', true],
      ['w1', true],
    ]);
    await t.share('bob', ['album number0\\2.mp3']);
    await t.advance('1d');
    expect(told[2]!.finds[0]!.late).toBe(false);
  });

  it('keeps to the plan when nothing is found', async () => {
    const mixed = letters(6).map(
      (wish, i) => ({ ...wish, priority: i + 1, every: `${30 + i * 7}m`, atMost: '1d' }) as const,
    );
    const t = await start(wisher('many', ...mixed));
    await t.advance('20m');
    const plan = await ask(t, (list) => list.plan('1d'));
    expect(plan.wishes).toBe(6);
    expect(plan.round).toBe(6 * INTERVAL);
    expect(plan.assumption).toContain('nothing is found');
    const from = t.now;
    const views = await ask(t, (list) => list.list());
    await t.advance('1d');
    const real = turns(t, from).slice(0, 40);
    expect(real.map(({ query }) => query)).toEqual(plan.turns.slice(0, 40).map(({ query }) => query));
    for (const [i, { at }] of real.entries())
      expect(Math.abs(at - plan.turns[i]!.at)).toBeLessThanOrEqual((i + 1) * 4_000 + 1_000);
    for (const view of views) expect(view.nextTurn).toBe(plan.turns.find(({ wish }) => wish === view.id)!.at);
  });

  it('obeys pause, snooze, boost and remove', async () => {
    const t = await start(wisher('none'));
    const added = await ask(t, (list) => list.add({ query: 'album number1', user: 'al', tags: ['x'] }));
    expect(added).toMatchObject({ id: '1', state: 'active', turns: 0 });
    await ask(t, (list) => list.add({ id: 'b', query: 'album number2' }));
    await expect(ask(t, (list) => list.add({ id: 'b', query: 'album' }))).rejects.toMatchObject({
      code: 'conflict',
    });
    await ask(t, (list) => list.pause('1'));
    await ask(t, (list) => list.pause('b', t.now + 2 * HOUR));
    const from = t.now;
    await t.advance('119m');
    expect(turns(t, from)).toEqual([]);
    await t.advance('2m');
    expect(turns(t, from).map(({ query }) => query)).toEqual(['album number2']);
    await ask(t, (list) => list.resume('1'));
    await t.advance('13m');
    await ask(t, (list) => list.boost('1'));
    await t.advance('13m');
    expect(turns(t, from).map(({ query }) => query)).toEqual([
      'album number2',
      'album number1',
      'album number1',
    ]);
    expect(await ask(t, (list) => list.list({ user: 'al', state: ['active'], tag: 'x' }))).toHaveLength(1);
    expect(await ask(t, (list) => list.remove('1'))).toBe(true);
    expect(await ask(t, (list) => list.remove('1'))).toBe(false);
    await expect(ask(t, (list) => list.boost('1'))).rejects.toMatchObject({ code: 'not-found' });
  });
});
