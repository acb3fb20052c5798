import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after as sleep } from '../../platform/time.ts';
import type { AnyEvent } from '../api/index.ts';
import { arg, definePlugin } from '../api/index.ts';
import { commandCall, privateMessage, roomJoin, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

const noop = () => {};
const NEEDS = ['room.read', 'room.say', 'pm.read'] as const;

describe('order', () => {
  it('is kept per person and place, in every instance, whatever handlers take; others run meanwhile', async () => {
    const step = fc.record({
      what: fc.constantFrom('line', 'join', 'private', 'command'),
      user: fc.constantFrom('al', 'bo'),
      room: fc.constantFrom('indie', 'den'),
      ms: fc.integer({ min: 0, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { host, load, clock } = fakeHost();
        const begun: { instance: string; key: string; i: number }[] = [];
        const busy = new Set<string>();
        const work = async (instance: string, key: string, i: number) => {
          const lane = `${instance}/${key}`;
          expect(busy.has(lane)).toBe(false);
          busy.add(lane);
          begun.push({ instance, key, i });
          await sleep(clock, steps[i]!.ms);
          busy.delete(lane);
        };
        const plugin = (instance: string) =>
          definePlugin({
            name: 'x',
            needs: NEEDS,
            setup(bot) {
              bot.on('room.message', (m) => work(instance, `${m.room.name}/${m.user}`, Number(m.text)));
              bot.on('room.join', (e) => work(instance, `${e.room.name}/${e.user}`, Number(e.country)));
              bot.on('private.message', (m) => work(instance, m.user, Number(m.text)));
              bot.command({
                name: instance,
                summary: 's',
                args: { i: arg.int() },
                run: ({ args, room, user }) => work(instance, room ? `${room.name}/${user}` : user, args.i),
              });
            },
          });
        await load(plugin('a'), 'a');
        await load(plugin('b'), 'b');
        const done = steps.map(({ what, user, room }, i) => {
          if (what === 'command') {
            return Promise.all(
              ['a', 'b'].map((id) => host.invokeCommand(id, id, commandCall(id, user, { i }, room))),
            );
          }
          if (what === 'private') return host.dispatch(privateMessage(user, String(i)));
          if (what === 'join') return host.dispatch({ ...roomJoin(room, user), country: String(i) });
          return host.dispatch(roomMessage(room, user, String(i)));
        });
        const perKey = new Map<string, number>();
        for (const { what, user, room, ms } of steps) {
          const key = what === 'private' ? user : `${room}/${user}`;
          perKey.set(key, (perKey.get(key) ?? 0) + ms);
        }
        // No key waits for another: all is done after the busiest one.
        await clock.advance(Math.max(0, ...perKey.values()));
        await Promise.all(done);
        expect(begun).toHaveLength(2 * steps.length);
        for (const instance of ['a', 'b']) {
          for (const key of perKey.keys()) {
            const order = begun.filter((b) => b.instance === instance && b.key === key).map((b) => b.i);
            expect(order).toEqual([...order].sort((x, y) => x - y));
          }
        }
        expect(host.list().map((info) => info.queued)).toEqual([0, 0]);
      }),
      { numRuns: 40 },
    );
  });

  it('handlers of one event run in the order of their registration', async () => {
    const { host, load, clock } = fakeHost();
    const seen: string[] = [];
    const plugin = definePlugin({
      name: 'x',
      needs: NEEDS,
      setup(bot) {
        bot.on('room.message', async () => {
          await sleep(clock, 10);
          seen.push('slow first');
        });
        bot.on('room.message', () => seen.push('quick second'));
      },
    });
    await load(plugin);
    expect(await clock.run(host.dispatch(roomMessage('indie', 'al', 'x')))).toEqual({
      handled: 2,
      failed: 0,
      dropped: 0,
      unfinished: 0,
    });
    expect(seen).toEqual(['slow first', 'quick second']);
  });
});

describe('copies', () => {
  it('what a handler does to its event reaches nobody else', async () => {
    const { host, load } = fakeHost();
    const seen: string[] = [];
    const plugin = definePlugin({
      name: 'x',
      needs: NEEDS,
      setup(bot) {
        for (let i = 0; i < 2; i++) {
          bot.on('room.message', (m) => {
            seen.push(`${m.room.name} ${m.text}`);
            Object.assign(m, { text: 'changed' });
            Object.assign(m.room, { name: 'changed' });
          });
        }
      },
    });
    await load(plugin, 'a');
    await load(plugin, 'b');
    const event = roomMessage('indie', 'al', 'x');
    await host.dispatch(event);
    expect(seen).toEqual(['indie x', 'indie x', 'indie x', 'indie x']);
    expect([event.text, event.room.name]).toEqual(['x', 'indie']);
  });

  it('what a plugin stores or gets is its own copy', async () => {
    const { host, load, services } = fakeHost();
    const value = { list: [1] };
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        bot.command({
          name: 'go',
          summary: 's',
          async run() {
            await bot.store.set('k', value);
            value.list.push(2);
            const got = await bot.store.get<typeof value>('k');
            got?.list.push(3);
            return JSON.stringify(await bot.store.get('k'));
          },
        });
      },
    });
    await load(plugin);
    expect(await host.invokeCommand('p', 'go', commandCall('go', 'al'))).toMatchObject({
      reply: ['{"list":[1]}'],
    });
    expect(services.data.get('p/k')?.value).toEqual({ list: [1] });
  });

  it('config and arguments are copies', async () => {
    const { host, load } = fakeHost();
    const args = { names: ['al'] };
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        bot.command({
          name: 'go',
          summary: 's',
          args: { names: arg.rest(arg.user()) },
          run: (ctx) => void Object.assign(ctx.args, { names: [] }),
        });
      },
    });
    await load(plugin);
    await host.invokeCommand('p', 'go', commandCall('go', 'al', args));
    expect(args).toEqual({ names: ['al'] });
  });
});

describe('errors', () => {
  it('stay with the handler that threw, and are reported with its name', async () => {
    const { host, load, services } = fakeHost();
    const seen: string[] = [];
    const plugin = definePlugin({
      name: 'x',
      needs: NEEDS,
      setup(bot) {
        bot.on('room.message', () => {
          throw new Error('sync\nsecond line');
        });
        bot.on('room.message', async () => {
          await Promise.resolve();
          throw new Error('later');
        });
        bot.on('room.message', () => seen.push('third'));
      },
    });
    await load(plugin, 'a');
    await load(plugin, 'b');
    expect(await host.dispatch(roomMessage('indie', 'al', 'x'))).toEqual({
      handled: 2,
      failed: 4,
      dropped: 0,
      unfinished: 0,
    });
    expect(seen).toEqual(['third', 'third']);
    expect(services.problems.filter((p) => p.instance === 'a')).toMatchObject([
      {
        plugin: 'x',
        kind: 'handler',
        where: 'room.message handler 1',
        message: 'sync second line',
        count: 1,
      },
      {
        plugin: 'x',
        kind: 'handler',
        where: 'room.message handler 2',
        message: 'later',
        count: 2,
      },
    ]);
    expect(services.problems[0]?.stack).toContain('delivery.test.ts');
    expect(host.list()[0]?.failures).toBe(2);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'just text'],
    ['undefined', undefined],
    [
      'an object that throws when shown',
      {
        toString: () => {
          throw new Error('no');
        },
      },
    ],
    ['an error without a message', new Error()],
    ['a function', noop],
  ])('%s can be thrown', async (_name, thrown) => {
    const { host, load, services } = fakeHost();
    const plugin = definePlugin({
      name: 'x',
      setup: (bot) =>
        void bot.command({
          name: 'go',
          summary: 's',
          run: () => {
            throw thrown;
          },
        }),
    });
    await load(plugin);
    expect(await host.invokeCommand('p', 'go', commandCall('go', 'al'))).toMatchObject({ state: 'error' });
    expect(services.problems[0]?.message.length).toBeGreaterThan(0);
  });
});

describe('commands', () => {
  const answering = (answer: unknown) =>
    definePlugin({
      name: 'x',
      setup: (bot) => void bot.command({ name: 'go', summary: 's', run: () => answer as string }),
    });

  it.each<[unknown, readonly string[]]>([
    ['one', ['one']],
    [
      ['one', '', 'two'],
      ['one', 'two'],
    ],
    [undefined, []],
    [null, []],
    ['', []],
  ])('%j is an answer', async (answer, reply) => {
    const { host, load } = fakeHost();
    await load(answering(answer));
    expect(await host.invokeCommand('p', 'go', commandCall('go', 'al'))).toEqual({
      state: 'done',
      reply,
      refund: false,
    });
  });

  it.each([[7], [{ text: 'x' }], [['a', 1]]])('%j is none', async (answer) => {
    const { host, load, services } = fakeHost();
    await load(answering(answer));
    expect(await host.invokeCommand('p', 'go', commandCall('go', 'al'))).toEqual({
      state: 'error',
      message: 'run of command "go" must return text, a list of texts, or nothing',
    });
    expect(services.problems).toMatchObject([{ kind: 'command', where: '!go' }]);
  });

  it('get what the bot parsed, and may refund', async () => {
    const { host, load } = fakeHost();
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        bot.command({
          name: 'go',
          summary: 's',
          run(ctx) {
            ctx.refundCooldown();
            // Functions are left out of JSON.
            return JSON.stringify(ctx);
          },
        });
      },
    });
    await load(plugin);
    const call = commandCall('go', 'al', {}, 'indie');
    const result = await host.invokeCommand('p', 'go', call);
    expect(result).toMatchObject({ refund: true });
    expect(JSON.parse(result.state === 'done' ? result.reply[0]! : '')).toEqual({
      ...call,
      target: undefined,
    });
  });

  it('that are not there are "unloaded"', async () => {
    const { host, load } = fakeHost();
    await load(definePlugin({ name: 'x', setup: noop }));
    expect(await host.invokeCommand('p', 'go', commandCall('go', 'al'))).toEqual({ state: 'unloaded' });
    expect(await host.invokeCommand('q', 'go', commandCall('go', 'al'))).toEqual({ state: 'unloaded' });
  });

  it('may be registered and disposed later', async () => {
    const { host, load, services } = fakeHost();
    const plugin = definePlugin({
      name: 'x',
      setup(bot) {
        bot.command({
          name: 'more',
          summary: 's',
          async run() {
            const extra = bot.command({ name: 'extra', summary: 's', run: () => 'x' });
            await extra.ready;
            const known = [...services.registered.keys()].join();
            extra.dispose();
            extra.dispose();
            return known;
          },
        });
      },
    });
    await load(plugin);
    expect(await host.invokeCommand('p', 'more', commandCall('more', 'al'))).toMatchObject({
      reply: ['p/more,p/extra'],
    });
    expect([...services.registered.keys()]).toEqual(['p/more']);
  });
});

describe('a slow plugin', () => {
  const slow = (limit: number) => {
    const t = fakeHost({ limits: { queue: limit } });
    const plugin = definePlugin({
      name: 'x',
      needs: NEEDS,
      setup(bot) {
        bot.on('room.message', () => new Promise(noop));
        bot.on('private.message', () => new Promise(noop));
        bot.command({ name: 'go', summary: 's', run: noop });
      },
    });
    return { ...t, plugin };
  };

  it('loses room events beyond its queue, counted, and reports them ever more rarely', async () => {
    const { host, load, plugin, services } = slow(10);
    await load(plugin);
    for (let i = 0; i < 10; i++) void host.dispatch(roomMessage('indie', 'al', 'x'));
    for (let i = 0; i < 100; i++) {
      expect(await host.dispatch(roomMessage('indie', 'al', 'x'))).toMatchObject({ handled: 0, dropped: 1 });
    }
    expect(host.list()[0]).toMatchObject({ queued: 10, dropped: 100 });
    expect(services.problems.map((p) => [p.kind, p.where, p.count])).toEqual(
      [1, 2, 4, 8, 16, 32, 64].map((count) => ['dropped', 'room.message', count]),
    );
    expect(await host.invokeCommand('p', 'go', commandCall('go', 'al', {}, 'indie'))).toEqual({
      state: 'busy',
    });
  });

  it('loses no private message, nor a command in private', async () => {
    const { host, load, plugin } = slow(10);
    await load(plugin);
    const outcomes = Array.from({ length: 50 }, () => host.dispatch(privateMessage('al', 'x')));
    const command = host.invokeCommand('p', 'go', commandCall('go', 'bo'));
    expect(host.list()[0]).toMatchObject({ queued: 51, dropped: 0 });
    expect(await command).toMatchObject({ state: 'done' });
    const unloading = host.unload('p', 'test');
    // Neither the one that runs nor those that wait are done.
    for (const outcome of outcomes)
      expect(await outcome).toMatchObject({ handled: 0, dropped: 0, unfinished: 1 });
    await unloading;
  });

  it('delays nobody else', async () => {
    const { host, load, plugin, clock } = slow(10);
    const seen: string[] = [];
    await load(plugin, 'slow');
    await load(
      definePlugin({
        name: 'y',
        needs: NEEDS,
        setup: (bot) => void bot.on('room.message', (m) => seen.push(m.text)),
      }),
      'quick',
    );
    for (let i = 0; i < 30; i++) {
      void host.dispatch(roomMessage('indie', 'al', String(i)));
      await clock.settle();
    }
    expect(seen).toHaveLength(30);
  });
});

it('an event that nobody wants costs nothing and is handled by none', async () => {
  const { host, load } = fakeHost();
  await load(
    definePlugin({
      name: 'x',
      needs: NEEDS,
      setup: (bot) => void bot.on('room.message', { rooms: ['den'] }, noop),
    }),
  );
  const event: AnyEvent = roomMessage('indie', 'al', 'x');
  expect(await host.dispatch(event)).toEqual({ handled: 0, failed: 0, dropped: 0, unfinished: 0 });
});

it('a handler disposed while its event waits is not called', async () => {
  const { host, load, clock } = fakeHost();
  const seen: string[] = [];
  const plugin = definePlugin({
    name: 'x',
    needs: NEEDS,
    setup(bot) {
      const second = bot.on('room.message', { text: { equals: 'b' } }, () => seen.push('b'));
      bot.on('room.message', { text: { equals: 'a' } }, async () => {
        await sleep(clock, 10);
        second.dispose();
        seen.push('a');
      });
    },
  });
  await load(plugin);
  const both = [
    host.dispatch(roomMessage('indie', 'al', 'a')),
    host.dispatch(roomMessage('indie', 'al', 'b')),
  ];
  await clock.run(Promise.all(both));
  expect(seen).toEqual(['a']);
});
