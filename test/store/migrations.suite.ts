import { expect, it } from 'vitest';
import { Database } from '../../src/bot/store/database.ts';
import { FaultyBackend } from '../../src/bot/store/fault-injection.ts';
import { migrate } from '../../src/bot/store/migrate.ts';
import { migrations } from '../../src/bot/store/migrations/all.ts';
import { openStore } from '../../src/bot/store/store.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

const deps = { clock: new VirtualClock(), log: nullLog };

describeEngines('migrations', (open) => {
  it('are numbered without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it.each(migrations.map(({ version }) => version - 1))('upgrade a store of version %i', async (version) => {
    const backend = new FaultyBackend(await open());
    await migrate(new Database(backend), migrations.slice(0, version), deps);
    const store = await openStore({ backend: await backend.revive(), ...deps });
    await store.kv.set('a', 'k', 1);
    store.journal.record({ at: 1, kind: 'online' });
    expect(await store.journal.entries()).toHaveLength(1);
    await store.close();
  });

  it('change nothing in a store that is up to date', async () => {
    const backend = new FaultyBackend(await open());
    await migrate(new Database(backend), migrations, deps);
    const newest = migrations.length;
    expect(await migrate(new Database(await backend.revive()), migrations, deps)).toEqual({
      from: newest,
      to: newest,
    });
  });

  it('refuse a store of a newer program, in a sentence', async () => {
    const backend = new FaultyBackend(await open());
    const future = { version: migrations.length + 1, name: 'future', up: async () => {} };
    await migrate(new Database(backend), [...migrations, future], deps);
    const opening = openStore({ backend: await backend.revive(), ...deps });
    await expect(opening).rejects.toMatchObject({ code: 'newer', message: /newer version of this program/ });
  });

  it('continue where a crash stopped them, wherever that was', async () => {
    for (const when of ['before', 'after'] as const) {
      let crashed = true;
      for (let n = 1; crashed; n++) {
        const backend = new FaultyBackend(await open());
        backend.crashAfter(n, when);
        await migrate(new Database(backend), migrations, deps).catch(() => {});
        crashed = backend.crashed;
        const store = await openStore({ backend: await backend.revive(), ...deps });
        await store.kv.set('a', 'k', 1);
        await store.close();
      }
    }
  });
});
