import { describe, expect, it } from 'vitest';
import { deferred } from '../../platform/deferred.ts';
import { after as pass } from '../../platform/time.ts';
import { type Bot, definePlugin, type StoreVersions } from '../api/index.ts';
import { commandCall, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

const noop = () => {};

function world() {
  const t = fakeHost();
  const at = (store: StoreVersions | undefined, setup: (bot: Bot) => void | Promise<void> = noop) =>
    t.host.reload({
      id: 'p',
      use: {
        plugin: definePlugin({ name: 'x', needs: ['room.read'], ...(store && { store }), setup }),
      },
    });
  const data = () =>
    Object.fromEntries([...t.services.data].map(([key, { value }]) => [key.slice(2), value]));
  return { ...t, at, data };
}

const renaming: StoreVersions = {
  version: 3,
  migrate: {
    2: ({ key, value }) => (key === 'drop' ? undefined : { key: `u/${key}`, value }),
    3: ({ key, value }) => [
      { key, value },
      { key: `${key}/copy`, value: [value] },
    ],
  },
};

describe('stored data of an earlier version', () => {
  it('goes through every step before setup', async () => {
    const { services, at, data } = world();
    await services.store.set('p', 'al', 1, undefined);
    await services.store.set('p', 'drop', 1, undefined);
    await services.store.set('other', 'al', 9, undefined);
    let seen: unknown;
    await at(renaming, async (bot) => {
      seen = await bot.store.get('u/al');
    });
    expect(seen).toBe(1);
    expect(data()).toMatchObject({ 'u/al': 1, 'u/al/copy': [1] });
    expect([services.storeVersions.get('p'), services.data.get('other/al')?.value]).toEqual([3, 9]);
  });

  it('is left as it was when a step throws, or makes what cannot be stored', async () => {
    const { services, at, data } = world();
    await services.store.set('p', 'al', 1, undefined);
    const step = (run: () => unknown): StoreVersions => ({
      version: 2,
      migrate: { 2: run as () => undefined },
    });
    await expect(
      at(
        step(() => {
          throw new Error('odd');
        }),
      ),
    ).rejects.toMatchObject({
      code: 'migrate',
      message: expect.stringMatching(/store\.migrate\[2\] of "al": odd/),
    });
    await expect(at(step(() => ({ key: '', value: 1 })))).rejects.toThrow(/1 to 512 characters/);
    await expect(at(step(() => 'x'))).rejects.toThrow(/a step returns/);
    await expect(at(step(() => ({ key: 'k', value: noop })))).rejects.toThrow(/store\.migrate\[2\]/);
    await expect(
      at(
        step(() => [
          { key: 'k', value: 1 },
          { key: 'k', value: 2 },
        ]),
      ),
    ).rejects.toThrow(/two entries with the key "k"/);
    expect([data(), services.storeVersions.has('p')]).toEqual([{ al: 1 }, false]);
  });

  it('comes back when setup fails afterwards', async () => {
    const { services, at, data } = world();
    await services.store.set('p', 'al', 1, undefined);
    await expect(at(renaming, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect([data(), services.storeVersions.get('p')]).toEqual([{ al: 1 }, 1]);
  });

  it('of a later version is refused, and says what to do', async () => {
    const { services, at } = world();
    services.storeVersions.set('p', 4);
    await expect(at(renaming)).rejects.toMatchObject({
      code: 'migrate',
      message: expect.stringMatching(/are of version 4, and this plugin knows them up to version 3/),
    });
    await expect(at(undefined)).rejects.toThrow(/up to version 1/);
  });

  it('stops the old version first at a reload; when that fails it goes on with its data', async () => {
    const { services, at, data, host, clock } = world();
    const go = deferred();
    const old = (bot: Bot) => {
      bot.on('room.message', async (m) => {
        await pass(clock, 50);
        await bot.store.set(m.text, 'by the old one');
      });
    };
    await at(undefined, old);
    const first = host.dispatch(roomMessage('indie', 'al', 'a'));
    await clock.settle();
    const reloading = at(renaming, async () => {
      await go.promise;
      throw new Error('no');
    });
    const failed = expect(reloading).rejects.toThrow('no');
    await clock.advance(100);
    expect(data()).toMatchObject({ 'u/a': 'by the old one' });
    const second = host.dispatch(roomMessage('indie', 'al', 'b'));
    await clock.advance(100);
    expect(data()).not.toHaveProperty('b');
    go.resolve();
    await failed;
    await clock.advance(100);
    expect(await Promise.all([first, second])).toMatchObject([{ handled: 1 }, { handled: 1 }]);
    expect(data()).toEqual({ a: 'by the old one', b: 'by the old one' });
    expect(services.storeVersions.get('p')).toBe(1);
  });

  it.each(['takes over', 'fails'])(
    'keeps its commands meanwhile, and answers them when the new version %s',
    async (end) => {
      const { services, at, host, clock } = world();
      const go = deferred();
      const version = (name: string) => (bot: Bot) =>
        void bot.command({ name: 'who', summary: 's', run: () => name });
      await at(undefined, version('old'));
      const reloading = at(renaming, async (bot) => {
        version('new')(bot);
        await go.promise;
        if (end === 'fails') throw new Error('no');
      }).catch(noop);
      await clock.settle();
      expect([...services.registered.keys()]).toEqual(['p/who']);
      const asked = host.invokeCommand('p', 'who', commandCall('who', 'al'));
      go.resolve();
      await reloading;
      expect(await asked).toMatchObject({ reply: [end === 'fails' ? 'old' : 'new'] });
    },
  );
});
