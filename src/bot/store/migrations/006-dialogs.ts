import type { Migration } from './migration.ts';

/** Conversations of plugins with people, one per person and place. */
export const dialogs: Migration = {
  version: 6,
  name: 'dialogs',
  async up(db) {
    await db.schema
      .createTable('dialogs')
      .addColumn('place', 'text', (column) => column.primaryKey())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('instance', 'text', (column) => column.notNull())
      .addColumn('dialog', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('room', 'text')
      .addColumn('step', 'text')
      .addColumn('doc', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('last_line', 'text')
      .addColumn('on_timeout', 'text')
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('dialogs_by_person').on('dialogs').column('person').execute();
  },
};
