import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bot, definePlugin, PluginError, type Registration } from '../api/index.ts';
import { commandCall, privateMessage, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

const noop = () => {};
const NEEDS = ['room.read', 'pm.read', 'user.read'] as const;

const codeOf = (run: () => unknown) => {
  try {
    run();
    return 'done';
  } catch (error) {
    return error instanceof PluginError ? error.code : 'other';
  }
};

describe('unload', () => {
  it('leaves nothing of whatever was registered and disposed, in any order', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constantFrom('on', 'command', 'watch', 'onDispose' as const) }),
      fc.record({ do: fc.constant('dispose' as const), which: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.array(step, { maxLength: 20 }),
        async (inSetup, later) => {
          const { host, load, services } = fakeHost();
          const kept: { what: string; registration: Registration }[] = [];
          const undone: number[] = [];
          const expected: number[] = [];
          let count = 0;
          const perform = (bot: Bot, steps: typeof inSetup) => {
            for (const one of steps) {
              const i = count++;
              if ('which' in one) {
                const [gone] = kept.splice(one.which % Math.max(1, kept.length), 1);
                gone?.registration.dispose();
                gone?.registration[Symbol.dispose]();
                continue;
              }
              if (one.do === 'on') kept.push({ what: 'on', registration: bot.on('room.message', noop) });
              if (one.do === 'command') {
                kept.push({
                  what: 'command',
                  registration: bot.command({ name: `c${i}`, summary: 's', run: noop }),
                });
              }
              if (one.do === 'watch')
                kept.push({ what: 'watch', registration: bot.users.watch(i % 2 ? 'al' : 'bo') });
              if (one.do === 'onDispose') {
                kept.push({ what: String(i), registration: bot.onDispose(() => undone.push(i)) });
              }
            }
          };
          let held: Bot | undefined;
          const plugin = definePlugin({
            name: 'x',
            needs: NEEDS,
            setup(bot) {
              held = bot;
              perform(bot, inSetup);
            },
          });
          const info = await load(plugin);
          const counted = (what: string) => kept.filter((k) => k.what === what).length;
          expect([info.handlers, info.commands.length, info.watches]).toEqual([
            counted('on'),
            counted('command'),
            counted('watch'),
          ]);
          perform(held!, later);
          await held!.store.get('wait for the host');
          expect(services.registered.size).toBe(counted('command'));
          expect(services.watched).toHaveLength(counted('watch'));
          expected.push(
            ...kept
              .filter((k) => /^\d/.test(k.what))
              .map((k) => Number(k.what))
              .reverse(),
          );
          await host.unload('p', 'test');
          expect(undone).toEqual(expected);
          expect([host.list(), services.registered.size, services.watched, services.problems]).toEqual([
            [],
            0,
            [],
            [],
          ]);
          expect(await host.dispatch(roomMessage('indie', 'al', 'x'))).toMatchObject({ handled: 0 });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('aborts the signal with the reason, rejects what is pending, and nothing can be registered any more', async () => {
    const { host, load, services } = fakeHost();
    let held: Bot | undefined;
    await load(
      definePlugin({
        name: 'x',
        needs: NEEDS,
        setup(bot) {
          held = bot;
        },
      }),
    );
    const bot = held!;
    services.beforeStore = () => new Promise(noop);
    const pending = [bot.store.get('k'), bot.receipt('line-1')].map((call) =>
      call.catch((error: unknown) => error),
    );
    await host.unload('p', 'its config changed');
    expect(bot.signal.reason).toMatchObject({
      code: 'unloaded',
      message: 'The plugin was unloaded: its config changed',
    });
    for (const call of pending) expect(await call).toMatchObject({ name: 'PluginError', code: 'unloaded' });
    const late = [
      () => bot.on('room.message', noop),
      () => bot.command({ name: 'a', summary: 's', run: noop }),
      () => bot.users.watch('al'),
      () => bot.onDispose(noop),
    ];
    expect(late.map(codeOf)).toEqual(['unloaded', 'unloaded', 'unloaded', 'unloaded']);
    await expect(bot.store.get('k')).rejects.toMatchObject({ code: 'unloaded' });
    expect(() => bot.log.info('still here')).not.toThrow();
    expect(services.logs).toEqual([]);
  });

  it('lets onDispose use the store, one after the other, newest first', async () => {
    const { host, load, services } = fakeHost();
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        const append = (word: string) => bot.store.update<string[]>('words', (old) => [...(old ?? []), word]);
        bot.onDispose(() => append('first'));
        bot.onDispose(() => append('second'));
        bot.onDispose(noop).dispose();
      },
    });
    await load(plugin);
    await host.unload('p', 'test');
    expect(services.data.get('p/words')?.value).toEqual(['second', 'first']);
  });

  it('goes on when something throws in it, and says what', async () => {
    const { host, load, services } = fakeHost();
    const undone: string[] = [];
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        bot.onDispose(() => undone.push('last'));
        bot.onDispose(async () => {
          throw new Error('no');
        });
      },
    });
    await load(plugin);
    await host.unload('p', 'test');
    expect(undone).toEqual(['last']);
    expect(services.problems).toMatchObject([{ kind: 'dispose', where: 'onDispose', message: 'no' }]);
  });

  it('does not wait longer than 5 s', async () => {
    const { host, load, services, clock } = fakeHost();
    await load(
      definePlugin({
        name: 'x',
        setup(bot) {
          bot.command({ name: 'a', summary: 's', run: noop });
          bot.onDispose(() => new Promise(noop));
        },
      }),
    );
    const unloading = host.unload('p', 'test');
    await clock.advance(4_999);
    expect([host.list()[0]?.state, services.registered.size]).toEqual(['stopping', 0]);
    await clock.advance(1);
    await unloading;
    expect(host.list()).toEqual([]);
    expect(services.problems).toMatchObject([
      { kind: 'dispose', message: expect.stringMatching(/not done after 5000 ms/) },
    ]);
  });

  it('does not report what handlers throw because of it', async () => {
    const { host, load, services } = fakeHost();
    services.beforeStore = () => new Promise(noop);
    await load(
      definePlugin({
        name: 'x',
        needs: NEEDS,
        setup: (bot) => void bot.on('private.message', () => bot.store.get('k')),
      }),
    );
    const outcome = host.dispatch(privateMessage('al', 'x'));
    await host.unload('p', 'test');
    expect(await outcome).toEqual({ handled: 0, failed: 0, dropped: 0, unfinished: 1 });
    expect(services.problems).toEqual([]);
  });

  it('cuts off a running command', async () => {
    const { host, load } = fakeHost();
    await load(
      definePlugin({
        name: 'x',
        setup: (bot) => void bot.command({ name: 'a', summary: 's', run: () => new Promise(noop) }),
      }),
    );
    const calls = [commandCall('a', 'al'), commandCall('a', 'al')].map((call) =>
      host.invokeCommand('p', 'a', call),
    );
    await host.unload('p', 'test');
    expect(await Promise.all(calls)).toEqual([{ state: 'unloaded' }, { state: 'unloaded' }]);
  });

  it('cuts off the other handlers of the event too', async () => {
    const { host, load } = fakeHost();
    const plugin = definePlugin({
      name: 'x',
      needs: NEEDS,
      setup(bot) {
        bot.on('private.message', () => new Promise(noop));
        bot.on('private.message', noop);
      },
    });
    await load(plugin);
    const outcome = host.dispatch(privateMessage('al', 'x'));
    await host.unload('p', 'test');
    expect(await outcome).toEqual({ handled: 0, failed: 0, dropped: 0, unfinished: 2 });
  });

  it('takes commands away newest first', async () => {
    const { host, load, services } = fakeHost();
    const gone: string[] = [];
    const { unregister } = services.commands;
    services.commands.unregister = (instance, name) => {
      gone.push(name);
      unregister(instance, name);
    };
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        for (const name of ['a', 'b', 'c']) bot.command({ name, summary: 's', run: noop });
      },
    });
    await load(plugin);
    await host.unload('p', 'test');
    expect(gone).toEqual(['c', 'b', 'a']);
  });

  it('at any moment of loading ends the load and leaves nothing', async () => {
    const ends = new Set<unknown>();
    for (let ticks = 0; ticks < 60; ticks++) {
      const { host, load, services, clock } = fakeHost();
      const plugin = definePlugin({
        name: 'x',
        needs: NEEDS,
        async setup(bot) {
          bot.command({ name: 'a', summary: 's', run: noop });
          await bot.users.watch('al').ready;
        },
      });
      const loading = load(plugin).then(
        () => 'loaded',
        (error: unknown) => (error as { code: string }).code,
      );
      for (let i = 0; i < ticks; i++) await Promise.resolve();
      await host.unload('p', 'test');
      ends.add(await loading);
      expect([host.list(), services.watched, services.registered.size, services.problems]).toEqual([
        [],
        [],
        0,
        [],
      ]);
      expect(clock.pending).toBe(0);
    }
    expect(ends).toEqual(new Set(['unloaded', 'loaded']));
  });

  it('twice at once is once, and of nothing is nothing', async () => {
    const { host, load } = fakeHost();
    const undone: string[] = [];
    await load(definePlugin({ name: 'x', setup: (bot) => void bot.onDispose(() => undone.push('x')) }));
    await Promise.all([host.unload('p', 'one'), host.unload('p', 'two'), host.unload('nobody', 'three')]);
    expect(undone).toEqual(['x']);
  });

  it('after it the same id can be loaded again, and the old one’s bot stays dead', async () => {
    const { host, load, services } = fakeHost();
    const bots: Bot[] = [];
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        bots.push(bot);
        bot.command({ name: 'a', summary: 's', run: noop });
      },
    });
    await load(plugin);
    await host.unload('p', 'test');
    await load(plugin);
    expect([...services.registered.keys()]).toEqual(['p/a']);
    await expect(bots[0]!.store.get('k')).rejects.toMatchObject({ code: 'unloaded' });
    await expect(bots[1]!.store.get('k')).resolves.toBeUndefined();
  });
});

it('close unloads all, the last loaded first', async () => {
  const { host, load } = fakeHost();
  const order: string[] = [];
  const plugin = definePlugin({
    name: 'x',
    setup: (bot) => void bot.onDispose(() => order.push(bot.self.id)),
  });
  for (const id of ['a', 'b', 'c']) await load(plugin, id);
  await host.close('shutdown');
  expect([order, host.list()]).toEqual([['c', 'b', 'a'], []]);
});
