import { arg, definePlugin, s } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { expect, it } from 'vitest';

// A type, because a service is a record of functions, and interfaces have no index.
type Counting = {
  add(by: number): number;
  fail(): never;
  around(name: string, depth: number): Promise<string>;
};

const counting = definePlugin({
  name: 'counting',
  config: s.object({ name: s.string().default('counting') }),
  setup(bot) {
    let sum = 0;
    bot.provide(bot.config.name, {
      add: (by: number) => (sum += by),
      fail: () => {
        throw new Error('no luck');
      },
      // Calls whoever called it, and waits for the answer.
      around: async (name: string, depth: number): Promise<string> =>
        depth === 0
          ? 'end'
          : `${bot.self.id} ${await bot.use<Counting>(name).around(bot.config.name, depth - 1)}`,
      echo: (value: unknown) => value,
    });
  },
});

const user = definePlugin({
  name: 'user',
  setup(bot) {
    const service = bot.use<Counting>('counting');
    const told = async (attempt: () => Promise<unknown>) => {
      try {
        return String(await attempt());
      } catch (error) {
        const { code, message } = error as Error & { code?: string };
        return `${code}: ${message}`;
      }
    };
    const acts: Record<string, () => Promise<unknown>> = {
      add: () => service.add(2),
      fail: () => service.fail(),
      around: () => service.around('other', 6),
      missing: () => bot.use<{ find(): string }>('nothing').find(),
      method: () => bot.use<{ subtract(by: number): number }>('counting').subtract(1),
      function: () => bot.use<{ echo(value: unknown): unknown }>('counting').echo(() => 1),
      await: async () => {
        const resolved: unknown = await Promise.resolve(service);
        return resolved === service;
      },
      many: async () =>
        (await Promise.all(Array.from({ length: 100 }, () => service.around('other', 3)))).length,
    };
    bot.command({
      name: 'do',
      summary: 'Uses the service',
      args: { what: arg.word() },
      run: ({ args }) => told(acts[args.what]!),
    });
  },
});

it('plugins call each other, with errors that say what went wrong, in circles too', async () => {
  await using t = await testBot(user, {
    also: { counting: { plugin: counting }, other: { plugin: counting, config: { name: 'other' } } },
  });
  for (const what of ['add', 'add', 'fail', 'around', 'missing', 'method', 'function', 'await', 'many'])
    await t.pm('al', `do ${what}`);
  expect(t.private('al')).toEqual([
    '2',
    '4',
    'failed: counting.fail: no luck',
    'counting other counting other counting other end',
    'no-service: no loaded plugin provides the service "nothing"',
    'no-service: the service "counting" has no function "subtract"',
    expect.stringMatching(/^not-plain: .*a function/),
    'true',
    '100',
  ]);
});

it('two plugins cannot have the same name, and one cannot provide it twice', async () => {
  await expect(testBot(counting, { also: { second: { plugin: counting } } })).rejects.toThrow(
    'the service "counting" is provided by plugin counting already',
  );
  const twice = definePlugin({
    name: 'twice',
    setup(bot) {
      bot.provide('a', { b: () => 1 }).dispose();
      bot.provide('a', { b: () => 1 });
      bot.provide('a', { b: () => 1 });
    },
  });
  await expect(testBot(twice)).rejects.toThrow('it is provided already');
});

const speaking = definePlugin({
  name: 'speaking',
  texts: {
    en: { hello: 'Hello {user}!', left: '{n} left, {nobody}' },
    de: { hello: 'Hallo {user}!' },
  },
  setup(bot) {
    bot.command({
      name: 'hello',
      summary: 'Says hello',
      run: ({ user: person, room }) => [
        bot.t('hello', { user: person }, { ...(room === undefined ? {} : { room: room.name }) }),
        bot.t('left', { n: 3 }),
        bot.t('hello', { user: person }),
      ],
    });
  },
});

it('texts are in the language of the room, else of the bot, else the first one', async () => {
  await using t = await testBot(speaking, {
    rooms: ['indie', { name: 'kneipe', language: 'de-at' }],
    language: 'fr',
  });
  await t.say('al', 'kneipe', '!hello');
  expect(t.text('kneipe')).toEqual(['Hallo al!', '3 left, {nobody}', 'Hello al!']);
});

const measuring = definePlugin({
  name: 'measuring',
  needs: ['room.read'],
  setup(bot) {
    bot.on('room.message', ({ room, text }) => {
      bot.metric.count('lines', { room: room.name });
      bot.metric.gauge('last', text.length);
      bot.metric.observe('length', text.length);
    });
    bot.command({
      name: 'flood',
      summary: 'Counts a lot',
      run: () => {
        for (let i = 0; i < 50_000; i++) bot.metric.count('flood', { n: i % 700 });
      },
    });
  },
});

it('figures are added up, are bounded, and outlive nothing but a reload', async () => {
  await using t = await testBot(measuring);
  await t.say('al', 'indie', 'hello');
  await t.say('al', 'indie', 'hi');
  expect(t.bot.metrics().plugins).toEqual([
    {
      plugin: 'measuring',
      lost: 0,
      series: [
        { kind: 'gauge', name: 'last', labels: {}, value: 2 },
        { kind: 'observe', name: 'length', labels: {}, count: 2, sum: 7, least: 2, greatest: 5 },
        { kind: 'count', name: 'lines', labels: { room: 'indie' }, by: 2 },
      ],
    },
  ]);
  await t.say('al', 'indie', '!flood');
  const [one] = t.bot.metrics().plugins;
  expect(one?.series).toHaveLength(500);
  const counted = one!.series.reduce((sum, each) => sum + (each.kind === 'count' ? each.by : 0), 0);
  expect(one!.lost).toBeGreaterThan(0);
  expect(counted + one!.lost).toBeGreaterThanOrEqual(500);
  await t.downtime('1s');
  expect(t.bot.metrics()).toEqual({ since: expect.any(Number), plugins: [] });
});
