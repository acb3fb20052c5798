import { type Kysely, sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Database, Db } from './database.ts';
import type { Migration } from './migrations/migration.ts';
import { StoreError } from './store-error.ts';

/** The migrations' own table, which no migration touches. */
interface VersionTable {
  schema_version: { version: number; name: string; applied_at: number };
}

/**
 * Brings the schema up to the last of `migrations`, one transaction per step: a crash in between leaves a store that
 * the next start continues with.
 * @returns the version before and after.
 * @throws StoreError `newer` when the store has steps that this program does not know; nothing is changed then.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  deps: { readonly clock: Clock; readonly log: Log },
): Promise<{ readonly from: number; readonly to: number }> {
  await database.write(async (tx) => {
    await tx.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('applied_at', 'bigint', (column) => column.notNull())
      .execute();
  });
  const from = await database.read(currentVersion);
  const newest = migrations.at(-1)?.version ?? 0;
  if (from > newest) {
    throw new StoreError(
      'newer',
      `The store was written by a newer version of this program (schema ${from}, known up to ${newest}): update the program or use another store`,
    );
  }
  for (const migration of migrations) {
    if (migration.version <= from) continue;
    await database.write(async (tx) => {
      await migration.up(tx as unknown as Kysely<never>, database.engine);
      await versions(tx)
        .insertInto('schema_version')
        .values({ version: migration.version, name: migration.name, applied_at: deps.clock.now() })
        .execute();
    });
    deps.log.debug('The store has a new schema', { version: migration.version, name: migration.name });
  }
  return { from, to: newest };
}

async function currentVersion(db: Db): Promise<number> {
  const row = await versions(db)
    .selectFrom('schema_version')
    .select(sql<number | null>`max(version)`.as('version'))
    .executeTakeFirst();
  return row?.version ?? 0;
}

function versions(db: Db): Kysely<VersionTable> {
  return db as unknown as Kysely<VersionTable>;
}
