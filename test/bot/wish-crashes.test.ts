import { definePlugin, type WishFinds } from 'seekeeper';
import { type TestBot, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

/** What handlers were told, over all lives of the bot. */
let told: WishFinds[] = [];
let current: TestBot | undefined;

afterEach(async () => {
  told = [];
  await current?.dispose();
});

/** Notes each find under the id that says whether it is the same telling, as whoever tells people does. */
const teller = definePlugin({
  name: 'teller',
  needs: ['search.run'],
  setup(bot) {
    bot.wishlist({
      id: 'w',
      query: 'rare ep',
      async onFinds(finds) {
        told.push(finds);
        await bot.store.set(
          `told/${finds.id}`,
          finds.finds.map(({ hit, number }) => `${number} ${hit.user} ${hit.name}`),
        );
      },
    });
  },
});

/** Two turns that bring something, with somebody new in between. */
async function wish(t: TestBot): Promise<void> {
  await t.share('al', ['Rare EP\\1.mp3', 'Rare EP\\2.mp3']);
  await t.advance('2m');
  await t.share('bob', ['Rare EP\\1.mp3', 'Rare EP\\3.mp3']);
  await t.advance('40m');
}

/** @returns whether the bot died. */
async function dieAt(write: number, when: 'before' | 'after'): Promise<boolean> {
  told = [];
  const t = await testBot(teller);
  current = t;
  t.disk.crashAfter(write, when);
  await wish(t);
  const died = t.disk.crashed;
  await t.kill();
  await t.start();
  await t.advance('45m');
  const lines: string[] = [];
  for (const key of await t.store.keys('told/')) lines.push(...((await t.store.get<string[]>(key)) ?? []));
  const files = lines.map((line) => line.replace(/^\d+ /u, ''));
  // None lost, and none told twice to whoever goes by the id.
  expect(files.sort()).toEqual(['al 1.mp3', 'al 2.mp3', 'bob 1.mp3', 'bob 3.mp3']);
  expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(4);
  const seen = new Map<string, string>();
  for (const { id, finds, redelivered } of told) {
    const text = JSON.stringify(finds.map(({ number, kind, hit }) => [number, kind, hit]));
    expect(redelivered).toBe(seen.has(id) || died ? redelivered : false);
    if (seen.has(id)) expect([text, redelivered]).toEqual([seen.get(id), true]);
    seen.set(id, text);
  }
  expect(await t.database('select * from wish_batch')).toEqual([]);
  expect(await t.database("select * from wish_find where state != 'told'")).toEqual([]);
  expect(await t.database('select seen, remembered, turns from wish')).toMatchObject([
    { seen: 4, remembered: (await t.database('select count(*) as n from wish_seen'))[0]!['n'] },
  ]);
  await t.dispose();
  return died;
}

describe('killed at any write while a wish finds something', () => {
  it.each([
    ['before', 1],
    ['after', 3],
  ] as const)('%s it, every %i: loses no find, and tells none under another id', async (when, step) => {
    let write = 1;
    while (await dieAt(write, when)) write += step;
    expect(write).toBeGreaterThan(45);
  });
});
