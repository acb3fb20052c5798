import { withSequence } from './columns.ts';
import type { Migration } from './migration.ts';

/** Decisions about people. */
export const cases: Migration = {
  version: 10,
  name: 'cases',
  async up(db, engine) {
    await db.schema
      .createTable('moderation_case')
      .addColumn('id', 'bigint', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('room', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('rule', 'text')
      .addColumn('rule_version', 'text')
      .addColumn('points', 'double precision', (column) => column.notNull())
      .addColumn('total', 'double precision', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('evidence', 'text')
      .addColumn('said', 'text', (column) => column.notNull())
      .addColumn('mode', 'text', (column) => column.notNull())
      .addColumn('wanted', 'text', (column) => column.notNull())
      .addColumn('consequence', 'text', (column) => column.notNull())
      .addColumn('instead', 'text')
      .addColumn('at_most', 'text')
      .addColumn('until_at', 'bigint')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('void', 'integer', (column) => column.notNull())
      .addColumn('to_take_back', 'integer', (column) => column.notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .addColumn('appeal_at', 'bigint')
      .addColumn('appeal_text', 'text')
      .addColumn('appeal_state', 'text')
      .execute();
    await db.schema
      .createIndex('case_by_person')
      .on('moderation_case')
      .columns(['person', 'room', 'id'])
      .execute();
    await db.schema.createIndex('case_by_rule').on('moderation_case').columns(['rule', 'id']).execute();
    await db.schema
      .createIndex('case_by_room')
      .on('moderation_case')
      .columns(['room', 'rule', 'appeal_state'])
      .execute();
    await db.schema.createIndex('case_by_state').on('moderation_case').columns(['state', 'id']).execute();
    await db.schema.createIndex('case_by_time').on('moderation_case').column('at').execute();

    await withSequence(db.schema.createTable('case_log'), engine)
      .addColumn('case_id', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('what', 'text', (column) => column.notNull())
      .addColumn('detail', 'text')
      .execute();
    await db.schema.createIndex('case_log_by_case').on('case_log').columns(['case_id', 'seq']).execute();
  },
};
