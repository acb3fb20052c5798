import { withSequence } from './columns.ts';
import type { Migration } from './migration.ts';

/** What happened in the rooms and around them. */
export const journal: Migration = {
  version: 4,
  name: 'journal',
  async up(db, engine) {
    await withSequence(db.schema.createTable('journal'), engine)
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('room', 'text')
      .addColumn('person', 'text')
      .addColumn('body', 'text')
      .addColumn('detail', 'text')
      .execute();
    await db.schema.createIndex('journal_by_time').on('journal').column('at').execute();
    await db.schema.createIndex('journal_by_room').on('journal').columns(['room', 'at']).execute();
    await db.schema.createIndex('journal_by_kind').on('journal').columns(['kind', 'at']).execute();
  },
};
