import { withSequence } from './columns.ts';
import type { Migration } from './migration.ts';

/** Private messages that came in, and lines on their way out. */
export const messages: Migration = {
  version: 1,
  name: 'messages',
  async up(db, engine) {
    await withSequence(db.schema.createTable('inbox'), engine)
      .addColumn('key', 'text', (column) => column.notNull().unique())
      .addColumn('id', 'bigint', (column) => column.notNull())
      .addColumn('sent_at', 'bigint', (column) => column.notNull())
      .addColumn('sender', 'text', (column) => column.notNull())
      .addColumn('body', 'text')
      .addColumn('replayed', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('inbox_by_state').on('inbox').columns(['state', 'changed_at']).execute();

    await withSequence(db.schema.createTable('outbox'), engine)
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('body', 'text')
      .addColumn('priority', 'text', (column) => column.notNull())
      .addColumn('queued_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint')
      .addColumn('origin', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('detail', 'text')
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('outbox_by_state').on('outbox').columns(['state', 'changed_at']).execute();
  },
};
