import { arg, definePlugin } from 'seekeeper';
import { type TestBot, testBot } from 'seekeeper/testing';
import { expect, it } from 'vitest';

const talker = definePlugin({
  name: 'talker',
  needs: ['room.read', 'room.say', 'pm.send'],
  setup(bot) {
    bot.command({
      name: 'echo',
      summary: 'Says it again',
      args: { text: arg.text() },
      run: ({ args }) => args.text,
    });
    bot.command({
      name: 'long',
      summary: 'Says a lot',
      run: () => Array.from({ length: 300 }, (_, i) => `word${i}`).join(' '),
    });
    bot.command({
      name: 'lines',
      summary: 'Says lines',
      run: () => ['first\nand half', 'second', '', 'third'],
    });
    bot.command({
      name: 'same',
      summary: 'Says one thing often',
      run: () => ['same', 'same', 'same', 'other'],
    });
    bot.on('room.message', { rooms: ['indie'] }, async ({ text, reply }) => {
      if (text === 'ping') await reply('pong');
      if (text === 'all') await reply('hello all', { priority: 'bulk' });
    });
    bot.command({
      name: 'boom',
      summary: 'Fails',
      cooldown: '1h',
      run: () => Promise.reject(new Error('a secret reason')),
    });
    bot.command({
      name: 'early',
      summary: 'Answers twice',
      async run({ reply }) {
        await reply('wait…');
        return 'done';
      },
    });
    bot.command({
      name: 'tell',
      summary: 'Writes to somebody',
      args: { user: arg.user() },
      run: async ({ args }) => {
        const { id, state } = await bot.pm(args.user, 'psst');
        const later = await bot.receipt(id);
        return `${state}, then ${later?.state ?? 'gone'}`;
      },
    });
    bot.command({
      name: 'announce',
      summary: 'Says in another room',
      args: { room: arg.room() },
      run: async ({ args }) => {
        const { id } = await bot.say(args.room, 'hear, hear');
        return `it was ${(await bot.receipt(id))?.state ?? 'gone'}`;
      },
    });
    bot.command({
      name: 'refill',
      in: 'cli',
      summary: 'For the console',
      args: { what: arg.optional(arg.word()) },
      async run({ args, reply, user, source }) {
        await reply(`${user} at the ${source}`);
        return `refilled ${args.what ?? 'all'}`;
      },
    });
  },
});

const lines = (t: TestBot) => t.sent().map(({ to, text }) => `${to}: ${text}`);

it('splits long answers at words and sends the pieces in order, at the pace of the network', async () => {
  const t = await testBot(talker);
  await t.say('al', 'indie', '!long');
  const text = t.text('indie');
  expect(text.length).toBeGreaterThan(3);
  expect(text.join(' ')).toBe(Array.from({ length: 300 }, (_, i) => `word${i}`).join(' '));
  for (const line of text) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(500);
  const times = t.sent().map(({ at }) => at);
  expect(times[3]! - times[2]!).toBeGreaterThanOrEqual(2_900);
});

it('sends every line of an answer as a line of its own, without the empty ones', async () => {
  const t = await testBot(talker);
  await t.say('al', 'indie', '!lines');
  expect(t.text('indie')).toEqual(['first', 'and half', 'second', 'third']);
});

it('sends every line of an answer that repeats itself', async () => {
  const t = await testBot(talker);
  await t.say('al', 'indie', '!same');
  expect(t.text('indie')).toEqual(['same', 'same (2/4)', 'same (3/4)', 'other']);
  await t.say('al', 'indie', `!echo ${'word '.repeat(400)}`);
  expect(t.text('indie').join(' ').match(/word/g)).toHaveLength(400);
});

it('answers two people who ask the same, the second one by name', async () => {
  const t = await testBot(talker);
  await t.say('al', 'indie', '!echo three are here');
  await t.advance('5s');
  await t.say('bob', 'indie', '!echo three are here');
  await t.say('bob', 'indie', '!echo three are here');
  await t.say('al', 'indie', 'ping');
  await t.say('bob', 'indie', 'ping');
  await t.say('al', 'indie', 'all');
  await t.say('bob', 'indie', 'all');
  expect(t.text('indie')).toEqual([
    'three are here',
    'bob: three are here',
    'pong',
    'bob: pong',
    'hello all',
  ]);
});

it('keeps answers in the order of the questions while the governor holds them back', async () => {
  const t = await testBot(talker);
  const people = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (const user of people) await t.join(user, 'indie');
  for (const user of people) (await t.person(user)).say('indie', `!echo answer ${user}`);
  await t.settle();
  expect(t.text('indie')).toEqual(people.map((user) => `answer ${user}`));
});

it('answers in private what was asked in private, with and without prefix', async () => {
  const t = await testBot(talker);
  await t.pm('al', 'echo one');
  await t.pm('al', '!echo two');
  await t.pm('al', 'what is this?');
  await t.pm('al', '!ecco two');
  expect(lines(t)).toEqual(['al: one', 'al: two', 'al: I know no command "ecco"; did you mean !echo?']);
});

it('sends what a command says before it is done first', async () => {
  const t = await testBot(talker);
  await t.say('al', 'indie', '!early');
  expect(t.text('indie')).toEqual(['wait…', 'done']);
});

it('survives a command that fails, says so without details, and gives the cooldown back', async () => {
  const t = await testBot(talker);
  await t.say('al', 'indie', '!boom');
  await t.say('bob', 'indie', '!boom');
  await t.say('al', 'indie', '!echo alive');
  expect(t.text('indie')).toEqual([
    'al: !boom failed; my owner finds the reason in the log',
    'bob: !boom failed; my owner finds the reason in the log',
    'alive',
  ]);
  const failures = t.logs().filter(({ message }) => message === 'A plugin failed');
  expect(failures.map(({ fields }) => [fields['plugin'], fields['where'], fields['error']])).toEqual([
    ['talker', '!boom', 'a secret reason'],
    ['talker', '!boom', 'a secret reason'],
  ]);
});

it('follows its lines: sent to a person, seen in a room', async () => {
  const t = await testBot(talker, { rooms: ['indie', 'jazz'] });
  await t.say('al', 'indie', '!tell bob');
  await t.say('al', 'indie', '!announce jazz');
  await t.say('al', 'indie', '!announce jazz');
  expect(lines(t)).toEqual([
    'bob: psst',
    'indie: queued, then sent',
    'jazz: hear, hear',
    'indie: it was seen',
    'indie: it was dropped',
  ]);
});

it('never answers itself', async () => {
  const t = await testBot(talker, { prefix: '!' });
  await t.say('al', 'indie', '!echo !echo !echo again');
  expect(t.text('indie')).toEqual(['!echo !echo again']);
});

it('never takes a word of the server for a command', async () => {
  const t = await testBot(talker);
  t.sandbox.server.notify(t.user, '!echo hello');
  t.sandbox.server.notify(t.user, 'help');
  await t.settle();
  t.expectQuiet();
  // Nor after a restart: what the server said is not left in the store as a message to handle.
  await t.downtime('1m');
  t.expectQuiet();
  expect(await t.database("select count(*) as n from inbox where state <> 'done'")).toEqual([{ n: 0 }]);
});

it('runs console commands at the console only', async () => {
  const t = await testBot(talker);
  expect(await t.console('refill "one thing"')).toEqual(['console at the cli', 'refilled one thing']);
  expect(await t.console('echo hi')).toEqual(['I know no console command "echo"; there are refill']);
  await t.pm('al', '!refill');
  expect(lines(t)).toEqual(['al: I know no command "refill"; !help lists what I know']);
});

it('follows the prefix of each room', async () => {
  const t = await testBot(talker, {
    rooms: ['indie', { name: 'den', owner: 'al', prefix: '?' }],
    prefix: '.',
  });
  await t.say('al', 'den', '?echo one');
  await t.say('al', 'den', '.echo no');
  await t.say('al', 'indie', '.echo two');
  await t.say('al', 'indie', '?echo no');
  await t.say('al', 'den', '?echo');
  expect(lines(t)).toEqual(['den: one', 'indie: two', 'den: missing text — usage: ?echo <text…>']);
});

it('reads a room in its charset', async () => {
  const t = await testBot(talker, { rooms: [{ name: 'rus', charset: 'windows-1251' }, 'indie'] });
  const raw = (room: string) => {
    const message = Buffer.from('21656368 6f20 ef f0 e8 e2 e5 f2'.replaceAll(' ', ''), 'hex');
    const name = Buffer.from(room);
    const body = Buffer.concat([u32(13), u32(name.length), name, u32(message.length), message]);
    return Buffer.concat([u32(body.length), body]);
  };
  await t.join('al', 'rus');
  await t.join('al', 'indie');
  (await t.person('al')).sendRaw(raw('rus'));
  (await t.person('al')).sendRaw(raw('indie'));
  await t.settle();
  expect(t.text('rus')).toEqual(['привет']);
  expect(t.text('indie')).toHaveLength(1);
  expect(t.text('indie')).not.toEqual(['привет']);
});

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
