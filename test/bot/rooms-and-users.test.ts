import { arg, definePlugin } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { expect, it } from 'vitest';

let statuses: string[] = [];

const asker = definePlugin({
  name: 'asker',
  needs: ['room.read', 'room.ticker', 'user.read'],
  setup(bot) {
    bot.command({
      name: 'wall',
      summary: 'Our line on the wall',
      args: { room: arg.room(), text: arg.optional(arg.text()) },
      run: async ({ args }) => {
        const outcome = await bot.rooms.setTicker(args.room, args.text ?? '');
        const what = `${args.room} ${args.text ?? 'empty'}`;
        return outcome.state === 'confirmed'
          ? `${what} confirmed`
          : `${what} ${outcome.state}: ${outcome.reason}`;
      },
    });
    bot.command({ name: 'rooms', summary: 'Rooms', run: async () => JSON.stringify(await bot.rooms.list()) });
    bot.command({
      name: 'room',
      summary: 'A room',
      args: { room: arg.room() },
      async run({ args }) {
        const info = await bot.rooms.info(args.room);
        return info === undefined
          ? 'unknown'
          : JSON.stringify({ ...info, users: info.users.map(({ user }) => user) });
      },
    });
    bot.command({
      name: 'who',
      summary: 'A user',
      args: { user: arg.user() },
      run: async ({ args }) => JSON.stringify(await bot.users.facts(args.user)),
    });
    bot.command({
      name: 'watch',
      summary: 'Watches',
      args: { user: arg.user() },
      run: ({ args }) => {
        bot.users.watch(args.user);
      },
    });
    bot.on('user.status', ({ user, status }) => void statuses.push(`${user} ${status}`));
  },
});

it('puts a line on the wall and sees it there', async () => {
  const t = await testBot(asker, { rooms: ['indie', { name: 'den', owner: 'olga', members: ['al'] }] });
  await t.pm('al', 'wall indie I am a bot');
  expect(t.sandbox.server.world.room('indie')?.tickers).toEqual([{ user: t.user, ticker: 'I am a bot' }]);
  await t.pm('al', 'wall indie I am a bot');
  await t.pm('al', 'wall indie');
  await t.pm('al', 'wall nowhere hello');
  expect(t.private('al')).toEqual([
    'indie I am a bot confirmed',
    'indie I am a bot confirmed',
    'indie empty confirmed',
    expect.stringMatching(/^nowhere hello refused: .*inside/),
  ]);
  expect(t.sandbox.server.world.room('indie')?.tickers).toEqual([]);
});

it('tells about rooms and users', async () => {
  const t = await testBot(asker, {
    rooms: [{ name: 'den', owner: 'olga', operators: ['opal'], members: ['al'] }],
    roles: { mod: ['al'] },
  });
  await t.say('al', 'den', 'hi');
  await t.pm('al', 'rooms');
  await t.pm('al', 'room den');
  await t.pm('al', 'room other');
  await t.pm('al', 'who al');
  await t.pm('al', 'who nobody');
  const [rooms, room, other, al, nobody] = t.private('al');
  expect(JSON.parse(rooms!)).toEqual([
    { name: 'den', private: true, standing: 'member', joined: true, userCount: 2 },
  ]);
  expect(JSON.parse(room!)).toMatchObject({
    owner: 'olga',
    operators: ['opal'],
    users: expect.arrayContaining(['al', t.user]),
  });
  expect(other).toBe('unknown');
  expect(JSON.parse(al!)).toMatchObject({
    user: 'al',
    status: 'online',
    rooms: ['den'],
    roles: ['mod', 'trusted'],
  });
  expect(JSON.parse(al!)).not.toHaveProperty('watched');
  expect(JSON.parse(nobody!)).toMatchObject({ user: 'nobody', status: 'offline', roles: [] });
});

it('hears of people whom a plugin watches, also after a reconnect', async () => {
  statuses = [];
  const t = await testBot(asker);
  await t.person('far');
  await t.pm('al', 'watch far');
  await t.status('far', 'away');
  expect(statuses).toContain('far away');
  await t.disconnect();
  await t.advance('1m');
  statuses = [];
  await t.status('far', 'offline');
  expect(statuses).toContain('far offline');
});
