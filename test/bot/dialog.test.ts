import { arg, type Dialog, definePlugin, s } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { expect, it } from 'vitest';

const report = definePlugin({
  name: 'report',
  needs: ['room.read', 'pm.read', 'pm.send'],
  setup(bot) {
    const dialog = bot.dialog({
      id: 'report',
      timeout: '2m',
      onTimeout: 'You took too long.',
      onCancel: 'As you like.',
      state: s.object({ who: s.string(), why: s.string().default('') }),
      steps: {
        start: ({ state }) => ({ say: `What did ${state.who} do?`, to: 'why' }),
        async why({ text, state, redelivered, room, reply }) {
          const runs = (await bot.store.get<number>('runs')) ?? 0;
          await bot.store.set('runs', runs + 1);
          if (text === 'boom') throw new Error('a secret reason');
          if (text === 'odd') return { say: 'odd', to: 'confirm', state: { who: 7 } as never };
          if (text === 'large') return { to: 'confirm', state: { who: state.who, why: 'x'.repeat(70_000) } };
          if (text === 'again') {
            await dialog.start({ user: 'al', room }, { who: 'another', why: '' });
            return 'too late';
          }
          if (text === 'wait') await reply('one moment');
          const mark = redelivered ? ' (again)' : '';
          return {
            say: ['Noted.', `Shall I send it${mark}?`],
            to: 'confirm',
            state: { ...state, why: text },
          };
        },
        confirm: ({ text, state, user }) =>
          text === 'yes'
            ? `${user} reports ${state.who}: ${state.why}`
            : { say: 'yes or no?', to: 'confirm' },
      },
    });
    bot.command({
      name: 'report',
      summary: 'Tell on somebody',
      args: { who: arg.word() },
      async run(call) {
        await dialog.start(call, { who: call.args.who, why: '' });
      },
    });
    bot.command({
      name: 'enough',
      summary: 'Ends it',
      run: async (call) => ((await dialog.end(call)) ? 'ended' : 'there was none'),
    });
    bot.command({ name: 'yes', summary: 'Says yes', run: () => 'the command yes' });
    bot.on('room.message', ({ text }) => bot.store.set('heard', text));
    bot.on('private.message', ({ text }) => bot.store.set('read', text));
  },
});

it('goes through its steps in a room, for one person, while others talk', async () => {
  await using t = await testBot(report);
  await t.say('al', 'indie', '!report bob');
  await t.say('cy', 'indie', 'hello');
  await t.say('al', 'indie', 'he shouts');
  expect(await t.store.get('heard')).toBe('he shouts');
  await t.say('al', 'indie', '!yes');
  await t.say('al', 'indie', 'maybe');
  await t.say('al', 'indie', 'yes');
  await t.say('al', 'indie', 'yes');
  expect(t.text('indie')).toEqual([
    'What did bob do?',
    'Noted.',
    'Shall I send it?',
    'the command yes',
    'yes or no?',
    'al reports bob: he shouts',
  ]);
});

it('takes private answers, also those that are the name of a command, and keeps them from handlers', async () => {
  await using t = await testBot(report);
  await t.pm('al', 'report bob');
  await t.pm('al', 'report');
  await t.pm('al', '!yes');
  await t.pm('al', 'yes');
  expect(await t.store.get('read')).toBe('!yes');
  await t.pm('al', 'yes');
  expect(t.private('al')).toEqual([
    'What did bob do?',
    'Noted.',
    'Shall I send it?',
    'the command yes',
    'al reports bob: report',
    'the command yes',
  ]);
});

it('waits two minutes after each answer, and says once that it was too long', async () => {
  await using t = await testBot(report);
  await t.say('al', 'indie', '!report bob');
  await t.advance('119s');
  await t.say('al', 'indie', 'this and that');
  await t.advance('119s');
  t.expectQuiet();
  await t.advance('10s');
  expect(t.text('indie').at(-1)).toBe('You took too long.');
  await t.say('al', 'indie', 'yes');
  t.expectQuiet();
  await t.downtime('1h');
  t.expectQuiet();
});

it.each(['stop', 'kill'] as const)('survives a %s, and expires during one', async (how) => {
  await using t = await testBot(report);
  await t.pm('al', 'report bob');
  await t.pm('cy', 'report dan');
  await t.advance('30s');
  await t.downtime('30s', how);
  await t.pm('al', 'he shouts');
  expect(t.private('al')).toContain('Shall I send it?');
  await t.downtime('10m', how);
  expect(t.private('cy').filter((line) => line === 'You took too long.')).toHaveLength(1);
  await t.pm('al', 'yes');
  expect(t.private('al').at(-1)).toBe('the command yes');
});

it('is ended by the person, by a command, and by the next one in the same place', async () => {
  await using t = await testBot(report);
  await t.say('al', 'indie', '!report bob');
  await t.say('al', 'indie', ' STOP ');
  await t.say('al', 'indie', 'he shouts');
  expect(t.text('indie')).toEqual(['What did bob do?', 'As you like.']);
  await t.pm('al', 'report bob');
  await t.pm('al', '!report cy');
  await t.pm('al', '!enough');
  await t.pm('al', '!enough');
  await t.advance('5m');
  expect(t.private('al')).toEqual(['What did bob do?', 'What did cy do?', 'ended', 'there was none']);
});

it('another one that its own step begins stays', async () => {
  await using t = await testBot(report);
  await t.say('al', 'indie', '!report bob');
  await t.say('al', 'indie', 'again');
  await t.say('al', 'indie', 'he sings');
  await t.say('al', 'indie', 'yes');
  expect(t.text('indie').at(-1)).toBe('al reports another: he sings');
});

it.each(['boom', 'odd', 'large'])('a step that fails (%s) may be tried again, three times', async (what) => {
  await using t = await testBot(report);
  await t.say('al', 'indie', '!report bob');
  await t.say('al', 'indie', what);
  await t.say('al', 'indie', 'he shouts');
  await t.say('al', 'indie', 'yes');
  expect(t.text('indie').slice(1)).toEqual([
    'Something went wrong with that. Say it again, or "cancel" to end this.',
    'Noted.',
    'Shall I send it?',
    'al reports bob: he shouts',
  ]);
  await t.pm('al', 'report bob');
  for (let i = 0; i < 4; i++) {
    await t.pm('al', what);
    await t.advance('1m');
  }
  expect(t.private('al').at(-1)).toMatch(/so I stop here/);
  expect(await t.store.get('read')).toBe(what);
  expect(
    t
      .sent()
      .map(({ text }) => text)
      .join(),
  ).not.toContain('secret');
});

it('a start that fails tells whoever began it', async () => {
  const bad = definePlugin({
    name: 'bad',
    setup(bot) {
      const state = s.object({ n: s.int() });
      const dialog: Dialog<{ readonly n: number }> = bot.dialog({
        id: 'bad',
        state,
        steps: {
          start() {
            throw new Error('no luck');
          },
        },
      });
      const attempt = async (user: string, n: number) => {
        try {
          await dialog.start({ user }, { n });
          return 'begun';
        } catch (error) {
          return (error as Error).message;
        }
      };
      bot.command({ name: 'a', summary: 'a', run: ({ user }) => attempt(user, 1) });
      bot.command({ name: 'b', summary: 'b', run: ({ user }) => attempt(user, 1.5) });
      bot.command({ name: 'c', summary: 'c', run: () => attempt('stranger', 1) });
    },
  });
  await using t = await testBot(bad);
  for (const command of ['a', 'b', 'c']) await t.pm('al', command);
  expect(t.private('al')).toEqual([
    'dialog "bad": no luck',
    expect.stringMatching(/state\.n: /),
    expect.stringMatching(/needs "pm.send"/),
  ]);
});

it.each(['before', 'after'] as const)(
  'dies at each write that an answer makes in turn, %s it: the answer counts once',
  async (when) => {
    let crashed = true;
    for (let write = 1; crashed; write++) {
      await using t = await testBot(report);
      await t.pm('al', 'report bob');
      t.disk.crashAfter(write, when);
      await t.pm('al', 'he shouts');
      crashed = t.disk.crashed;
      if (crashed) {
        await t.kill();
        await t.start();
      } else t.disk.crashAfter(Infinity);
      // In the next step these words would be no answer.
      expect(t.private('al')).not.toContain('yes or no?');
      await t.pm('al', 'yes');
      expect(t.private('al').at(-1)).toBe('al reports bob: he shouts');
      expect(await t.store.get('runs')).toBeLessThanOrEqual(2);
    }
  },
);

it.each(['before', 'after'] as const)(
  'dies at each write of the last answer in turn, %s it: nobody else gets that line',
  async (when) => {
    let crashed = true;
    for (let write = 1; crashed; write++) {
      await using t = await testBot(report);
      await t.pm('al', 'report bob');
      await t.pm('al', 'he shouts');
      t.disk.crashAfter(write, when);
      await t.pm('al', 'yes');
      crashed = t.disk.crashed;
      if (crashed) {
        await t.kill();
        await t.start();
      } else t.disk.crashAfter(Infinity);
      // A line that was being sent when the process died is not sent again.
      const lost = await t.database("select id from outbox where state = 'unknown'");
      if (lost.length === 0) expect(t.private('al')).toContain('al reports bob: he shouts');
      expect(t.private('al')).not.toContain('the command yes');
      expect(await t.store.get('read')).toBe('report bob');
    }
  },
);

it.each(['before', 'after'] as const)(
  'dies at each write of the command that begins it in turn, %s it: that line is no answer',
  async (when) => {
    let crashed = true;
    for (let write = 1; crashed; write++) {
      await using t = await testBot(report);
      t.disk.crashAfter(write, when);
      await t.pm('al', 'report bob');
      crashed = t.disk.crashed;
      if (crashed) {
        await t.kill();
        await t.start();
      } else t.disk.crashAfter(Infinity);
      // Its second step would say so if that line had been taken for the answer to the first.
      expect(t.private('al')).not.toContain('yes or no?');
      await t.pm('al', 'he shouts');
      await t.pm('al', 'yes');
      expect(t.private('al').join('\n')).not.toContain('reports bob: report bob');
    }
  },
);
