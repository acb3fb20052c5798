import { describe, expect, it } from 'vitest';
import { type Bot, definePlugin, type Need, PluginError } from '../api/index.ts';
import { commandCall, privateMessage, roomJoin, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

const noop = () => {};

/** A loaded plugin whose `bot` the test holds. */
async function holding(needs: readonly Need[] = [], grant?: readonly Need[]) {
  const t = fakeHost();
  let held: Bot | undefined;
  const plugin = definePlugin({
    name: 'x',
    needs,
    setup(bot) {
      held = bot;
    },
  });
  await t.load(plugin, 'p', {}, grant);
  if (held === undefined) throw new Error('setup did not run');
  return { ...t, bot: held };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof PluginError ? error.code : `other: ${String(error)}`),
  );

describe('needs', () => {
  const uses: readonly [Need, string, (bot: Bot) => Promise<unknown>][] = [
    ['room.say', 'bot.say', (bot) => bot.say('indie', 'x')],
    ['pm.send', 'bot.pm', (bot) => bot.pm('al', 'x')],
    ['room.read', 'bot.rooms.list', (bot) => bot.rooms.list()],
    ['room.read', 'bot.rooms.info', (bot) => bot.rooms.info('indie')],
    ['room.ticker', 'bot.rooms.setTicker', (bot) => bot.rooms.setTicker('indie', 'x')],
    ['moderate', 'bot.rooms.addMember', (bot) => bot.rooms.addMember('den', 'al')],
    ['moderate', 'bot.rooms.removeMember', (bot) => bot.rooms.removeMember('den', 'al')],
    ['moderate', 'bot.rooms.addOperator', (bot) => bot.rooms.addOperator('den', 'al')],
    ['moderate', 'bot.rooms.removeOperator', (bot) => bot.rooms.removeOperator('den', 'al')],
    ['user.read', 'bot.users.facts', (bot) => bot.users.facts('al')],
    ['user.read', 'bot.users.watch', (bot) => bot.users.watch('al').ready],
    ['room.read', 'bot.on("room.exited")', (bot) => bot.on('room.exited', noop).ready],
    ['pm.read', 'bot.on("private.message")', (bot) => bot.on('private.message', noop).ready],
    ['user.read', 'bot.on("user.status")', (bot) => bot.on('user.status', noop).ready],
  ];

  it.each(uses)('%s is what %s takes', async (need, what, use) => {
    const every: readonly Need[] = [
      'room.read',
      'room.say',
      'room.ticker',
      'pm.read',
      'pm.send',
      'user.read',
      'moderate',
    ];
    const { bot } = await holding([need]);
    expect(await codeOf(use(bot))).toBe('done');
    const others = await holding(every.filter((other) => other !== need));
    await expect(use(others.bot)).rejects.toMatchObject({
      code: 'need-missing',
      message: `${what} needs "${need}": add it to needs in definePlugin`,
    });
    const denied = await holding(
      every,
      every.filter((other) => other !== need),
    );
    await expect(use(denied.bot)).rejects.toMatchObject({
      message: `${what} needs "${need}", which the config does not grant: add it to plugins.p.grant`,
    });
    expect([
      others.services.lines,
      others.services.roomActions,
      denied.services.lines,
      denied.services.roomActions,
    ]).toEqual([[], [], [], []]);
  });

  it('a grant gives nothing that the plugin did not ask for', async () => {
    const { bot } = await holding([], ['room.say']);
    expect(await codeOf(bot.say('indie', 'x'))).toBe('need-missing');
  });

  it('the priority "moderation" takes moderate', async () => {
    const { bot } = await holding(['room.say']);
    expect(await codeOf(bot.say('indie', 'x', { priority: 'moderation' }))).toBe('need-missing');
    const { bot: other, services } = await holding(['room.say', 'moderate']);
    await other.say('indie', 'x', { priority: 'moderation', ttl: '30s' });
    expect(services.lines[0]).toMatchObject({
      to: 'room indie',
      options: { priority: 'moderation', ttlMs: 30_000 },
    });
  });

  it('store, log, receipts, notices and the connection take none', async () => {
    const { bot, services } = await holding([]);
    await bot.store.set('k', 1);
    await Promise.all([bot.on('notice', noop).ready, bot.on('connection', noop).ready]);
    expect(await bot.receipt('line-1', { wait: false })).toEqual({ id: 'line-1', state: 'sent' });
    bot.log.warn('careful', { n: 1 });
    await bot.store.get('k');
    expect(services.logs).toEqual([{ instance: 'p', level: 'warn', message: 'careful', fields: { n: 1 } }]);
  });
});

describe('replies', () => {
  async function replying(needs: readonly Need[]) {
    const t = fakeHost();
    const replies: Promise<unknown>[] = [];
    const tokens: ((text: string) => Promise<unknown>)[] = [];
    const plugin = definePlugin({
      name: 'x',
      needs,
      setup(bot) {
        if (needs.includes('room.read')) {
          bot.on('room.message', (m) => void replies.push(codeOf(m.reply('hi'))));
          bot.on(
            'room.join',
            (m) => void replies.push(codeOf(m.reply('welcome', { priority: 'bulk', ttl: 5 }))),
          );
        }
        if (needs.includes('pm.read')) {
          bot.on('private.message', (m) => {
            tokens.push(m.reply);
            replies.push(codeOf(m.reply(['one', 'two'])));
          });
        }
        bot.command({
          name: 'go',
          summary: 's',
          run: (ctx) => void replies.push(codeOf(ctx.reply('from run'))),
        });
      },
    });
    await t.load(plugin);
    return { ...t, replies, tokens };
  }

  it('to who called needs nothing', async () => {
    const { host, services, replies } = await replying(['pm.read']);
    await host.dispatch(privateMessage('al', 'x'));
    await host.invokeCommand('p', 'go', commandCall('go', 'bo', {}, 'indie'));
    expect(await Promise.all(replies)).toEqual(['done', 'done']);
    expect(services.lines.map((line) => [line.to, line.text, line.options.priority])).toEqual([
      ['reply private al', 'one', 'reply'],
      ['reply private al', 'two', 'reply'],
      ['reply room indie', 'from run', 'reply'],
    ]);
  });

  it('to what merely happened in a room needs room.say', async () => {
    const silent = await replying(['room.read']);
    await silent.host.dispatch(roomMessage('indie', 'al', 'x'));
    expect(await Promise.all(silent.replies)).toEqual(['need-missing']);
    const { host, services, replies } = await replying(['room.read', 'room.say']);
    await host.dispatch(roomMessage('indie', 'al', 'x'));
    await host.dispatch(roomJoin('den', 'al'));
    expect(await Promise.all(replies)).toEqual(['done', 'done']);
    expect(services.lines.map((line) => [line.to, line.options])).toEqual([
      ['reply room indie', { priority: 'reply' }],
      ['reply room den', { priority: 'bulk', ttlMs: 5 }],
    ]);
  });

  it('end after 20 answers or a quarter of an hour', async () => {
    const { host, clock, tokens, services } = await replying(['pm.read']);
    await host.dispatch(privateMessage('al', 'x'));
    const codes = await Promise.all(Array.from({ length: 25 }, () => codeOf(tokens[0]!('again'))));
    expect(codes.filter((code) => code === 'done')).toHaveLength(19);
    expect(codes.filter((code) => code === 'reply-over')).toHaveLength(6);
    await host.dispatch(privateMessage('al', 'x'));
    await clock.advance(15 * 60_000);
    const sent = services.lines.length;
    expect(await codeOf(tokens[1]!('late'))).toBe('reply-over');
    expect(services.lines).toHaveLength(sent);
  });

  it('a refused text costs no answer', async () => {
    const { host, tokens } = await replying(['pm.read']);
    await host.dispatch(privateMessage('al', 'x'));
    for (let i = 0; i < 30; i++) expect(await codeOf(tokens[0]!(' '))).toBe('invalid');
    expect(await codeOf(tokens[0]!('x'))).toBe('done');
  });
});

describe('bad arguments', () => {
  it.each<[string, (bot: Bot) => Promise<unknown>, string]>([
    ['empty room', (bot) => bot.say('', 'x'), 'invalid'],
    ['empty text', (bot) => bot.say('indie', ' \n'), 'invalid'],
    ['no text', (bot) => bot.say('indie', []), 'invalid'],
    ['number for text', (bot) => bot.say('indie', 7 as never), 'invalid'],
    ['no such priority', (bot) => bot.say('indie', 'x', { priority: 'urgent' as never }), 'invalid'],
    ['bad ttl', (bot) => bot.say('indie', 'x', { ttl: 'soon' }), 'invalid'],
    ['function for text', (bot) => bot.say('indie', noop as never), 'not-plain'],
    ['a megabyte', (bot) => bot.say('indie', 'x'.repeat(1_048_577)), 'too-large'],
    ['empty key', (bot) => bot.store.set('', 1), 'invalid'],
    ['long key', (bot) => bot.store.get('k'.repeat(513)), 'invalid'],
    ['a date', (bot) => bot.store.set('k', { at: new Date(0) }), 'not-plain'],
    ['undefined', (bot) => bot.store.set('k', undefined), 'not-plain'],
    ['large value', (bot) => bot.store.set('k', 'x'.repeat(1_048_577)), 'too-large'],
    ['updated to a function', (bot) => bot.store.update<unknown>('k', () => noop), 'not-plain'],
    ['no user', (bot) => bot.users.facts(undefined as never), 'invalid'],
    ['number for ticker', (bot) => bot.rooms.setTicker('indie', 1 as never), 'invalid'],
  ])('%s', async (_name, use, code) => {
    const { bot, services } = await holding(['room.say', 'room.ticker', 'user.read']);
    expect(await codeOf(use(bot))).toBe(code);
    expect([services.lines, services.data.size, services.roomActions]).toEqual([[], 0, []]);
    // The channel lives on.
    await bot.store.set('k', 1);
  });

  it('a service that fails says why, without our stack', async () => {
    const { bot, services } = await holding();
    services.beforeStore = async () => {
      throw new Error('disk full');
    };
    const error: unknown = await bot.store.get('k').catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'PluginError', code: 'failed', message: 'disk full' });
    services.beforeStore = async () => {
      throw Object.assign(new Error('odd'), { code: 'ENOSPC' });
    };
    expect(await codeOf(bot.store.get('k'))).toBe('failed');
  });
});

describe('store', () => {
  it('keeps instances apart', async () => {
    const { host, load, services } = fakeHost();
    const plugin = definePlugin({
      name: 'counter',
      needs: ['pm.read'],
      setup: (bot) =>
        void bot.on('private.message', () => bot.store.update<number>('n', (old) => (old ?? 0) + 1)),
    });
    await load(plugin, 'a');
    await load(plugin, 'b');
    await host.dispatch(privateMessage('al', 'x'));
    await host.unload('b', 'test');
    await host.dispatch(privateMessage('al', 'x'));
    expect([services.data.get('a/n')?.value, services.data.get('b/n')?.value]).toEqual([2, 1]);
  });

  it('a thousand concurrent updates of one key are all counted, with one attempt each', async () => {
    const { bot, services } = await holding();
    let runs = 0;
    const add = (old: number | undefined) => {
      runs++;
      return (old ?? 0) + 1;
    };
    const results = await Promise.all(Array.from({ length: 1_000 }, () => bot.store.update('n', add)));
    expect(new Set(results).size).toBe(1_000);
    expect([services.data.get('p/n')?.value, runs]).toEqual([1_000, 1_000]);
  });

  it('update runs again when somebody else was faster, and gives up after a hundred times', async () => {
    const { bot, services } = await holding();
    const seen: unknown[] = [];
    let interfere = 2;
    const sum = await bot.store.update<number>('n', async (old) => {
      seen.push(old);
      if (interfere-- > 0) await services.store.set('p', 'n', 10 * seen.length, undefined);
      return (old ?? 0) + 1;
    });
    expect([sum, seen]).toEqual([21, [undefined, 10, 20]]);
    interfere = Infinity;
    expect(
      await codeOf(
        bot.store.update<number>('n', async () => {
          await services.store.set('p', 'n', 1, undefined);
          return 5;
        }),
      ),
    ).toBe('conflict');
  });

  it('update to undefined deletes, and an update that throws harms no other', async () => {
    const { bot, services } = await holding();
    await bot.store.set('n', 1);
    const broken = bot.store.update('n', () => {
      throw new RangeError('mine');
    });
    const after = bot.store.update<number>('n', (old) => (old ?? 0) + 1);
    await expect(broken).rejects.toThrow(RangeError);
    expect(await after).toBe(2);
    expect(await bot.store.update<number>('n', () => undefined)).toBeUndefined();
    expect(services.data.size).toBe(0);
    expect(await bot.store.update<number>('absent', () => undefined)).toBeUndefined();
  });

  it('lists keys by prefix', async () => {
    const { bot } = await holding();
    for (const key of ['u/bo', 'u/al', 'v']) await bot.store.set(key, 1);
    expect(await bot.store.keys('u/')).toEqual(['u/al', 'u/bo']);
    expect(await bot.store.keys()).toEqual(['u/al', 'u/bo', 'v']);
    expect([await bot.store.delete('v'), await bot.store.delete('v')]).toEqual([true, false]);
  });
});

describe('calls in flight', () => {
  it('are 64 at once; the rest waits in order', async () => {
    const { bot, host, services, clock } = await holding();
    const waiting: (() => void)[] = [];
    services.beforeStore = () => new Promise((resolve) => waiting.push(resolve));
    const all = Promise.all(Array.from({ length: 200 }, (_, i) => bot.store.get(`k${i}`)));
    await clock.settle();
    expect([waiting.length, host.list()[0]?.calls]).toEqual([64, 64]);
    services.beforeStore = async () => {};
    for (const release of waiting) release();
    await all;
    expect(host.list()[0]?.calls).toBe(0);
  });

  it('one that cannot be sent does not keep the others waiting', async () => {
    const { bot, services, clock } = await holding(['room.say']);
    const waiting: (() => void)[] = [];
    services.beforeStore = () => new Promise((resolve) => waiting.push(resolve));
    const first = Array.from({ length: 64 }, (_, i) => bot.store.get(`k${i}`));
    await clock.settle();
    const bad = Array.from({ length: 5 }, () => codeOf(bot.say('indie', noop as never)));
    const last = codeOf(bot.say('indie', 'x'));
    waiting[0]!();
    await clock.settle();
    expect(await Promise.all([...bad, last])).toEqual([
      ...Array.from({ length: 5 }, () => 'not-plain'),
      'done',
    ]);
    for (const release of waiting) release();
    await Promise.all(first);
  });

  it('waiting for receipts holds up nothing else, and is bounded', async () => {
    const { bot, clock } = await holding();
    const waits = Array.from({ length: 300 }, (_, i) => codeOf(bot.receipt(`line-${i}`)));
    await bot.store.set('k', 1);
    expect(await Promise.all(waits.slice(256))).toEqual(Array.from({ length: 44 }, () => 'too-many'));
    await clock.settle();
  });

  it('ten thousand that nobody awaits are too many', async () => {
    const { bot, services } = await holding();
    services.beforeStore = () => new Promise(noop);
    const codes: Promise<string>[] = [];
    for (let i = 0; i < 10_100; i++) codes.push(codeOf(bot.store.get('k')));
    expect(await codes.at(-1)).toBe('too-many');
  });
});

it('a log never throws, whatever it is given', async () => {
  const { bot, services } = await holding();
  bot.log.info('x'.repeat(10_000));
  bot.log.info('fn', { fn: noop });
  bot.log.info('big', { big: 'x'.repeat(100_000) });
  bot.log.error(7 as never, undefined);
  await bot.store.get('k');
  expect(services.logs.map((line) => [line.message.length, line.fields])).toEqual([
    [4_000, {}],
    [2, { fieldsLost: 'bot.log: fn is a function, which cannot be handed over' }],
    [3, { fieldsLost: 'bot.log: what was given is larger than 16384 bytes' }],
    [1, {}],
  ]);
});

it('bot says who it is', async () => {
  const { bot } = await holding();
  expect(bot.self).toEqual({ user: 'bot', id: 'p', plugin: 'x' });
  expect(Object.isFrozen(bot) && Object.isFrozen(bot.self) && Object.isFrozen(bot.store)).toBe(true);
});
