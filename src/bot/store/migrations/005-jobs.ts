import { withSequence } from './columns.ts';
import type { Migration } from './migration.ts';

/** Durable time: jobs and kinds of timers, and their runs that have not succeeded yet. */
export const jobs: Migration = {
  version: 5,
  name: 'jobs',
  async up(db, engine) {
    await db.schema
      .createTable('job')
      .addColumn('instance', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('spec', 'text', (column) => column.notNull())
      .addColumn('base_at', 'bigint')
      .addColumn('next_at', 'bigint')
      .addColumn('missed', 'integer', (column) => column.notNull())
      .addColumn('orphaned_at', 'bigint')
      .addColumn('last_due', 'bigint')
      .addColumn('last_at', 'bigint')
      .addColumn('last_ms', 'bigint')
      .addColumn('last_how', 'text')
      .addColumn('last_detail', 'text')
      .addColumn('skipped_due', 'bigint')
      .addColumn('skipped_why', 'text')
      .addPrimaryKeyConstraint('job_key', ['instance', 'kind', 'id'])
      .execute();

    await withSequence(db.schema.createTable('job_run'), engine)
      .addColumn('run', 'text', (column) => column.notNull().unique())
      .addColumn('instance', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('key', 'text')
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('failures', 'integer', (column) => column.notNull())
      .addColumn('redelivered', 'integer', (column) => column.notNull())
      .addColumn('missed', 'integer', (column) => column.notNull())
      .addColumn('payload', 'text')
      .addColumn('detail', 'text')
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .execute();
    // A timer by its key; and what is due next of one kind.
    await db.schema
      .createIndex('job_run_by_key')
      .on('job_run')
      .columns(['instance', 'kind', 'id', 'key'])
      .execute();
    await db.schema
      .createIndex('job_run_by_time')
      .on('job_run')
      .columns(['instance', 'kind', 'state', 'at'])
      .execute();
    await db.schema.createIndex('job_run_by_state').on('job_run').columns(['state', 'changed_at']).execute();
  },
};
