import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { StoredValue, StoreService } from '../../plugins/host/services.ts';
import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { firstRow } from './first-row.ts';
import { KvError } from './kv-error.ts';

/** What one plugin instance may keep. */
export interface KvQuota {
  /** @default 100_000 */
  readonly maxEntries: number;
  /** Keys and values as stored, in UTF-8 bytes. @default 67_108_864 (64 MiB) */
  readonly maxBytes: number;
}

const DEFAULT_QUOTA: KvQuota = { maxEntries: 100_000, maxBytes: 64 * 1024 * 1024 };

/** In UTF-16 code units, as `length` counts. */
const MAX_KEY_LENGTH = 512;

/** A value about to be written. */
interface Write {
  readonly instance: string;
  readonly key: string;
  readonly doc: string;
  readonly ttlMs: number | undefined;
}

/**
 * Key-values of plugin instances, apart from each other. Values are plain data as JSON carries it; expiry goes by the
 * clock, to the millisecond. Versions count up per instance and never come back, so that a compare-and-swap cannot be
 * fooled by a key that was deleted and made anew.
 */
export class KvStore implements StoreService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #quota: KvQuota;

  constructor(database: Database, clock: Clock, quota: Partial<KvQuota> = {}) {
    this.#database = database;
    this.#clock = clock;
    this.#quota = { ...DEFAULT_QUOTA, ...quota };
  }

  async get(instance: string, key: string): Promise<StoredValue | undefined> {
    const row = await this.#database.read((db) => this.#find(db, instance, checkedKey(key)));
    if (row === undefined || this.#expired(row)) return undefined;
    return { value: JSON.parse(row.doc) as unknown, version: row.version };
  }

  /**
   * @param ttlMs milliseconds from now until the entry is gone; undefined: it stays.
   * @throws KvError `bad-key`, `bad-value`, `quota`; StoreError.
   */
  async set(instance: string, key: string, value: unknown, ttlMs?: number): Promise<void> {
    const write: Write = { instance, key: checkedKey(key), doc: toDoc(value), ttlMs };
    await this.#database.write(async (tx) => {
      const version = await nextVersion(tx, instance);
      await this.#put(tx, write, version, await this.#find(tx, instance, key));
    });
  }

  async delete(instance: string, key: string): Promise<boolean> {
    checkedKey(key);
    return this.#database.write(async (tx) => {
      const row = await this.#remove(tx, instance, key);
      return row !== undefined && !this.#expired(row);
    });
  }

  /** Keys that begin with `prefix`, in order of code units. */
  async keys(instance: string, prefix = ''): Promise<readonly string[]> {
    const rows = await this.#database.read((db) => {
      let query = db
        .selectFrom('kv')
        .select('key')
        .where('instance', '=', instance)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', this.#clock.now())]));
      // Only thins the rows out; keys that are stored encoded (they begin with U+0001) are looked at below.
      if (prefix !== '' && storedText(prefix) === prefix) {
        const length = Array.from(prefix).length;
        query = query.where((eb) =>
          eb.or([
            eb(sql<string>`substr(${eb.ref('key')}, 1, ${sql.lit(length)})`, '=', prefix),
            eb(sql<string>`substr(${eb.ref('key')}, 1, 1)`, '=', '\u0001'),
          ]),
        );
      }
      return query.execute();
    });
    return rows
      .map((row) => exactText(row.key))
      .filter((key) => key.startsWith(prefix))
      .sort(byCodeUnits);
  }

  /**
   * Writes only if the key's version is still `expected` (undefined: the key does not exist).
   * @param value undefined deletes the key.
   * @returns whether it was written.
   * @throws as {@link set}.
   */
  async compareAndSwap(
    instance: string,
    key: string,
    expected: number | undefined,
    value: unknown,
    ttlMs?: number,
  ): Promise<boolean> {
    checkedKey(key);
    const doc = value === undefined ? undefined : toDoc(value);
    return this.#database.write(async (tx) => {
      // Taken before the look at the key: on PostgreSQL it keeps other processes off this instance until the end.
      const version = doc === undefined ? undefined : await nextVersion(tx, instance);
      const row = await this.#find(tx, instance, key);
      const current = row === undefined || this.#expired(row) ? undefined : row.version;
      if (current !== expected) return false;
      if (doc !== undefined && version !== undefined)
        await this.#put(tx, { instance, key, doc, ttlMs }, version, row);
      else if (row !== undefined) await this.#remove(tx, instance, key);
      return true;
    });
  }

  /** Deletes at most `limit` entries whose time is over. @returns how many. */
  async prune(limit: number): Promise<number> {
    return this.#database.write(async (tx) => {
      const rows = await tx
        .selectFrom('kv')
        .select(['instance', 'key'])
        .where('expires_at', '<=', this.#clock.now())
        .limit(limit)
        .execute();
      for (const row of rows) await this.#remove(tx, row.instance, exactText(row.key));
      return rows.length;
    });
  }

  /** @param version from {@link nextVersion}. @param old what is stored under the key so far. */
  async #put(
    tx: Db,
    write: Write,
    version: number,
    old: { readonly bytes: number } | undefined,
  ): Promise<void> {
    const { instance, key, doc, ttlMs } = write;
    const bytes = Buffer.byteLength(storedText(key)) + Buffer.byteLength(doc);
    const grown = await resize(tx, instance, old === undefined ? 1 : 0, bytes - (old?.bytes ?? 0));
    if (this.#exceeds(grown)) await this.#makeRoom(tx, instance, key);
    const values = {
      doc,
      version,
      expires_at: ttlMs === undefined ? null : this.#clock.now() + ttlMs,
      bytes,
    };
    await tx
      .insertInto('kv')
      .values({ instance, key: storedText(key), ...values })
      .onConflict((conflict) => conflict.columns(['instance', 'key']).doUpdateSet(values))
      .execute();
  }

  /** Expired entries give their place before an instance is told that it has none. */
  async #makeRoom(tx: Db, instance: string, keep: string): Promise<void> {
    const expired = await tx
      .selectFrom('kv')
      .select('key')
      .where('instance', '=', instance)
      .where('expires_at', '<=', this.#clock.now())
      .where('key', '!=', storedText(keep))
      .execute();
    for (const row of expired) await this.#remove(tx, instance, exactText(row.key));
    const usage = await resize(tx, instance, 0, 0);
    if (!this.#exceeds(usage)) return;
    throw new KvError(
      'quota',
      usage.entries > this.#quota.maxEntries
        ? `The store of ${instance} is full: at most ${this.#quota.maxEntries} keys`
        : `The store of ${instance} is full: at most ${this.#quota.maxBytes} bytes`,
    );
  }

  #exceeds(usage: Usage): boolean {
    return usage.entries > this.#quota.maxEntries || usage.bytes > this.#quota.maxBytes;
  }

  #expired(row: { readonly expires_at: number | null }): boolean {
    return row.expires_at !== null && row.expires_at <= this.#clock.now();
  }

  #find(db: Db, instance: string, key: string) {
    return firstRow(
      db,
      db
        .selectFrom('kv')
        .select(['doc', 'version', 'expires_at', 'bytes'])
        .where('instance', '=', instance)
        .where('key', '=', storedText(key)),
    );
  }

  async #remove(tx: Db, instance: string, key: string) {
    const row = await firstRow(
      tx,
      tx
        .deleteFrom('kv')
        .where('instance', '=', instance)
        .where('key', '=', storedText(key))
        .returning(['bytes', 'expires_at']),
    );
    if (row !== undefined) await resize(tx, instance, -1, -row.bytes);
    return row;
  }
}

interface Usage {
  readonly entries: number;
  readonly bytes: number;
}

/** Takes the instance's next version number, and with it the instance's row until the transaction ends. */
async function nextVersion(tx: Db, instance: string): Promise<number> {
  const row = await firstRow(
    tx,
    tx
      .insertInto('kv_usage')
      .values({ instance, entries: 0, bytes: 0, last_version: 1 })
      .onConflict((conflict) =>
        conflict
          .column('instance')
          .doUpdateSet((eb) => ({ last_version: eb('kv_usage.last_version', '+', 1) })),
      )
      .returning('last_version'),
  );
  return row!.last_version;
}

async function resize(tx: Db, instance: string, entries: number, bytes: number): Promise<Usage> {
  const usage = await firstRow(
    tx,
    tx
      .updateTable('kv_usage')
      .set((eb) => ({ entries: eb('entries', '+', entries), bytes: eb('bytes', '+', bytes) }))
      .where('instance', '=', instance)
      .returning(['entries', 'bytes']),
  );
  return usage!;
}

function checkedKey(key: string): string {
  if (key.length >= 1 && key.length <= MAX_KEY_LENGTH) return key;
  throw new KvError('bad-key', `A key has 1 to ${MAX_KEY_LENGTH} characters, not ${key.length}`);
}

function toDoc(value: unknown): string {
  // The type of JSON.stringify leaves out that it gives undefined for undefined, functions and symbols.
  const doc = JSON.stringify(value) as string | undefined;
  if (doc === undefined) throw new KvError('bad-value', 'Nothing but plain data can be stored');
  return doc;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
