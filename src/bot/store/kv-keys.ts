import { sql } from 'kysely';
import type { Db } from './database.ts';
import { storedText } from './exact-text.ts';
import { KvError } from './kv-error.ts';

/** In UTF-16 code units, as `length` counts. */
const MAX_KEY_LENGTH = 512;

/** @throws KvError `bad-key` */
export function checkedKey(key: string): string {
  if (key.length >= 1 && key.length <= MAX_KEY_LENGTH) return key;
  throw new KvError('bad-key', `A key has 1 to ${MAX_KEY_LENGTH} characters, not ${key.length}`);
}

/** @throws KvError `bad-value` */
export function toDoc(value: unknown): string {
  // The type of JSON.stringify leaves out that it gives undefined for undefined, functions and symbols.
  const doc = JSON.stringify(value) as string | undefined;
  if (doc === undefined) throw new KvError('bad-value', 'Nothing but plain data can be stored');
  return doc;
}

export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Rows of an instance whose key may begin with `prefix`. It only thins the rows out: keys that are stored encoded (they
 * begin with U+0001) are all among them, so whoever asks looks at the keys as they are.
 */
export function rowsBelow(db: Db, instance: string, prefix: string) {
  const query = db.selectFrom('kv').where('instance', '=', instance);
  if (prefix === '' || storedText(prefix) !== prefix) return query;
  const length = Array.from(prefix).length;
  return query.where((eb) =>
    eb.or([
      eb(sql<string>`substr(${eb.ref('key')}, 1, ${sql.lit(length)})`, '=', prefix),
      eb(sql<string>`substr(${eb.ref('key')}, 1, 1)`, '=', '\u0001'),
    ]),
  );
}
