import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { StoreUsage } from '../../plugins/api/bot.ts';
import type { StoreEntry } from '../../plugins/api/lifecycle.ts';
import type { StoredValue, StoreService } from '../../plugins/host/services.ts';
import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { firstRow } from './first-row.ts';
import { KvError } from './kv-error.ts';
import { byCodeUnits, checkedKey, rowsBelow, toDoc } from './kv-keys.ts';
import { nextVersion, readDataVersion, resize, type Usage, writeDataVersion } from './kv-usage.ts';

/** What one plugin instance may keep. */
export interface KvQuota {
  /** @default 100_000 */
  readonly maxEntries: number;
  /** Keys and values as stored, in UTF-8 bytes. @default 67_108_864 (64 MiB) */
  readonly maxBytes: number;
}

const DEFAULT_QUOTA: KvQuota = { maxEntries: 100_000, maxBytes: 64 * 1024 * 1024 };

/** A value about to be written. */
interface Write {
  readonly instance: string;
  readonly key: string;
  readonly doc: string;
  readonly expiresAt: number | null;
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
  readonly #quotas = new Map<string, KvQuota>();

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
    const write = this.#write(instance, checkedKey(key), toDoc(value), ttlMs);
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

  deleteAll(instance: string, prefix: string): Promise<number> {
    return this.deleteWhere(instance, prefix, () => true);
  }

  /** Deletes what begins with `prefix` and is wanted gone, in one step. @returns how many there were. */
  async deleteWhere(instance: string, prefix: string, wanted: (key: string) => boolean): Promise<number> {
    return this.#database.write(async (tx) => {
      const rows = await rowsBelow(tx, instance, prefix).select('key').execute();
      let deleted = 0;
      for (const { key: stored } of rows) {
        const key = exactText(stored);
        if (!key.startsWith(prefix) || !wanted(key)) continue;
        const row = await this.#remove(tx, instance, key);
        if (row !== undefined && !this.#expired(row)) deleted++;
      }
      return deleted;
    });
  }

  /** Keys that begin with `prefix`, in order of code units. */
  async keys(instance: string, prefix = ''): Promise<readonly string[]> {
    const rows = await this.#database.read((db) =>
      this.#present(db, instance, prefix).select('key').execute(),
    );
    return rows
      .map((row) => exactText(row.key))
      .filter((key) => key.startsWith(prefix))
      .sort(byCodeUnits);
  }

  /** As {@link keys}, with the values. */
  async entries(instance: string, prefix = ''): Promise<readonly StoreEntry[]> {
    const rows = await this.#database.read((db) =>
      this.#present(db, instance, prefix).select(['key', 'doc']).execute(),
    );
    return rows
      .map((row) => ({ key: exactText(row.key), value: JSON.parse(row.doc) as unknown }))
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => byCodeUnits(a.key, b.key));
  }

  async usage(instance: string): Promise<StoreUsage> {
    const row = await this.#database.read((db) =>
      this.#present(db, instance, '')
        .select([sql<number>`count(*)`.as('entries'), sql<number | string | null>`sum(bytes)`.as('bytes')])
        .executeTakeFirstOrThrow(),
    );
    // PostgreSQL sums bigints to what comes as text.
    return { entries: row.entries, bytes: Number(row.bytes ?? 0), ...this.#quotaOf(instance) };
  }

  limit(instance: string, quota: Partial<KvQuota>): void {
    this.#quotas.set(instance, { ...this.#quota, ...quota });
  }

  version(instance: string): Promise<number> {
    return this.#database.read((db) => readDataVersion(db, instance));
  }

  /** What does not change keeps its version; new values of keys that stay keep the time at which they end. */
  async migrate(instance: string, version: number, entries: readonly StoreEntry[]): Promise<void> {
    const docs = new Map<string, string>();
    for (const { key, value } of entries) {
      if (docs.has(checkedKey(key)))
        throw new KvError('bad-key', `Two entries have the key ${JSON.stringify(key)}`);
      docs.set(key, toDoc(value));
    }
    await this.#database.write(async (tx) => {
      const number = await nextVersion(tx, instance);
      const rows = await rowsBelow(tx, instance, '').select(['key', 'doc', 'bytes', 'expires_at']).execute();
      const old = new Map(rows.map((row) => [exactText(row.key), row]));
      for (const [key, row] of old) {
        if (this.#expired(row) || !docs.has(key)) await this.#remove(tx, instance, key);
      }
      for (const [key, doc] of docs) {
        const found = old.get(key);
        const row = found === undefined || this.#expired(found) ? undefined : found;
        if (row?.doc === doc) continue;
        await this.#put(tx, { instance, key, doc, expiresAt: row?.expires_at ?? null }, number, row);
      }
      await writeDataVersion(tx, instance, version);
    });
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
        await this.#put(tx, this.#write(instance, key, doc, ttlMs), version, row);
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

  #write(instance: string, key: string, doc: string, ttlMs: number | undefined): Write {
    return { instance, key, doc, expiresAt: ttlMs === undefined ? null : this.#clock.now() + ttlMs };
  }

  /** @param version from nextVersion. @param old what is stored under the key so far. */
  async #put(
    tx: Db,
    write: Write,
    version: number,
    old: { readonly bytes: number } | undefined,
  ): Promise<void> {
    const { instance, key, doc, expiresAt } = write;
    const bytes = Buffer.byteLength(storedText(key)) + Buffer.byteLength(doc);
    const grown = await resize(tx, instance, old === undefined ? 1 : 0, bytes - (old?.bytes ?? 0));
    if (this.#exceeds(instance, grown)) await this.#makeRoom(tx, instance, key);
    const values = { doc, version, expires_at: expiresAt, bytes };
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
    if (!this.#exceeds(instance, usage)) return;
    const { maxEntries, maxBytes } = this.#quotaOf(instance);
    throw new KvError(
      'quota',
      `The store of ${instance} is full: with this it would hold ${usage.entries} of at most ${maxEntries} keys, ` +
        `${usage.bytes} of at most ${maxBytes} bytes`,
    );
  }

  #quotaOf(instance: string): KvQuota {
    return this.#quotas.get(instance) ?? this.#quota;
  }

  #exceeds(instance: string, usage: Usage): boolean {
    const { maxEntries, maxBytes } = this.#quotaOf(instance);
    return usage.entries > maxEntries || usage.bytes > maxBytes;
  }

  #expired(row: { readonly expires_at: number | null }): boolean {
    return row.expires_at !== null && row.expires_at <= this.#clock.now();
  }

  #present(db: Db, instance: string, prefix: string) {
    return rowsBelow(db, instance, prefix).where((eb) =>
      eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', this.#clock.now())]),
    );
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
