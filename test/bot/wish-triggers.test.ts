import { type Bot, definePlugin, type Plugin, type WishDefinition, type WishFinds } from 'seekeeper';
import { type TestBot, type TestBotOptions, testBot } from 'seekeeper/testing';
import { afterEach, expect, it } from 'vitest';

let told: WishFinds[] = [];
let wishlist: Bot['wishlist'] | undefined;
let current: TestBot | undefined;

afterEach(async () => {
  told = [];
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

async function start(plugin: Plugin, options: TestBotOptions = {}): Promise<TestBot> {
  current = await testBot(plugin, { at: '2026-01-01T00:00:00Z', ...options });
  return current;
}

const ask = <T>(t: TestBot, question: (list: Bot['wishlist']) => Promise<T>): Promise<T> =>
  t.sandbox.run(question(wishlist!));

/** Searches but those of the slot: whom they asked, and when. */
const searches = (t: TestBot) =>
  t.sandbox.server.received(t.user).flatMap(({ at, request }) => {
    const time = new Date(at).toISOString().slice(11, 16);
    if (request.type === 'RoomSearch') return [`${time} #${request.room} ${request.query}`];
    return request.type === 'UserSearch' ? [`${time} @${request.username} ${request.query}`] : [];
  });

it('asks a room and a user by the calendar, and once for what was missed', async () => {
  const t = await start(
    wisher(
      { id: 'r', query: 'rare ep', scope: { room: 'indie' } },
      { id: 'u', query: 'rare ep', scope: { user: 'al' }, cron: '30 6 * * *', timezone: 'Europe/Berlin' },
    ),
  );
  await t.share('al', ['Rare EP\\1.mp3']);
  await t.join('al', 'indie');
  expect(
    (await ask(t, (list) => list.list())).map(({ nextTurn }) => new Date(nextTurn!).toISOString()),
  ).toEqual(['2026-01-01T00:17:00.000Z', '2026-01-01T05:30:00.000Z']);
  await t.advance('7h');
  expect(searches(t)).toEqual(['00:17 #indie rare ep', '05:30 @al rare ep', '06:17 #indie rare ep']);
  expect(told.map(({ wish, finds }) => [wish.id, finds[0]!.hit.name])).toEqual([
    ['r', '1.mp3'],
    ['u', '1.mp3'],
  ]);
  await t.downtime('2d');
  await t.advance('5m');
  expect(searches(t)).toHaveLength(5);
  expect(await ask(t, (list) => list.get('r'))).toMatchObject({ turns: 3, state: 'active' });
  await t.advance('20m');
  await ask(t, (list) => list.boost('u'));
  await t.advance('1m');
  expect(searches(t)).toHaveLength(6);
});

it('says why a room was not asked, and asks again what was asked a moment ago', async () => {
  const t = await start(
    wisher(
      { id: 'elsewhere', query: 'rare ep', scope: { room: 'elsewhere' } },
      { id: 'a', query: 'rare ep', scope: { room: 'indie' } },
      { id: 'b', query: 'ep rare', scope: { room: 'indie' }, cron: '20 * * * *' },
    ),
  );
  await t.advance('40m');
  // The same words there within ten minutes would be a repetition.
  expect(searches(t)).toEqual(['00:17 #indie rare ep', '00:30 #indie ep rare']);
  const why = await t.why({ plugin: 'wisher' });
  expect(why.map(({ reason }) => reason).join('\n')).toContain('not in the room elsewhere');
});

it('asks each buddy, one wish after the other, and wishes alike together', async () => {
  const t = await start(
    wisher(
      { id: 'a', query: 'rare ep', scope: 'buddies' },
      { id: 'b', query: 'EP rare', scope: 'buddies', filter: { ext: ['flac'] } },
    ),
    { buddies: ['al', 'bob', 'cy'] },
  );
  await t.share('al', ['Rare EP\\1.mp3', 'Rare EP\\2.flac']);
  await t.share('bob', ['Rare EP\\3.flac']);
  await t.advance('30m');
  expect(searches(t).map((line) => line.slice(6))).toEqual(['@al rare ep', '@bob rare ep', '@cy rare ep']);
  const names = (id: string) =>
    told.flatMap(({ wish, finds }) => (wish.id === id ? finds.map(({ hit }) => hit.name) : [])).sort();
  expect(names('a')).toEqual(['1.mp3', '2.flac', '3.flac']);
  expect(names('b')).toEqual(['2.flac', '3.flac']);
});

it('asks users who come online, not more often than it may', async () => {
  const t = await start(
    wisher({ id: 'w', query: 'rare ep', whenOnline: ['al'], every: '1h', atMost: '30d' }),
  );
  const asked = () => searches(t).length;
  await t.share('al', ['Rare EP\\1.mp3']);
  await t.status('al', 'offline');
  // Only now the server knows of such a user.
  await t.downtime('1m');
  await t.status('al', 'online');
  await t.advance('1m');
  expect(asked()).toBe(1);
  expect(told.map(({ finds }) => finds.length)).toEqual([1]);
  await t.status('al', 'away');
  await t.status('al', 'online');
  await t.status('al', 'offline');
  await t.advance('1m');
  await t.status('al', 'online');
  await t.downtime('5m');
  await t.advance('5m');
  expect(asked()).toBe(1);
  await t.status('al', 'offline');
  await t.advance('1h');
  await t.status('al', 'online');
  await t.advance('1m');
  expect(asked()).toBe(2);
  await ask(t, (list) => list.pause('w'));
  await t.status('al', 'offline');
  await t.advance('2h');
  await t.status('al', 'online');
  await t.advance('1m');
  expect(asked()).toBe(2);
});
