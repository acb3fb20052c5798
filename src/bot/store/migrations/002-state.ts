import type { Migration } from './migration.ts';

/** Small named documents of the network: budgets, bans. */
export const state: Migration = {
  version: 2,
  name: 'state',
  async up(db) {
    await db.schema
      .createTable('state')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('doc', 'text', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .execute();
  },
};
