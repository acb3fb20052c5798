import type { StoreEntry, StoreVersions } from '../../api/lifecycle.ts';
import { checkPlain } from '../plain.ts';

/**
 * Runs a plugin's store migrations, one version after the other.
 * @param from the version of `entries`
 * @throws Error naming the step and the key.
 */
export function migrateEntries(
  store: StoreVersions | undefined,
  from: number,
  entries: readonly StoreEntry[],
  valueBytes: number,
): readonly StoreEntry[] {
  let current = entries;
  for (let version = from + 1; version <= (store?.version ?? 1); version++) {
    const step = store?.migrate?.[version];
    if (step === undefined) continue;
    current = current.flatMap((entry) => {
      const what = `store.migrate[${version}] of ${JSON.stringify(entry.key)}`;
      try {
        return readEntries(step(entry), what, valueBytes);
      } catch (cause) {
        throw new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
      }
    });
    refuseTwins(current, version);
  }
  return current;
}

function readEntries(result: unknown, what: string, valueBytes: number): readonly StoreEntry[] {
  if (result === undefined || result === null) return [];
  const list: readonly unknown[] = Array.isArray(result) ? result : [result];
  return list.map((entry) => {
    if (typeof entry !== 'object' || entry === null || !('key' in entry) || !('value' in entry))
      throw new Error('a step returns { key, value }, a list of those, or nothing');
    const { key, value } = entry;
    if (typeof key !== 'string' || key.length < 1 || key.length > 512)
      throw new Error('a key must be a text of 1 to 512 characters');
    checkPlain(value, what, valueBytes, 'json');
    return { key, value };
  });
}

function refuseTwins(entries: readonly StoreEntry[], version: number): void {
  const keys = new Set<string>();
  for (const { key } of entries) {
    if (keys.has(key))
      throw new Error(`store.migrate[${version}] makes two entries with the key ${JSON.stringify(key)}`);
    keys.add(key);
  }
}
