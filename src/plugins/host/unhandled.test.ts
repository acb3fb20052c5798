import { describe, expect, it } from 'vitest';
import { definePlugin, PluginError } from '../api/index.ts';
import { runAsPlugin } from './plugin-context.ts';
import { privateMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

describe('noteUnhandled', () => {
  it('knows whose code led there, from setup and from handlers, through promises', async () => {
    const { host, load, services } = fakeHost();
    const noted: boolean[] = [];
    // Stands for the process's handler, which Node calls in the context of the promise.
    const later = async (text: string) => {
      await Promise.resolve();
      noted.push(host.noteUnhandled(new Error(text)));
    };
    const plugin = definePlugin({
      name: 'x',
      needs: ['pm.read'],
      setup(bot) {
        void later('from setup');
        bot.on('private.message', () => void later('from a handler'));
        bot.onDispose(() => later('from onDispose'));
      },
    });
    await load(plugin);
    await host.dispatch(privateMessage('al', 'x'));
    expect(host.list()[0]?.failures).toBe(2);
    await host.unload('p', 'test');
    expect(noted).toEqual([true, true, true]);
    expect(services.problems.map((p) => [p.instance, p.kind, p.message])).toEqual([
      ['p', 'unhandled', 'from setup'],
      ['p', 'unhandled', 'from a handler'],
      ['p', 'unhandled', 'from onDispose'],
    ]);
  });

  it('works where Node calls it', async () => {
    const { host, load, services, clock } = fakeHost();
    const others = process.listeners('unhandledRejection');
    const noted: boolean[] = [];
    const note = (reason: unknown) => void noted.push(host.noteUnhandled(reason));
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', note);
    try {
      await load(
        definePlugin({
          name: 'x',
          setup(bot) {
            void bot.say('indie', 'nobody awaits this, and the need is missing');
            queueMicrotask(() => void Promise.reject(new Error('forgotten')));
          },
        }),
      );
      await clock.settle();
    } finally {
      process.off('unhandledRejection', note);
      for (const other of others) process.on('unhandledRejection', other);
    }
    expect(noted).toEqual([true, true]);
    expect(services.problems.map((p) => p.message)).toEqual(
      expect.arrayContaining(['forgotten', expect.stringContaining('bot.say needs "room.say"')]),
    );
  });

  it('leaves to others what is ours, also when a plugin’s call led to it', async () => {
    const { host, load, services } = fakeHost();
    expect(host.noteUnhandled(new Error('ours'))).toBe(false);
    const noted: boolean[] = [];
    services.beforeStore = async () => {
      await Promise.resolve();
      noted.push(host.noteUnhandled(new Error('ours too')));
    };
    await load(definePlugin({ name: 'x', setup: (bot) => bot.store.get('k').then(() => {}) }));
    expect([noted, services.problems]).toEqual([[false], []]);
  });

  it('is silent about promises that the unload rejected', async () => {
    const { host, load, services } = fakeHost();
    await load(definePlugin({ name: 'x', setup() {} }));
    for (const id of ['p', 'gone']) {
      expect(runAsPlugin(id, () => host.noteUnhandled(new PluginError('unloaded', 'x')))).toBe(true);
    }
    expect(services.problems).toEqual([]);
  });
});
