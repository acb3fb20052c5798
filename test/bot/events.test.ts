import { definePlugin } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { beforeEach, expect, it } from 'vitest';

let seen: string[] = [];
beforeEach(() => {
  seen = [];
});

const watcher = definePlugin({
  name: 'watcher',
  needs: ['room.read', 'pm.read', 'user.read', 'room.say'],
  setup(bot) {
    bot.on(
      'room.message',
      { own: true },
      ({ room, user, text, own }) => void seen.push(`${room.name}/${user}${own ? '*' : ''}: ${text}`),
    );
    bot.on('room.join', ({ room, user }) => void seen.push(`${user} enters ${room.name}`));
    bot.on('room.leave', ({ room, user }) => void seen.push(`${user} leaves ${room.name}`));
    bot.on(
      'room.ticker',
      ({ room, user, ticker, old }) =>
        void seen.push(`${room.name} wall, ${user}: ${old ?? '-'} > ${ticker}`),
    );
    bot.on('room.member', ({ room, user, change }) => void seen.push(`${user} ${change} ${room.name}`));
    bot.on(
      'room.operator',
      ({ room, user, change }) => void seen.push(`${user} operator ${change} ${room.name}`),
    );
    bot.on(
      'room.entered',
      ({ room, again }) =>
        void seen.push(
          `in ${room.name} (${room.standing}, ${room.private ? 'private' : 'public'})${again ? ' again' : ''}`,
        ),
    );
    bot.on('room.exited', ({ room, reason }) => void seen.push(`out of ${room.name}: ${reason}`));
    bot.on(
      'private.message',
      ({ user, text, replayed, redelivered }) =>
        void seen.push(
          `${user}: ${text}${replayed ? ' (replayed)' : ''}${redelivered ? ' (redelivered)' : ''}`,
        ),
    );
    bot.on('user.status', ({ user, status, was }) => void seen.push(`${user}: ${was ?? '?'} > ${status}`));
    bot.on('notice', ({ kind }) => void seen.push(`notice ${kind}`));
    bot.on('connection', ({ state, was }) => void seen.push(`${was} > ${state}`));
  },
});

const take = () => seen.splice(0);

it('tells plugins everything, in order', async () => {
  const t = await testBot(watcher, { rooms: [{ name: 'den', owner: 'olga', members: ['al'] }] });
  expect(take()).toEqual([
    'offline > connecting',
    'connecting > logging-in',
    'logging-in > online',
    'in den (member, private)',
  ]);
  await t.say('al', 'den', 'hi');
  await t.ticker('al', 'den', 'x');
  await t.ticker('al', 'den', 'y');
  await t.status('al', 'away');
  await t.leave('al', 'den');
  expect(take()).toEqual([
    'al enters den',
    'den/al: hi',
    'den wall, al: - > x',
    'den wall, al: x > y',
    'al: online > away',
    'al leaves den',
  ]);
  await t.person('bob');
  const olga = await t.person('olga');
  olga.addMember('den', 'bob');
  olga.addOperator('den', 'bob');
  await t.settle();
  expect(take()).toEqual(['bob added den', 'bob operator added den']);
  olga.addOperator('den', t.user);
  await t.settle();
  await t.pm('al', 'hello');
  await t.disconnect();
  await t.advance('1m');
  expect(take()).toEqual([
    'seekeeper operator added den',
    'al: hello',
    'out of den: disconnected',
    'online > offline',
    'offline > connecting',
    'connecting > logging-in',
    'logging-in > online',
    'in den (operator, private) again',
  ]);
  olga.removeMember('den', t.user);
  await t.settle();
  expect(take()).toContain('out of den: removed');
});
