import { describe, expect, it } from 'vitest';
import { definePlugin, type PluginError } from '../api/index.ts';
import { commandCall, privateMessage, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

const noop = () => {};

describe('a setup that fails', () => {
  it('leaves nothing behind', async () => {
    const { host, load, services } = fakeHost();
    const undone: string[] = [];
    let signal: AbortSignal | undefined;
    const plugin = definePlugin({
      name: 'x',
      needs: ['room.read', 'user.read'],
      async setup(bot) {
        signal = bot.signal;
        bot.onDispose(async () => {
          await bot.store.set('closed', true);
          undone.push('first');
        });
        bot.on('room.message', noop);
        bot.command({ name: 'a', summary: 'a', run: noop });
        await bot.users.watch('al').ready;
        bot.onDispose(() => undone.push('second'));
        throw new Error('no luck');
      },
    });
    await expect(load(plugin)).rejects.toMatchObject({
      code: 'setup',
      message: 'Plugin "p" (given): setup failed: no luck',
    });
    expect([host.list(), services.watched, [...services.registered], undone]).toEqual([
      [],
      [],
      [],
      ['second', 'first'],
    ]);
    expect(signal?.aborted).toBe(true);
    expect(services.problems).toEqual([]);
    // Its names are free again.
    await load(
      definePlugin({ name: 'y', setup: (bot) => void bot.command({ name: 'a', summary: 'a', run: noop }) }),
    );
  });

  it('keeps the stack of the plugin’s own error', async () => {
    const plugin = definePlugin({
      name: 'x',
      setup() {
        throw new TypeError('inside');
      },
    });
    const error = await fakeHost()
      .load(plugin)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ pluginStack: expect.stringContaining('setup.test.ts') });
  });

  it('gets no events and no calls before it is done', async () => {
    const { host, load, services, clock } = fakeHost();
    const seen: string[] = [];
    const plugin = definePlugin({
      name: 'x',
      needs: ['room.read'],
      async setup(bot) {
        bot.on('room.message', (m) => seen.push(m.text));
        bot.command({ name: 'a', summary: 'a', run: noop });
        await bot.store.get('slow');
      },
    });
    let release: () => void = noop;
    services.beforeStore = () => new Promise((resolve) => (release = resolve));
    const loading = load(plugin);
    await clock.settle();
    expect(await host.dispatch(roomMessage('indie', 'al', 'early'))).toMatchObject({ handled: 0 });
    expect(services.registered.size).toBe(0);
    expect(await host.invokeCommand('p', 'a', commandCall('a', 'al'))).toEqual({ state: 'unloaded' });
    release();
    await loading;
    await host.dispatch(roomMessage('indie', 'al', 'late'));
    expect([seen, [...services.registered.keys()]]).toEqual([['late'], ['p/a']]);
  });

  it('that never ends is given up after 10 s', async () => {
    const { host, load, clock, services } = fakeHost();
    const plugin = definePlugin({
      name: 'x',
      needs: ['user.read'],
      async setup(bot) {
        await bot.users.watch('al').ready;
        await new Promise(noop);
      },
    });
    const loading = load(plugin).catch((error: unknown) => error);
    await clock.advance(9_999);
    expect(services.watched).toEqual(['p/al']);
    await clock.advance(1);
    expect(await loading).toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/not ready after 10000 ms/),
    });
    expect([host.list(), services.watched, clock.pending]).toEqual([[], [], 0]);
  });

  it('is cut short by an unload', async () => {
    const { host, load, clock } = fakeHost();
    const loading = load(definePlugin({ name: 'x', setup: () => new Promise<void>(noop) })).catch(
      (e: unknown) => e,
    );
    await clock.settle();
    await host.unload('p', 'changed my mind');
    expect(await loading).toMatchObject({ code: 'unloaded' });
    expect([host.list(), clock.pending]).toEqual([[], 0]);
  });
});

describe('a registration that is refused', () => {
  it.each<[string, (bot: Parameters<ReturnType<typeof definePlugin>['setup']>[0]) => unknown, RegExp]>([
    [
      'need',
      (bot) => bot.on('private.message', noop),
      /bot\.on\("private\.message"\) needs "pm\.read": add it to needs in definePlugin/,
    ],
    ['pattern', (bot) => bot.on('room.message', { text: { pattern: '(' } }, noop), /is not RE2 syntax/],
    [
      'event',
      (bot) => bot.on('room.massage' as never, noop),
      /no such event; did you mean "room\.message"\?/,
    ],
    ['command', (bot) => bot.command({ name: 'A', summary: 'a', run: noop }), /the name "A" is not allowed/],
    ['handler', (bot) => bot.on('room.message', 7 as never), /handler is not a function/],
    ['watch', (bot) => bot.users.watch('nobody'), /no such user/],
    [
      'filter',
      (bot) => bot.on('room.message', { text: { includes: noop as never } }, noop),
      /filter\.text\.includes is a function/,
    ],
  ])('fails the setup: %s', async (_name, register, message) => {
    const { load, host } = fakeHost();
    const plugin = definePlugin({
      name: 'x',
      needs: ['room.read', 'user.read'],
      async setup(bot) {
        register(bot);
        // The refusal comes while setup is busy with something else, and counts all the same.
        await bot.store.get('k');
        await bot.store.get('k');
      },
    });
    await expect(load(plugin)).rejects.toMatchObject({
      code: 'setup',
      message: expect.stringMatching(message),
    });
    expect(host.list()).toEqual([]);
  });

  it('names the config when it grants less', async () => {
    const plugin = definePlugin({
      name: 'x',
      needs: ['room.read'],
      setup: (bot) => void bot.on('room.join', noop),
    });
    await expect(fakeHost().load(plugin, 'greeter', {}, [])).rejects.toThrow(
      'bot.on("room.join") needs "room.read", which the config does not grant: add it to plugins.greeter.grant',
    );
  });

  it('after setup is reported, and `ready` tells', async () => {
    const { load, host, services } = fakeHost();
    const told: unknown[] = [];
    const plugin = definePlugin({
      name: 'x',
      needs: ['pm.read'],
      setup(bot) {
        bot.on('private.message', async () => {
          bot.on('room.message', noop);
          await bot.users.watch('al').ready.catch((error: unknown) => told.push((error as PluginError).code));
        });
      },
    });
    await load(plugin);
    await host.dispatch(privateMessage('al', 'x'));
    expect(told).toEqual(['need-missing']);
    expect(services.problems.map((p) => [p.instance, p.plugin, p.kind, p.where, p.count])).toEqual([
      ['p', 'x', 'registration', 'event', 1],
      ['p', 'x', 'registration', 'watch', 2],
    ]);
    expect(host.list()[0]).toMatchObject({ handlers: 1, watches: 0 });
  });

  it('a thousand and one are too many', async () => {
    const plugin = definePlugin({
      name: 'x',
      needs: ['room.read'],
      setup(bot) {
        for (let i = 0; i < 1_001; i++) bot.on('room.message', noop);
      },
    });
    await expect(fakeHost().load(plugin)).rejects.toThrow(/more than 1000 handlers, commands and watches/);
  });
});

describe('command names', () => {
  const having = (name: string, aliases: string[] = []) =>
    definePlugin({ name: 'x', setup: (bot) => void bot.command({ name, aliases, summary: 's', run: noop }) });

  it('the later of two instances with one name is refused, and named with the other', async () => {
    const { load, host, services } = fakeHost();
    await load(having('seen', ['last']), 'a');
    await expect(load(having('seen'), 'b')).rejects.toThrow(
      /command "seen" of "b" wants the name "seen", which "a" has already/,
    );
    await expect(load(having('x', ['last']), 'b')).rejects.toThrow(
      /wants the name "last", which "a" has already \(an alias of its "seen"\)/,
    );
    expect([...services.registered.keys()]).toEqual(['a/seen']);
    await host.unload('a', 'test');
    await load(having('seen'), 'b');
    expect([...services.registered.keys()]).toEqual(['b/seen']);
  });

  it('clash within one plugin too', async () => {
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        bot.command({ name: 'a', summary: 's', run: noop });
        bot.command({ name: 'b', aliases: ['a'], summary: 's', run: noop });
      },
    });
    const { load, services } = fakeHost();
    await expect(load(plugin)).rejects.toThrow(
      /command "b" of "p" wants the name "a", which "p" has already/,
    );
    expect(services.registered.size).toBe(0);
  });

  it('the bot’s own commands win, and the load is undone', async () => {
    const { load, services, host } = fakeHost();
    services.coreCommands.add('help');
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        bot.command({ name: 'mine', summary: 's', run: noop });
        bot.command({ name: 'help', summary: 's', run: noop });
      },
    });
    await expect(load(plugin)).rejects.toThrow('Plugin "p" (given): "help" is a command of the bot itself');
    expect([services.registered.size, host.list()]).toEqual([0, []]);
  });
});

it('one id is loaded once', async () => {
  const { load, host } = fakeHost();
  const plugin = definePlugin({ name: 'x', setup: noop });
  await load(plugin, 'a');
  await expect(load(plugin, 'a')).rejects.toMatchObject({ code: 'id' });
  expect(host.list()).toHaveLength(1);
});
