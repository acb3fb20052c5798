import { withSequence } from './columns.ts';
import type { Migration } from './migration.ts';

/** Membership of private rooms: invitations, who is banned, snapshots, applicants, and who changed what. */
export const members: Migration = {
  version: 11,
  name: 'members',
  async up(db, engine) {
    await db.schema
      .createTable('member_invitation')
      .addColumn('room', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('detail', 'text')
      .addColumn('flag', 'text')
      .addColumn('why', 'text', (column) => column.notNull())
      .addColumn('operator', 'integer', (column) => column.notNull())
      .addColumn('phase', 'text', (column) => column.notNull())
      .addColumn('tries', 'integer', (column) => column.notNull())
      .addColumn('next_at', 'bigint')
      .addColumn('told_at', 'bigint')
      .addColumn('owes', 'integer', (column) => column.notNull())
      .addColumn('settled_at', 'bigint')
      .addPrimaryKeyConstraint('member_invitation_key', ['room', 'person'])
      .execute();
    await db.schema
      .createIndex('member_invitation_by_end')
      .on('member_invitation')
      .column('settled_at')
      .execute();

    await db.schema
      .createTable('member_ban')
      .addColumn('room', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('until_at', 'bigint')
      .addColumn('case_number', 'bigint')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('was_member', 'integer', (column) => column.notNull())
      .addColumn('rounds', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('member_ban_key', ['room', 'person'])
      .execute();

    await withSequence(db.schema.createTable('member_snapshot'), engine)
      .addColumn('room', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('automatic', 'integer', (column) => column.notNull())
      .addColumn('doc', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('member_snapshot_by_room')
      .on('member_snapshot')
      .columns(['room', 'seq'])
      .execute();

    await db.schema
      .createTable('member_applicant')
      .addColumn('room', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('doc', 'text', (column) => column.notNull())
      .addColumn('detail', 'text')
      .addColumn('flag', 'text')
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('member_applicant_key', ['room', 'person'])
      .execute();

    await withSequence(db.schema.createTable('member_log'), engine)
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('room', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('what', 'text', (column) => column.notNull())
      .addColumn('detail', 'text')
      .execute();
    await db.schema.createIndex('member_log_by_room').on('member_log').columns(['room', 'seq']).execute();
    await db.schema.createIndex('member_log_by_person').on('member_log').columns(['person', 'seq']).execute();
    await db.schema.createIndex('member_log_by_time').on('member_log').column('at').execute();
  },
};
