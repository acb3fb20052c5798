import { withSequence } from './columns.ts';
import type { Migration } from './migration.ts';

/** Decisions not to do something; which data is about people; in which layout an instance keeps its key-values. */
export const whyAndPeople: Migration = {
  version: 7,
  name: 'why-and-people',
  async up(db, engine) {
    await withSequence(db.schema.createTable('decision'), engine)
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('times', 'bigint', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('what', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('person', 'text')
      .addColumn('room', 'text')
      .addColumn('plugin', 'text')
      .addColumn('about', 'text')
      .execute();
    await db.schema.createIndex('decision_by_id').on('decision').column('id').execute();
    await db.schema.createIndex('decision_by_time').on('decision').column('at').execute();
    await db.schema.createIndex('decision_by_person').on('decision').columns(['person', 'seq']).execute();

    await db.schema
      .createTable('personal_keys')
      .addColumn('instance', 'text', (column) => column.notNull())
      .addColumn('place', 'integer', (column) => column.notNull())
      .addColumn('pattern', 'text', (column) => column.notNull())
      .addColumn('what', 'text', (column) => column.notNull())
      .addColumn('timer', 'text')
      .addPrimaryKeyConstraint('personal_keys_key', ['instance', 'place'])
      .execute();

    await db.schema
      .createTable('kv_version')
      .addColumn('instance', 'text', (column) => column.primaryKey())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .execute();
  },
};
