import { describe, expect, it } from 'vitest';
import { deferred } from '../../platform/deferred.ts';
import { after as pass } from '../../platform/time.ts';
import { type Bot, definePlugin, type Plugin } from '../api/index.ts';
import { commandCall, privateMessage, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

const noop = () => {};
const NEEDS = ['room.read', 'room.say', 'pm.read', 'user.read', 'intercept', 'search.listen'] as const;

const plugin = (setup: Plugin['setup'], more: Partial<Plugin> = {}): Plugin =>
  definePlugin({ name: 'x', needs: NEEDS, ...more, setup } as Parameters<typeof definePlugin>[0]);

/** A module with more than a default export. */
const moduleOf = (value: Plugin, more: object) => ({ default: value, ...more });

function world() {
  const t = fakeHost();
  const seen: string[] = [];
  const reload = (value: unknown, more: object = {}) =>
    t.host.reload({ id: 'p', use: { plugin: value }, ...more });
  /** Notes what it hears under `version`. */
  const listener = (version: string) =>
    plugin((bot) => {
      bot.on('room.message', (m) => seen.push(`${version} ${m.text}`));
      bot.command({ name: 'who', summary: 's', run: () => version });
    });
  const who = async () => {
    const result = await t.host.invokeCommand('p', 'who', commandCall('who', 'al'));
    return result.state === 'done' ? result.reply[0] : result.state;
  };
  return { ...t, seen, reload, listener, who };
}

describe('a reload', () => {
  it('switches everything at once, and the old version is gone', async () => {
    const { host, load, reload, listener, who, seen, services } = world();
    await load(listener('one'));
    const info = await reload(listener('two'));
    expect([info.reloads, info.state, host.list().length]).toEqual([1, 'running', 1]);
    await host.dispatch(roomMessage('indie', 'al', 'hi'));
    expect([seen, await who(), [...services.registered.keys()]]).toEqual([['two hi'], 'two', ['p/who']]);
    expect(services.problems).toEqual([]);
  });

  it('lets the old one serve while the new one is set up', async () => {
    const { host, load, reload, listener, who, seen } = world();
    await load(listener('one'));
    const ready = deferred();
    const reloading = reload(
      plugin(async (bot) => {
        bot.on('room.message', (m) => seen.push(`two ${m.text}`));
        await ready.promise;
      }),
    );
    await host.dispatch(roomMessage('indie', 'al', 'meanwhile'));
    expect([seen, await who()]).toEqual([['one meanwhile'], 'one']);
    ready.resolve();
    await reloading;
    await host.dispatch(roomMessage('indie', 'al', 'after'));
    expect([seen, await who()]).toEqual([['one meanwhile', 'two after'], 'unloaded']);
  });

  it('waits for what runs, keeps the order of a key, and loses nothing', async () => {
    const { host, load, reload, clock } = world();
    const seen: string[] = [];
    const slow = (version: string) =>
      plugin((bot) => {
        bot.on('room.message', async (m) => {
          seen.push(`${version} ${m.text} begins`);
          await pass(clock, 1_000);
          seen.push(`${version} ${m.text} ends`);
        });
      });
    await load(slow('one'));
    const outcomes = ['a', 'b'].map((text) => host.dispatch(roomMessage('indie', 'al', text)));
    await clock.settle();
    const reloading = reload(slow('two'));
    await clock.settle();
    outcomes.push(host.dispatch(roomMessage('indie', 'al', 'c')));
    await clock.advance(10_000);
    await reloading;
    expect(seen).toEqual([
      'one a begins',
      'one a ends',
      'one b begins',
      'one b ends',
      'two c begins',
      'two c ends',
    ]);
    expect((await Promise.all(outcomes)).map((o) => o.handled)).toEqual([1, 1, 1]);
  });

  it('does not wait for ever: what had not begun goes to the new one, what hangs is cut off', async () => {
    const { host, load, reload, clock, seen } = world();
    await load(plugin((bot) => void bot.on('private.message', () => new Promise(noop))));
    const outcomes = ['a', 'b'].map((text) => host.dispatch(privateMessage('al', text)));
    await clock.settle();
    const reloading = reload(
      plugin((bot) => void bot.on('private.message', (m) => seen.push(`two ${m.text}`))),
    );
    await clock.advance(20_000);
    await reloading;
    expect(seen).toEqual(['two b']);
    expect(await Promise.all(outcomes)).toMatchObject([{ unfinished: 1 }, { handled: 1 }]);
  });

  it('asks no job of the old version any more, though that has something to end yet', async () => {
    const { host, load, reload, clock, services } = world();
    await load(
      plugin((bot) => {
        bot.on('room.message', () => new Promise(noop));
        bot.every({ id: 'only here', every: '1h' }, noop);
        bot.timer('only here', noop);
      }),
    );
    void host.dispatch(roomMessage('indie', 'al', 'hangs'));
    await clock.settle();
    const reloading = reload(plugin(noop));
    await clock.advance(7_000);
    expect([services.jobs.jobs.size, services.jobs.listeners.size]).toEqual([0, 0]);
    await clock.advance(10_000);
    await reloading;
  });

  it.each<[string, unknown, RegExp]>([
    ['a setup that throws', plugin(() => Promise.reject(new Error('no luck'))), /setup failed: no luck/],
    [
      'a self-test that throws',
      moduleOf(plugin(noop), { selfTest: () => Promise.reject(new Error('broken')) }),
      /its self-test failed: broken/,
    ],
    ['no plugin', { hello: 1 }, /its default export is no plugin|no default export/],
    [
      'a command of the bot itself',
      plugin((bot) => void bot.command({ name: 'help', summary: 's', run: noop })),
      /"help" is a command of the bot itself/,
    ],
    [
      'a state that cannot be taken over',
      moduleOf(plugin(noop), {
        handover: { save: noop, restore: () => Promise.reject(new Error('what is this')) },
      }),
      /cannot be taken over: what is this/,
    ],
  ])('with %s keeps the old one, and says why', async (_what, next, message) => {
    const { host, reload, services, seen, who } = world();
    services.coreCommands.add('help');
    const first = moduleOf(
      plugin((bot) => {
        bot.on('room.message', (m) => seen.push(m.text));
        bot.command({ name: 'who', summary: 's', run: () => 'one' });
        bot.every({ id: 'tick', every: '1m' }, noop);
        bot.intercept('incoming', { onError: 'allow' }, () => undefined);
        bot.provide('words', { word: () => 'one' });
        bot.users.watch('al');
      }),
      { handover: { save: () => 1, restore: noop } },
    );
    await reload(first);
    await expect(reload(next)).rejects.toThrow(message);
    expect(services.problems).toMatchObject([{ kind: 'reload', message: expect.stringMatching(message) }]);
    expect(host.list()).toMatchObject([{ state: 'running', problem: expect.stringMatching(message) }]);
    await host.dispatch(roomMessage('indie', 'al', 'hi'));
    expect([seen, await who(), services.watched, host.list()[0]?.reloads]).toEqual([
      ['hi'],
      'one',
      ['p/al'],
      0,
    ]);
  });

  it('hands state over before the first event, and after the last', async () => {
    const { host, reload, clock } = world();
    const counting = () => {
      let count = 0;
      return moduleOf(
        plugin((bot) => {
          bot.on('room.message', async () => {
            await pass(clock, 100);
            count++;
          });
          bot.command({ name: 'count', summary: 's', run: () => String(count) });
        }),
        {
          handover: {
            save: () => ({ count }),
            restore: async (state: { count: number }) => {
              await pass(clock, 50);
              count = state.count;
            },
          },
        },
      );
    };
    await reload(counting());
    for (let version = 0; version < 3; version++) {
      void host.dispatch(roomMessage('indie', 'al', 'x'));
      await clock.settle();
      const reloading = reload(counting());
      await clock.settle();
      void host.dispatch(roomMessage('indie', 'al', 'y'));
      await clock.advance(5_000);
      await reloading;
    }
    const result = await host.invokeCommand('p', 'count', commandCall('count', 'al'));
    expect(result).toMatchObject({ reply: ['6'] });
  });

  it('runs of jobs and services go to one of the two, never to none', async () => {
    const { reload, clock, load, services } = world();
    const version = (name: string) =>
      moduleOf(
        plugin((bot) => {
          bot.provide('words', { word: () => name });
          bot.intercept('incoming', { onError: 'deny' }, () => ({ text: name }));
        }),
        { handover: { save: () => pass(clock, 100), restore: () => pass(clock, 100) } },
      );
    await reload(version('one'));
    let user: Bot | undefined;
    await load(
      plugin((bot) => {
        user = bot;
      }),
      'user',
    );
    const asked: Promise<unknown>[] = [];
    const reloading = reload(version('two'));
    for (let i = 0; i < 30; i++) {
      asked.push(user!.use<{ word(): string }>('words').word());
      await clock.advance(10);
    }
    await reloading;
    const answers = await Promise.all(asked);
    expect(new Set(answers)).toEqual(new Set(['one', 'two']));
    expect(answers.lastIndexOf('one')).toBeLessThan(answers.indexOf('two'));
    expect(services.problems).toEqual([]);
  });

  it('runs one at a time', async () => {
    const { load, reload, listener, who, host } = world();
    await load(listener('one'));
    const results = await Promise.all([
      reload(listener('two')),
      reload(listener('three')),
      reload(listener('four')),
    ]);
    expect([results.map((info) => info.reloads), await who(), host.list().length]).toEqual([
      [1, 2, 3],
      'four',
      1,
    ]);
  });

  it('unloaded at any moment of it, nothing is left', async () => {
    for (let ticks = 0; ticks < 80; ticks++) {
      const { host, load, reload, listener, services, clock, seen } = world();
      await load(listener('one'));
      const reloading = reload(moduleOf(listener('two'), { handover: { save: noop, restore: noop } })).then(
        () => 'done',
        (error: unknown) => (error as { code: string }).code,
      );
      for (let i = 0; i < ticks; i++) await Promise.resolve();
      const outcome = host.dispatch(privateMessage('al', 'x'));
      await host.unload('p', 'test');
      expect(['done', 'unloaded']).toContain(await reloading);
      await outcome;
      expect([host.list(), services.registered.size, services.problems, clock.pending]).toEqual([
        [],
        0,
        [],
        0,
      ]);
      expect(await host.dispatch(roomMessage('indie', 'al', 'late'))).toMatchObject({ handled: 0 });
      expect(seen).toEqual([]);
    }
  });

  it('of something that is not loaded loads it, and its failure leaves nothing', async () => {
    const { host, reload, listener, who } = world();
    await expect(reload(plugin(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
    expect(host.list()).toEqual([]);
    await reload(listener('one'));
    expect([await who(), host.list()[0]?.reloads]).toEqual(['one', 0]);
  });

  it('frees the names that the new version has no more', async () => {
    const { load, reload, host } = world();
    const named = (name: string) =>
      plugin((bot) => void bot.command({ name, summary: 's', run: () => name }));
    await load(named('a'));
    await load(named('b'), 'q');
    await expect(host.reload({ id: 'q', use: { plugin: named('a') } })).rejects.toMatchObject({
      code: 'setup',
    });
    await reload(named('c'));
    await host.reload({ id: 'q', use: { plugin: named('a') } });
    expect(host.list().map((info) => info.commands)).toEqual([['c'], ['a']]);
  });

  it('two hundred times leaks nothing that the host keeps', async () => {
    const { host, reload, services, clock } = world();
    const counting = () =>
      plugin((bot) => {
        bot.on('room.message', noop);
        bot.onBatch('search.request', { terms: ['x'] }, noop);
        bot.command({ name: 'c', aliases: ['d'], summary: 's', run: noop });
        bot.users.watch('al');
        bot.provide('words', { word: () => 'x' });
        bot.onDispose(noop);
      });
    for (let i = 0; i <= 200; i++) {
      await reload(counting());
      await host.dispatch(roomMessage('indie', 'al', 'x'));
    }
    expect(host.list()).toMatchObject([
      { handlers: 1, commands: ['c'], watches: 1, queued: 0, calls: 0, reloads: 200 },
    ]);
    expect([
      services.registered.size,
      services.watched.length,
      services.listeners.size,
      clock.pending,
    ]).toEqual([1, 1, 1, 0]);
    await host.unload('p', 'test');
    expect([
      services.registered.size,
      services.watched.length,
      services.listeners.size,
      services.problems,
    ]).toEqual([0, 0, 0, []]);
  });
});

describe('a new version before it takes over', () => {
  it('reads, and what it says and writes waits and then happens in order', async () => {
    const { load, reload, listener, services } = world();
    await load(listener('one'));
    await services.store.set('p', 'k', 'old', undefined);
    let read: unknown;
    const go = deferred();
    const reloading = reload(
      plugin(async (bot) => {
        void bot.say('indie', 'first');
        void bot.store.set('k', 'new');
        void bot.say('indie', 'second');
        read = await bot.store.get('k');
        await go.promise;
      }),
    );
    for (let i = 0; i < 50; i++) await Promise.resolve();
    expect([read, services.said]).toEqual(['old', []]);
    go.resolve();
    await reloading;
    for (let i = 0; i < 20; i++) await Promise.resolve();
    expect([services.said, services.data.get('p/k')?.value]).toEqual([['first', 'second'], 'new']);
  });

  it('leaves no trace when it fails', async () => {
    const { load, reload, listener, services } = world();
    await load(listener('one'));
    const ends: unknown[] = [];
    const next = plugin((bot) => {
      const calls = [
        bot.say('indie', 'x'),
        bot.store.set('k', 1),
        bot.store.delete('k'),
        bot.rooms.addMember('r', 'u'),
      ];
      for (const call of calls)
        void call.catch((error: unknown) => ends.push((error as { code: string }).code));
      throw new Error('no');
    });
    await expect(reload(next)).rejects.toThrow('no');
    expect([ends, services.said, services.data.size, services.roomActions]).toEqual([
      ['unloaded', 'unloaded', 'unloaded', 'unloaded'],
      [],
      0,
      [],
    ]);
  });

  it('that waits in setup for what waits for it is told so', async () => {
    const { load, reload, listener, clock } = world();
    await load(listener('one'));
    const reloading = reload(plugin((bot) => bot.store.set('k', 1)));
    const failed = expect(reloading).rejects.toThrow(
      /it waits for bot\.store\.set.*do not await that in setup/,
    );
    await clock.advance(10_000);
    await failed;
  });

  it('may have so many calls waiting, and no more', async () => {
    const { load, reload, listener, services } = world();
    await load(listener('one'));
    const refused: string[] = [];
    await reload(
      plugin((bot) => {
        for (let i = 0; i < 40; i++)
          void bot
            .say('indie', String(i))
            .catch((error: unknown) => refused.push((error as { code: string }).code));
      }),
    );
    expect([services.said.length, refused]).toEqual([32, Array.from({ length: 8 }, () => 'too-many')]);
  });
});

describe('who comes late', () => {
  it('hears how things stand, through its filters, before anything else', async () => {
    const { load, reload, services, host } = world();
    const room = { name: 'indie', private: false, standing: 'visitor' as const };
    services.standing = [
      { type: 'connection', id: 'c', at: 1, state: 'online', was: 'online', late: true },
      { type: 'room.entered', id: 'e', at: 1, room, again: false, late: true },
      { type: 'room.entered', id: 'f', at: 1, room: { ...room, name: 'den' }, again: false, late: true },
    ];
    const heard: string[] = [];
    const listening = plugin((bot) => {
      bot.on('connection', (e) => heard.push(`${e.state} ${e.late}`));
      bot.on('room.entered', { rooms: ['den'] }, (e) => heard.push(`${e.room.name} ${e.late}`));
      bot.on('room.message', (e) => heard.push(e.text));
    });
    await load(listening);
    await host.dispatch(roomMessage('den', 'al', 'hi'));
    expect(heard).toEqual(['online true', 'den true', 'hi']);
    await reload(listening);
    await host.dispatch(roomMessage('den', 'al', 'again'));
    expect(heard.slice(3)).toEqual(['online true', 'den true', 'again']);
  });
});
