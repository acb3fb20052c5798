import { arg, definePlugin, s } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { expect, it } from 'vitest';

/** Says what it is told to, in rooms and in private. */
const talker = definePlugin({
  name: 'talker',
  needs: ['room.read', 'room.say', 'pm.read', 'pm.send'],
  setup(bot) {
    bot.command({
      name: 'echo',
      summary: 'Says it again',
      args: { text: arg.text() },
      run: ({ args }) => args.text,
    });
    bot.command({
      name: 'tell',
      summary: 'Says it and what became of it',
      args: { text: arg.text() },
      async run({ args }) {
        const { state, detail } = await bot.say('indie', args.text);
        return `${state}: ${detail ?? ''}`;
      },
    });
    bot.command({
      name: 'burst',
      summary: 'Says two things at once',
      run: async () => {
        await Promise.all([bot.say('indie', 'slow first'), bot.say('indie', 'second')]);
      },
    });
    bot.on('room.message', async ({ text, user }) => {
      await bot.store.set(`heard/${user}`, text);
    });
    bot.on('private.message', async ({ text, user }) => {
      await bot.store.set(`read/${user}`, text);
    });
  },
});

const filter = definePlugin({
  name: 'filter',
  needs: ['intercept'],
  config: s.object({
    onError: s.oneOf('allow', 'deny').default('deny'),
    order: s.number().default(0),
    mark: s.string().default('~'),
    rooms: s.array(s.string()).optional(),
  }),
  setup(bot) {
    const { onError, order, mark, rooms } = bot.config;
    const options = { onError, order, ...(rooms === undefined ? {} : { rooms }) };
    bot.intercept('outgoing', options, async ({ text, plugin }) => {
      const line = text.join(' ');
      if (line.includes('secret')) return { drop: `${plugin} must not` };
      if (line.includes('boom')) throw new Error('I broke');
      if (line.includes('hang')) await new Promise(() => {});
      if (line.includes('slow')) for (let i = 0; i < 3; i++) await bot.store.get('slow');
      return { text: text.map((one) => `${one}${mark}`) };
    });
    bot.intercept('incoming', options, ({ text }) => {
      if (text.includes('spam')) return { drop: 'it is spam' };
      if (text.includes('crash')) throw new Error('I broke');
      return text.startsWith('?') ? { text: `!${text.slice(1)}` } : undefined;
    });
  },
});

const also = (config: unknown = {}) => ({ filter: { plugin: filter, config } });

it('changes and drops what goes out: answers of commands, lines of plugins, and what the bot itself says', async () => {
  await using t = await testBot(talker, { also: also() });
  await t.say('al', 'indie', '!echo hello');
  await t.say('al', 'indie', '!echo my secret');
  await t.say('al', 'indie', '!tell a secret');
  await t.pm('al', '!nonsense');
  expect(t.text('indie')).toEqual(['hello~', 'dropped: filter: talker must not~']);
  expect(t.private('al')[0]).toMatch(/^I know no command "nonsense".*~$/);
  const decisions = await t.bot.decisions({});
  expect(decisions.map(({ source, plugin, reason }) => [source, plugin, reason])).toContainEqual([
    'lines',
    'talker',
    'filter: talker must not',
  ]);
});

it('what fails or takes too long is decided by onError', async () => {
  for (const [onError, expected] of [
    ['allow', ['boom', 'hang', 'ok~']],
    ['deny', ['ok~']],
  ] as const) {
    await using t = await testBot(talker, { also: also({ onError }) });
    await t.say('al', 'indie', '!echo boom');
    await t.say('bob', 'indie', '!echo hang');
    await t.say('cy', 'indie', '!echo ok');
    expect(t.text('indie')).toEqual(expected);
  }
});

it('keeps the order of what one plugin says in one place', async () => {
  await using t = await testBot(talker, { also: also() });
  await t.say('al', 'indie', '!burst');
  expect(t.text('indie')).toEqual(['slow first~', 'second~']);
});

it('changes and drops what comes in, for commands and handlers, and leaves the journal alone', async () => {
  await using t = await testBot(talker, { also: also() });
  await t.say('al', 'indie', '?echo hi');
  expect(t.text('indie')).toEqual(['hi~']);
  expect(await t.store.get('heard/al')).toBe('!echo hi');
  await t.say('al', 'indie', '!echo spam');
  await t.pm('bob', 'spam');
  await t.pm('cy', 'good day');
  expect(t.text('indie')).toHaveLength(1);
  expect(await t.store.get('heard/al')).toBe('!echo hi');
  expect([await t.store.get('read/bob'), await t.store.get('read/cy')]).toEqual([undefined, 'good day']);
  // Dropped counts as handled: it does not come again.
  await t.downtime('1m');
  expect(t.bot.status().inbox.waiting).toBe(0);
  expect(await t.store.get('read/bob')).toBeUndefined();
  const journal = await t.database("select body from journal where kind = 'room.line' and person = 'al'");
  expect(journal.map(({ body }) => body)).toEqual(['?echo hi', '!echo spam']);
  const noted = await t.bot.decisions({});
  expect(noted.filter(({ source }) => source === 'interceptors')).toMatchObject([
    { what: 'hear a line', reason: 'it is spam', user: 'bob', plugin: 'filter' },
    { what: 'hear a line', reason: 'it is spam', user: 'al', room: 'indie', plugin: 'filter' },
  ]);
});

it('an interceptor that fails for what comes in denies or allows it', async () => {
  for (const onError of ['allow', 'deny'] as const) {
    await using t = await testBot(talker, { also: also({ onError }) });
    await t.say('al', 'indie', '!echo crash');
    expect(t.text('indie')).toEqual(onError === 'allow' ? ['crash~'] : []);
  }
});

it('goes by order, then by the order of loading, and only where it is wanted', async () => {
  await using t = await testBot(talker, {
    rooms: ['indie', 'den'],
    also: {
      last: { plugin: filter, config: { order: 5, mark: '3' } },
      b: { plugin: filter, config: { mark: '1' } },
      c: { plugin: filter, config: { mark: '2', rooms: ['indie'] } },
    },
  });
  await t.say('al', 'indie', '!echo x');
  await t.say('al', 'den', '!echo x');
  await t.pm('al', '!echo x');
  expect([t.text('indie'), t.text('den'), t.private('al')]).toEqual([['x123'], ['x13'], ['x13']]);
});

/** Says something whenever anything is said. */
const chatty = definePlugin({
  name: 'chatty',
  needs: ['intercept', 'room.say'],
  setup(bot) {
    bot.intercept('outgoing', { onError: 'allow' }, async ({ text, plugin }) => {
      const { state } = await bot.say('indie', `${bot.self.id} heard ${plugin}: ${text.join(' ')}`);
      if (state !== 'queued') throw new Error('not queued');
    });
  },
});

it('what an interceptor says is not offered to itself, and does not hold it up', async () => {
  await using t = await testBot(talker, { also: { one: { plugin: chatty } } });
  const began = t.now;
  await t.say('al', 'indie', '!echo x');
  expect(t.text('indie')).toEqual(['one heard talker: x', 'x']);
  expect(t.sent()[0]!.at - began).toBeLessThan(200);
});

it('interceptors that answer each other come to an end', async () => {
  await using t = await testBot(talker, { also: { one: { plugin: chatty }, two: { plugin: chatty } } });
  await t.say('al', 'indie', '!echo x');
  await t.advance('5m');
  expect(t.text('indie').length).toBeLessThanOrEqual(20);
  expect(t.text('indie')).toContain('x');
});

it('needs the need, and onError', async () => {
  const needless = definePlugin({
    name: 'needless',
    setup(bot) {
      bot.intercept('outgoing', { onError: 'allow' }, () => undefined);
    },
  });
  await expect(testBot(needless)).rejects.toThrow('"intercept"');
  const careless = definePlugin({
    name: 'careless',
    needs: ['intercept'],
    setup(bot) {
      bot.intercept('outgoing', { order: 1 } as never, () => undefined);
    },
  });
  await expect(testBot(careless)).rejects.toThrow(/onError must be/);
});
