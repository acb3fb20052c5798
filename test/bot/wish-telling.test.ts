import { type Bot, definePlugin, type Plugin, type WishFinds } from 'seekeeper';
import { type TestBot, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

interface Telling extends Pick<WishFinds, 'id' | 'redelivered'> {
  readonly at: number;
  readonly late: boolean;
  readonly names: readonly string[];
}

let tellings: Telling[] = [];
let failures = 0;
let wishlist: Bot['wishlist'] | undefined;
let current: TestBot | undefined;

afterEach(async () => {
  tellings = [];
  failures = 0;
  await current?.dispose();
  current = undefined;
});

const MINUTE = 60_000;

/** A plugin whose handler fails as often as the test says. */
const receiver = (now: () => number, ...queries: readonly string[]): Plugin =>
  definePlugin({
    name: 'receiver',
    needs: ['search.run'],
    setup(bot) {
      wishlist = bot.wishlist;
      for (const query of queries) {
        bot.wishlist({
          id: query.replaceAll(' ', '-'),
          query,
          onFinds({ id, finds, redelivered }) {
            const names = finds.map(({ hit }) => hit.name);
            tellings.push({ id, redelivered, at: now(), late: finds.some(({ late }) => late), names });
            if (failures-- > 0) throw new Error('not now');
          },
        });
      }
    },
  });

async function start(...queries: readonly string[]): Promise<TestBot> {
  const t = await testBot(receiver(() => current?.now ?? 0, ...queries));
  current = t;
  return t;
}

const ask = <T>(t: TestBot, question: (list: Bot['wishlist']) => Promise<T>): Promise<T> =>
  t.sandbox.run(question(wishlist!));

describe('finds that cannot be told', () => {
  it('come again after 1, 5 and 30 minutes and then every hour, with the same id', async () => {
    failures = 6;
    const t = await start('rare ep');
    await t.share('al', ['Rare EP\\1.mp3']);
    await t.advance('5h');
    const [first] = tellings;
    const after = tellings.map(({ at }) => (at - first!.at) / MINUTE);
    expect(after.map(Math.round)).toEqual([0, 1, 6, 36, 96, 156, 216]);
    expect(new Set(tellings.map(({ id }) => id)).size).toBe(1);
    expect(tellings.map(({ redelivered }) => redelivered)).toEqual([false, ...Array(6).fill(true)]);
    expect(tellings.map(({ late }) => late)).toEqual([false, false, ...Array(5).fill(true)]);
    expect((await ask(t, (list) => list.get('rare-ep')))!.finds).toBe(1);
    expect(await t.database('select * from wish_batch')).toEqual([]);
  });

  it('wait for their plugin, over restarts, and for a clock that was set back', async () => {
    failures = 1;
    const t = await start('rare ep');
    await t.share('al', ['Rare EP\\1.mp3']);
    await t.advance('70s');
    expect(tellings).toHaveLength(1);
    t.sandbox.world.clock.jumpWallClock(-86_400_000);
    await t.downtime('10s', 'kill');
    expect(await ask(t, (list) => list.results('rare-ep'))).toMatchObject([{ state: 'waiting' }]);
    await t.advance('2h');
    expect(tellings).toHaveLength(2);
    expect(await ask(t, (list) => list.results('rare-ep'))).toMatchObject([{ state: 'told' }]);
  });

  it('do not hold up those of another wish for longer than they take', async () => {
    failures = 2;
    const t = await start('rare ep', 'other lp');
    await t.share('al', ['Rare EP\\1.mp3', 'Other LP\\1.mp3']);
    await t.advance('20m');
    expect(new Set(tellings.map(({ id }) => id)).size).toBe(2);
    await t.advance('1h');
    expect((await ask(t, (list) => list.list())).map(({ finds }) => finds)).toEqual([1, 1]);
  });

  it('are a hundred at a time, at most, and wait in a bounded number', async () => {
    const t = await start('rare ep');
    const files = (user: string) => Array.from({ length: 150 }, (_, i) => `Rare EP\\${user} ${i}.mp3`);
    await t.share('al', files('al'));
    await t.share('bob', files('bob'));
    await t.advance('2m');
    // A hundred of one user in a turn; the others come in the next.
    expect(tellings.map(({ names }) => names.length)).toEqual([100, 100]);
    await t.advance('3h');
    expect(tellings.map(({ names }) => names.length).sort()).toEqual([100, 100, 100].sort());
    expect(new Set(tellings.flatMap(({ names }) => names)).size).toBe(300);
  });
});

describe('people', () => {
  it('see what wishes keep of them, and have it deleted', async () => {
    const t = await start('rare ep');
    await ask(t, (list) => list.add({ query: 'secret lp', user: 'cy' }));
    await t.share('al', ['Rare EP\\1.mp3', 'Rare EP\\x.txt']);
    await ask(t, (list) => list.experience('al', 'good'));
    await ask(t, (list) => list.ignore('cy'));
    await t.advance('2m');
    const kept = async (user: string) => JSON.stringify(await t.sandbox.run(t.bot.personalData(user)));
    expect(await kept('al')).toContain('2 files among the results of wishes');
    expect(await kept('al')).toContain('3 fingerprints');
    expect(await kept('al')).toContain('1 good downloads');
    expect(await kept('cy')).toContain('secret lp');
    expect(await kept('cy')).toContain('receiver: ignored');
    await t.sandbox.run(t.bot.forget('al'));
    await t.sandbox.run(t.bot.forget('cy'));
    expect(await kept('al')).not.toContain('among the results');
    expect(await kept('al')).not.toContain('good');
    expect(await kept('cy')).not.toContain('secret');
    for (const table of ['wish_find', 'wish_experience', 'wish_batch'])
      expect(await t.database(`select * from ${table}`)).toEqual([]);
    // What was told of is not told anew.
    await t.advance('1d');
    expect(tellings).toHaveLength(1);
  });
});
