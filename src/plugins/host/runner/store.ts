import type { Store, StoreUsage } from '../../api/bot.ts';
import { toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import type { StoredValue } from '../services.ts';
import type { CallHost } from './facade.ts';

/** Only writers outside this plugin can make an attempt fail: another instance of the process, or a reload. */
const MAX_ATTEMPTS = 100;

/** Makes `bot.store`. @param checkValue throws when a value cannot be stored */
export function makeStore(call: CallHost, checkValue: (value: unknown, where: string) => void): Store {
  /** The last `update` of each key, so that those of one plugin queue up instead of undoing each other's attempts. */
  const tails = new Map<string, Promise<unknown>>();

  async function get(key: string): Promise<StoredValue | undefined> {
    return (await call('store.get', key)) as StoredValue | undefined;
  }

  async function update(
    key: string,
    change: (old: unknown) => unknown,
    ttlMs: number | undefined,
  ): Promise<unknown> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const old = await get(key);
      const value = await change(old?.value);
      if (value === undefined && old === undefined) return undefined;
      if (value !== undefined) checkValue(value, `bot.store.update(${JSON.stringify(key)})`);
      if ((await call('store.compareAndSwap', key, old?.version, value, ttlMs)) === true) return value;
    }
    throw new PluginError(
      'conflict',
      `bot.store.update(${JSON.stringify(key)}): others changed it ${MAX_ATTEMPTS} times`,
    );
  }

  return Object.freeze<Store>({
    get: async <T>(key: string) => (await get(key))?.value as T | undefined,
    async set(key, value, options) {
      if (value === undefined) {
        throw new PluginError(
          'not-plain',
          `bot.store.set(${JSON.stringify(key)}): undefined cannot be stored; use delete`,
        );
      }
      checkValue(value, `bot.store.set(${JSON.stringify(key)})`);
      await call('store.set', key, value, optionalMs(options?.ttl));
    },
    delete: async (key) => (await call('store.delete', key)) as boolean,
    deleteAll: async (prefix) => (await call('store.deleteAll', prefix)) as number,
    keys: async (prefix = '') => (await call('store.keys', prefix)) as readonly string[],
    entries: async <T>(prefix = '') =>
      (await call('store.entries', prefix)) as readonly { readonly key: string; readonly value: T }[],
    usage: async () => (await call('store.usage')) as StoreUsage,
    async update<T>(
      key: string,
      change: (old: T | undefined) => T | undefined | Promise<T | undefined>,
      options?: { readonly ttl?: number | string },
    ) {
      const ttlMs = optionalMs(options?.ttl);
      const mine = (tails.get(key) ?? Promise.resolve()).then(() =>
        update(key, change as (old: unknown) => unknown, ttlMs),
      );
      const tail = mine.catch(() => undefined);
      tails.set(key, tail);
      try {
        return (await mine) as T | undefined;
      } finally {
        if (tails.get(key) === tail) tails.delete(key);
      }
    },
  });
}

function optionalMs(ttl: number | string | undefined): number | undefined {
  return ttl === undefined ? undefined : toMs(ttl);
}
