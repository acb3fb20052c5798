import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { KvQuota } from '../../src/bot/store/kv.ts';
import { openStore, type Store } from '../../src/bot/store/store.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

describeEngines('key-values', (open) => {
  const start = async (kvQuota: Partial<KvQuota> = {}): Promise<{ store: Store; clock: VirtualClock }> => {
    const clock = new VirtualClock();
    return { store: await openStore({ backend: await open(), clock, log: nullLog, kvQuota }), clock };
  };

  it('keeps plain data apart by instance', async () => {
    const { store } = await start();
    const value = { list: [1, 'two \0', null], deep: { yes: true } };
    await store.kv.set('a', 'k', value);
    await store.kv.set('b', 'k', null);
    expect((await store.kv.get('a', 'k'))?.value).toEqual(value);
    expect(await store.kv.get('b', 'k')).toMatchObject({ value: null });
    expect(await store.kv.get('c', 'k')).toBeUndefined();
    expect(await store.kv.delete('a', 'k')).toBe(true);
    expect(await store.kv.delete('a', 'k')).toBe(false);
    expect(await store.kv.get('b', 'k')).toBeDefined();
    await store.close();
  });

  it('lists keys by prefix, case-sensitive, in order of code units', async () => {
    const { store } = await start();
    const keys = [
      'room/al',
      'room/Al',
      'Room/x',
      'room',
      'room/🎵',
      'room/%',
      'ro_m/y',
      'room/\0',
      '\u0001room/',
      'é',
    ];
    for (const key of keys) await store.kv.set('a', key, 1);
    expect(await store.kv.keys('a')).toEqual([...keys].sort());
    expect(await store.kv.keys('a', 'room/')).toEqual(['room/\0', 'room/%', 'room/Al', 'room/al', 'room/🎵']);
    expect(await store.kv.keys('a', 'ro_m')).toEqual(['ro_m/y']);
    expect(await store.kv.keys('a', 'room/\ud83c')).toEqual(['room/🎵']);
    expect(await store.kv.keys('a', '\u0001')).toEqual(['\u0001room/']);
    await store.close();
  });

  it('lets entries go when their time is over, to the millisecond', async () => {
    const { store, clock } = await start();
    await store.kv.set('a', 'k', 1, 1000);
    await clock.advance(999);
    expect(await store.kv.get('a', 'k')).toBeDefined();
    await clock.advance(1);
    expect(await store.kv.get('a', 'k')).toBeUndefined();
    expect(await store.kv.keys('a')).toEqual([]);
    expect(await store.kv.compareAndSwap('a', 'k', undefined, 2)).toBe(true);
    await store.kv.set('a', 'other', 1, 5);
    await clock.advance(10);
    expect(await store.kv.delete('a', 'other')).toBe(false);
    await store.kv.set('a', 'third', 1, 5);
    await clock.advance(10);
    expect(await store.maintain()).toBe(1);
    await store.close();
  });

  it('a write without a time to live takes an earlier one away', async () => {
    const { store, clock } = await start();
    await store.kv.set('a', 'k', 1, 1000);
    await store.kv.set('a', 'k', 2);
    await clock.advance(2000);
    expect(await store.kv.get('a', 'k')).toMatchObject({ value: 2 });
    await store.close();
  });

  it('swaps only what nobody changed, also when the key was deleted and made anew', async () => {
    const { store } = await start();
    expect(await store.kv.compareAndSwap('a', 'k', undefined, 'one')).toBe(true);
    expect(await store.kv.compareAndSwap('a', 'k', undefined, 'two')).toBe(false);
    const old = (await store.kv.get('a', 'k'))!.version;
    await store.kv.delete('a', 'k');
    await store.kv.set('a', 'k', 'anew');
    expect((await store.kv.get('a', 'k'))!.version).not.toBe(old);
    expect(await store.kv.compareAndSwap('a', 'k', old, 'stale')).toBe(false);
    expect(await store.kv.compareAndSwap('a', 'k', old, undefined)).toBe(false);
    const now = (await store.kv.get('a', 'k'))!.version;
    expect(await store.kv.compareAndSwap('a', 'k', now, undefined)).toBe(true);
    expect(await store.kv.get('a', 'k')).toBeUndefined();
    expect(await store.kv.compareAndSwap('a', 'k', undefined, undefined)).toBe(true);
    await store.close();
  });

  it('loses no count of twenty concurrent updates', async () => {
    const { store } = await start();
    const add = async (): Promise<void> => {
      for (;;) {
        const old = await store.kv.get('a', 'n');
        if (await store.kv.compareAndSwap('a', 'n', old?.version, Number(old?.value ?? 0) + 1)) return;
      }
    };
    await Promise.all(Array.from({ length: 20 }, add));
    expect((await store.kv.get('a', 'n'))?.value).toBe(20);
    await store.close();
  });

  it('refuses what exceeds the quota, keeps what was, and makes room of expired entries', async () => {
    const { store, clock } = await start({ maxEntries: 2, maxBytes: 100 });
    await store.kv.set('a', 'k1', 1, 1000);
    await store.kv.set('a', 'k2', 2);
    await expect(store.kv.set('a', 'k3', 3)).rejects.toMatchObject({ name: 'KvError', code: 'quota' });
    await store.kv.set('b', 'k3', 3);
    await store.kv.set('a', 'k2', 22);
    await expect(store.kv.set('a', 'k2', 'x'.repeat(200))).rejects.toMatchObject({ code: 'quota' });
    expect((await store.kv.get('a', 'k2'))?.value).toBe(22);
    await clock.advance(1000);
    await store.kv.set('a', 'k3', 3);
    expect(await store.kv.keys('a')).toEqual(['k2', 'k3']);
    await store.kv.delete('a', 'k3');
    await store.kv.set('a', 'k4', 'y'.repeat(90));
    await store.close();
  });

  it('lists entries and deletes by prefix, and tells what is used of how much', async () => {
    const { store, clock } = await start({ maxEntries: 10, maxBytes: 1000 });
    await store.kv.set('a', 'u/al', { n: 1 });
    await store.kv.set('a', 'u/\0', 'two');
    await store.kv.set('a', 'u/gone', 3, 5);
    await store.kv.set('a', 'v', 4);
    await store.kv.set('b', 'u/al', 5);
    await clock.advance(10);
    expect(await store.kv.entries('a', 'u/')).toEqual([
      { key: 'u/\0', value: 'two' },
      { key: 'u/al', value: { n: 1 } },
    ]);
    expect(await store.kv.usage('a')).toMatchObject({ entries: 3, maxEntries: 10, maxBytes: 1000 });
    expect(await store.kv.usage('nobody')).toMatchObject({ entries: 0, bytes: 0 });
    expect(await store.kv.deleteAll('a', 'u/')).toBe(2);
    expect(await store.kv.keys('a')).toEqual(['v']);
    expect(await store.kv.usage('a')).toMatchObject({ entries: 1, bytes: 2 });
    expect(await store.kv.deleteAll('a', '')).toBe(1);
    expect(await store.kv.keys('b')).toEqual(['u/al']);
    await store.close();
  });

  it('deletes what is wanted gone and nothing else', async () => {
    const { store } = await start();
    for (const key of ['q/a/1', 'q/a/2', 'q/b/1']) await store.kv.set('a', key, 1);
    expect(await store.kv.deleteWhere('a', 'q/', (key) => key.startsWith('q/a/'))).toBe(2);
    expect(await store.kv.keys('a')).toEqual(['q/b/1']);
    await store.close();
  });

  it('limits each instance by itself, and says in the refusal what it would hold', async () => {
    const { store } = await start();
    store.kv.limit('a', { maxEntries: 1 });
    await store.kv.set('a', 'one', 1);
    await expect(store.kv.set('a', 'two', 2)).rejects.toMatchObject({
      code: 'quota',
      message:
        /The store of a is full: with this it would hold 2 of at most 1 keys, \d+ of at most 67108864 bytes/,
    });
    await store.kv.set('b', 'one', 1);
    await store.kv.set('b', 'two', 2);
    store.kv.limit('a', {});
    await store.kv.set('a', 'two', 2);
    await store.close();
  });

  it('moves an instance to another version in one step, and keeps the time of keys that stay', async () => {
    const { store, clock } = await start({ maxEntries: 3 });
    await store.kv.set('a', 'same', 1);
    await store.kv.set('a', 'short', 'old', 1000);
    await store.kv.set('a', 'gone', 1);
    await store.kv.set('b', 'same', 'of b');
    const { version: untouched } = (await store.kv.get('a', 'same'))!;
    expect(await store.kv.version('a')).toBe(1);
    const entries = [
      { key: 'same', value: 1 },
      { key: 'short', value: 'new' },
      { key: 'more', value: [] },
    ];
    const tooMany = [...entries, { key: 'x', value: 1 }];
    await expect(store.kv.migrate('a', 2, tooMany)).rejects.toMatchObject({ code: 'quota' });
    await expect(store.kv.migrate('a', 2, [entries[0]!, entries[0]!])).rejects.toMatchObject({
      code: 'bad-key',
    });
    expect(await store.kv.version('a')).toBe(1);
    expect(await store.kv.keys('a')).toEqual(['gone', 'same', 'short']);
    await store.kv.migrate('a', 2, entries);
    expect(await store.kv.version('a')).toBe(2);
    expect(await store.kv.version('b')).toBe(1);
    expect(await store.kv.entries('a')).toEqual([...entries].sort((a, b) => (a.key < b.key ? -1 : 1)));
    expect((await store.kv.get('a', 'same'))?.version).toBe(untouched);
    expect((await store.kv.usage('a')).entries).toBe(3);
    await clock.advance(1000);
    expect(await store.kv.keys('a')).toEqual(['more', 'same']);
    expect((await store.kv.get('b', 'same'))?.value).toBe('of b');
    await store.close();
  });

  it.each(['', 'x'.repeat(513)])('refuses a key of a wrong length', async (key) => {
    const { store } = await start();
    await expect(store.kv.set('a', key, 1)).rejects.toMatchObject({ code: 'bad-key' });
    await expect(store.kv.set('a', 'k', undefined)).rejects.toMatchObject({ code: 'bad-value' });
    await expect(store.kv.set('a', 'k', () => 1)).rejects.toMatchObject({ code: 'bad-value' });
    await store.close();
  });

  it('behaves like a Map under any sequence of operations, and accounts for every byte', async () => {
    const { store } = await start({ maxEntries: 1000, maxBytes: 10_000 });
    const key = fc.constantFrom('a', 'b', '\0', 'ab');
    const step = fc.oneof(
      fc.record({ do: fc.constant('set' as const), key, value: fc.jsonValue({ maxDepth: 1 }) }),
      fc.record({
        do: fc.constantFrom('delete' as const, 'swap' as const),
        key,
        value: fc.jsonValue({ maxDepth: 1 }),
      }),
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const instance = `i${++round}`;
        const model = new Map<string, unknown>();
        for (const each of steps) {
          const value = JSON.parse(JSON.stringify(each.value)) as unknown;
          if (each.do === 'set') {
            await store.kv.set(instance, each.key, each.value);
            model.set(each.key, value);
          } else if (each.do === 'delete') {
            expect(await store.kv.delete(instance, each.key)).toBe(model.delete(each.key));
          } else {
            const version = (await store.kv.get(instance, each.key))?.version;
            expect(await store.kv.compareAndSwap(instance, each.key, version, each.value)).toBe(true);
            model.set(each.key, value);
          }
        }
        expect(await store.kv.keys(instance)).toEqual([...model.keys()].sort());
        for (const [name, value] of model) expect((await store.kv.get(instance, name))?.value).toEqual(value);
        // An instance that deletes everything has its whole quota again.
        for (const name of model.keys()) await store.kv.delete(instance, name);
        await store.kv.set(instance, 'k', 'x'.repeat(9_990));
        await store.kv.delete(instance, 'k');
      }),
      { numRuns: 25 },
    );
    await store.close();
  });
});
