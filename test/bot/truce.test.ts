import { arg, definePlugin } from 'seekeeper';
import { type TestBotOptions, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

/** Answers everything, as careless plugins do. */
const parrot = definePlugin({
  name: 'parrot',
  needs: ['room.read', 'room.say', 'pm.read', 'pm.send'],
  setup(bot) {
    let n = 0;
    bot.on('room.message', { notFrom: [bot.self.user] }, async (m) => {
      if (m.text.startsWith('!')) return;
      if (m.text.startsWith('say ')) await bot.say(m.room.name, `${m.text.slice(4)} ${++n}`);
      else await m.reply(`you said ${m.text.slice(0, 20)} ${++n}`);
    });
    bot.on('private.message', async (m) => {
      if (!m.text.startsWith('!')) await m.reply(`yes ${++n}`);
    });
    bot.command({
      name: 'echo',
      summary: 'Echoes',
      args: { text: arg.text() },
      run: ({ args }) => args.text,
    });
  },
});

let t: Awaited<ReturnType<typeof testBot>>;
afterEach(() => t.dispose());
const start = async (options: TestBotOptions = {}) => {
  t = await testBot(parrot, { truce: { rounds: 2 }, ...options });
};

describe('two bots', () => {
  it('answer each other twice in a room, whatever they say, and the silence is explained', async () => {
    await start();
    for (let i = 0; i < 6; i++) await t.say('otto', 'indie', `${'abcdef'[i]} ${i * 7919}`);
    expect(t.text('indie')).toHaveLength(2);
    await t.advance('2s');
    const [decision] = await t.bot.decisions({ user: 'otto' });
    expect(decision).toMatchObject({ source: 'truce', what: 'answer', room: 'indie' });
    expect(decision?.reason).toMatch(/two bots seem to answer each other; silence for \d+ s more/);
  });

  it('are told apart by place and person, and may talk again after a while', async () => {
    await start();
    for (let i = 0; i < 4; i++) await t.say('otto', 'indie', `line ${i}`);
    expect(t.text('indie')).toHaveLength(2);
    await t.say('al', 'indie', 'hello there');
    expect(t.text('indie')).toHaveLength(3);
    await t.pm('otto', 'and here');
    expect(t.private('otto')).toHaveLength(1);
    await t.advance('61s');
    await t.say('otto', 'indie', 'again');
    expect(t.text('indie')).toHaveLength(4);
  });

  it('end in private too, with commands that a person could type, and when the plugin speaks to the room', async () => {
    await start();
    for (let i = 0; i < 5; i++) await t.pm('otto', `question ${i}`);
    expect(t.private('otto')).toHaveLength(2);
    for (let i = 0; i < 5; i++) await t.say('gigi', 'indie', `!echo ${i}`);
    expect(t.text('indie')).toHaveLength(2);
    await t.advance('10s');
    for (let i = 0; i < 5; i++) await t.say('rosa', 'indie', `say something ${i}`);
    expect(t.text('indie')).toHaveLength(4);
  });
});

describe('who is never answered', () => {
  it('known bots and automatic messages, in rooms and in private', async () => {
    await start({ truce: { knownBots: ['otherbot'], rounds: 2 } });
    await t.say('otherbot', 'indie', '!echo hi');
    await t.say('otherbot', 'indie', 'hello');
    await t.pm('otherbot', 'hello');
    await t.pm('al', '[Auto-Message] I am away');
    await t.pm('bo', '[Automatic Message] File not shared');
    await t.say('al', 'indie', 'Auto-reply: gone fishing');
    expect(t.sent().filter(({ text }) => !text.startsWith('Welcome'))).toEqual([]);
    await t.advance('2s');
    const found = await t.bot.decisions({ limit: 50 });
    expect(new Set(found.map(({ source }) => source))).toEqual(new Set(['truce']));
    expect(found.some(({ what, user }) => what === 'run !echo' && user === 'otherbot')).toBe(true);
    await t.pm('al', 'back again');
    expect(t.private('al')).toHaveLength(1);
  });

  it('questions to the client itself, more than now and then', async () => {
    await start();
    for (const user of ['a', 'a', 'b', 'c', 'd', 'e', 'f', 'g']) await t.pm(user, '\u0001VERSION\u0001');
    expect(t.sent()).toHaveLength(5);
  });
});

it('never keeps an owner waiting', async () => {
  await start({ roles: { owner: ['me'] } });
  for (let i = 0; i < 5; i++) await t.pm('me', `!echo ${i}`);
  expect(t.private('me')).toEqual(['0', '1', '2', '3', '4']);
});

describe('people', () => {
  it('who type as fast as people can are answered every time', async () => {
    await start();
    const pauses = ['900ms', '1100ms', '1s', '1300ms', '950ms', '1s', '1200ms', '1s', '1100ms', '900ms'];
    for (const [i, pause] of pauses.entries()) {
      await t.pm('al', `!echo ${i % 2 === 0 ? 'a' : 'b'}${i}`);
      await t.advance(pause);
    }
    expect(t.private('al')).toHaveLength(10);
  });
});
