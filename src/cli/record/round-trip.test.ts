import { expect, it } from 'vitest';
import { streamWatched } from '../../bot/watch/stream-watched.ts';
import { definePlugin } from '../../plugins/api/index.ts';
import { parseRecording } from '../../sandbox/index.ts';
import { testBot } from '../../testing/index.ts';
import { Recorder } from './recorder.ts';

/** Says back what it hears, with who said it. */
const echo = definePlugin({
  name: 'echo',
  needs: ['room.read', 'room.say', 'pm.read', 'user.read'],
  setup(bot) {
    bot.command({ name: 'twice', summary: 'Says your name twice', run: ({ user }) => `${user} ${user}` });
    bot.on('room.message', {}, (event) => event.reply(`${event.user} said: ${event.text}`));
    bot.on('room.join', {}, (event) => event.reply(`in: ${event.user}`));
    bot.on('room.leave', {}, (event) => bot.say(event.room.name, `out: ${event.user}`));
    bot.on('room.ticker', {}, (event) => event.reply(`wall: ${event.ticker}`));
    bot.on('private.message', {}, (event) => event.reply(`psst ${event.user}: ${event.text}`));
  },
});

it('records a session that has the same effects when it is replayed, and names nobody', async () => {
  const lines: string[] = [];
  const away = new AbortController();
  await using original = await testBot(echo, { rooms: ['indie', 'den'], user: 'keeper' });
  await original.join('zoe', 'indie');
  const began = original.now;
  const recorder = new Recorder(began, (line) => lines.push(line));
  const watching = streamWatched(
    original.bot,
    { privateTexts: 'commands' },
    {
      emit: (data) => recorder.take(JSON.parse(JSON.stringify(data)) as never),
      unsent: () => 0,
      signal: away.signal,
    },
  );
  const before = original.sent().length;
  await original.say('alice', 'indie', 'hello keeper, is Zoe here?');
  await original.advance('5m');
  await original.say('bob', 'den', 'alice? ALICE! indie is nicer');
  await original.ticker('bob', 'den', 'bob was here');
  await original.pm('alice', 'twice');
  await original.pm('alice', 'my secret for bob');
  await original.advance('1h');
  await original.leave('bob', 'den');
  await original.status('alice', 'offline');
  away.abort();
  await watching;
  const recording = lines.join('\n');
  expect(recording).not.toMatch(/alice|bob|zoe|keeper(?!-)(?<!seekeeper)|indie|den"|secret/iu);
  expect(parseRecording(recording).began).toBe(began);

  const names: Readonly<Record<string, string>> = {
    alice: 'user2',
    bob: 'user3',
    zoe: 'user1',
    indie: 'room1',
    den: 'room2',
  };
  const said = original
    .sent()
    .slice(before)
    .map(({ kind, to, text }) => ({
      kind,
      to: names[to] ?? to,
      text: text
        .replace('my secret for bob', '(private)')
        .replace(/\bkeeper\b/gu, 'seekeeper')
        .replace(/alice|bob|zoe|indie|\bden\b/giu, (name) => names[name.toLowerCase()] ?? name),
    }));
  expect(said.length).toBeGreaterThan(8);
  await using again = await testBot(echo, { rooms: ['room1', 'room2'] });
  const start = again.now;
  await again.replay(recording);
  expect(again.sent().map(({ kind, to, text }) => ({ kind, to, text }))).toEqual(said);
  expect(again.now - start).toBeGreaterThan(65 * 60_000);
});
