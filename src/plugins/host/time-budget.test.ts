import { describe, expect, it } from 'vitest';
import { after as pass } from '../../platform/time.ts';
import { definePlugin } from '../api/index.ts';
import { commandCall, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

const noop = () => {};

describe('the time budget', () => {
  it('ends a handler that takes too long, names it, and the lane goes on', async () => {
    const { host, load, services, clock } = fakeHost();
    const seen: string[] = [];
    await load(
      definePlugin({
        name: 'sleepy',
        needs: ['room.read'],
        setup(bot) {
          bot.on('room.message', noop);
          bot.on('room.message', (m) => (m.text === 'hang' ? new Promise(noop) : seen.push(m.text)));
        },
      }),
    );
    const outcomes = ['hang', 'next'].map((text) => host.dispatch(roomMessage('indie', 'al', text)));
    await clock.advance(29_999);
    expect([seen, services.problems]).toEqual([[], []]);
    await clock.advance(1);
    expect(await Promise.all(outcomes)).toMatchObject([
      { handled: 1, failed: 1 },
      { handled: 2, failed: 0 },
    ]);
    expect(services.problems).toMatchObject(
      [{ kind: 'timeout', plugin: 'sleepy', where: 'room.message handler 2', message: /30000 ms/ }].map(
        (one) => ({ ...one, message: expect.stringMatching(one.message) }),
      ),
    );
    expect([host.list()[0]?.failures, host.list()[0]?.queued, clock.pending]).toEqual([1, 0, 0]);
  });

  it('stands still while the handler waits for the host, by several calls too', async () => {
    const { host, load, services, clock } = fakeHost({ limits: { handlerMs: 1_000 } });
    services.beforeStore = () => pass(clock, 50_000);
    await load(
      definePlugin({
        name: 'x',
        setup(bot) {
          bot.command({
            name: 'c',
            summary: 's',
            async run() {
              await pass(clock, 400);
              await Promise.all([bot.store.get('a'), bot.store.get('b')]);
              await pass(clock, 400);
              await bot.store.get('c');
              return 'done';
            },
          });
        },
      }),
    );
    const result = host.invokeCommand('p', 'c', commandCall('c', 'al'));
    await clock.advance(200_000);
    expect(await result).toMatchObject({ state: 'done', reply: ['done'] });
    expect(host.list()[0]?.times).toEqual({ count: 1, meanMs: 800, maxMs: 800 });
    expect(services.problems).toEqual([]);
  });

  it('counts for each handler alone, whatever others wait for', async () => {
    const { host, load, services, clock } = fakeHost({ limits: { handlerMs: 1_000 } });
    services.beforeStore = () => pass(clock, 5_000);
    await load(
      definePlugin({
        name: 'x',
        setup(bot) {
          bot.command({ name: 'waits', summary: 's', run: () => bot.store.get<string>('a') });
          bot.command({ name: 'hangs', summary: 's', run: () => pass(clock, 2_000) });
        },
      }),
    );
    const results = [
      host.invokeCommand('p', 'waits', commandCall('waits', 'al')),
      host.invokeCommand('p', 'hangs', commandCall('hangs', 'bo')),
    ];
    await clock.advance(10_000);
    expect((await Promise.all(results)).map((result) => result.state)).toEqual(['done', 'error']);
    expect(services.problems).toMatchObject([{ kind: 'timeout', where: '!hangs' }]);
  });

  it('is what the entry of the plugin says', async () => {
    const { host, services, clock } = fakeHost();
    const plugin = definePlugin({
      name: 'x',
      setup: (bot) =>
        void bot.command({ name: 'c', summary: 's', run: () => pass(clock, 100_000).then(() => 'late') }),
    });
    await host.load({ id: 'p', use: { plugin }, handlerMs: 5_000 });
    const result = host.invokeCommand('p', 'c', commandCall('c', 'al'));
    await clock.advance(5_000);
    expect(await result).toMatchObject({ state: 'error', message: expect.stringMatching(/5000 ms/) });
    await clock.advance(200_000);
    expect(services.problems).toHaveLength(1);
  });
});
