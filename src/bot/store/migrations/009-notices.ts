import { withSequence } from './columns.ts';
import type { Migration } from './migration.ts';

/** Notices on their way to people, what was told where, and how the channels fare. */
export const notices: Migration = {
  version: 9,
  name: 'notices',
  async up(db, engine) {
    await withSequence(db.schema.createTable('notice'), engine)
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('instance', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('parcel', 'text')
      .addColumn('bundle', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('urgent', 'integer', (column) => column.notNull())
      .addColumn('made_at', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint')
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('doc', 'text', (column) => column.notNull())
      .addColumn('key_hash', 'text')
      .addColumn('text_hash', 'text')
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('detail', 'text')
      .addColumn('part', 'integer', (column) => column.notNull())
      .addColumn('mark', 'bigint')
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('notice_by_target')
      .on('notice')
      .columns(['target', 'state', 'seq'])
      .execute();
    await db.schema.createIndex('notice_by_state').on('notice').columns(['state', 'changed_at']).execute();
    await db.schema.createIndex('notice_by_parcel').on('notice').column('parcel').execute();

    await db.schema
      .createTable('notice_told')
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('until', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('notice_told_key', ['target', 'hash'])
      .execute();
    await db.schema.createIndex('notice_told_by_time').on('notice_told').column('until').execute();

    await db.schema
      .createTable('notice_channel')
      .addColumn('target', 'text', (column) => column.primaryKey())
      .addColumn('failing_since', 'bigint', (column) => column.notNull())
      .addColumn('failures', 'integer', (column) => column.notNull())
      .addColumn('problem', 'text', (column) => column.notNull())
      .addColumn('complained', 'integer', (column) => column.notNull())
      .execute();
  },
};
