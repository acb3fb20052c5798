import type { Migration } from './migration.ts';

/** Key-values of plugin instances, and what each instance occupies. */
export const keyValues: Migration = {
  version: 3,
  name: 'key-values',
  async up(db) {
    await db.schema
      .createTable('kv')
      .addColumn('instance', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('doc', 'text', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint')
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('kv_key', ['instance', 'key'])
      .execute();
    await db.schema.createIndex('kv_by_expiry').on('kv').column('expires_at').execute();
    await db.schema
      .createTable('kv_usage')
      .addColumn('instance', 'text', (column) => column.primaryKey())
      .addColumn('entries', 'bigint', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('last_version', 'bigint', (column) => column.notNull())
      .execute();
  },
};
