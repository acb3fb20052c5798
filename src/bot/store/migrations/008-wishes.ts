import { sql } from 'kysely';
import { withSequence } from './columns.ts';
import type { Migration } from './migration.ts';

/** Wishes, and what they have seen. */
export const wishes: Migration = {
  version: 8,
  name: 'wishes',
  async up(db, engine) {
    await withSequence(db.schema.createTable('wish'), engine)
      .addColumn('instance', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('spec', 'text', (column) => column.notNull())
      .addColumn('person', 'text')
      .addColumn('registered', 'integer', (column) => column.notNull())
      .addColumn('orphaned_at', 'bigint')
      .addColumn('mode', 'text', (column) => column.notNull())
      .addColumn('until_at', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('turns', 'bigint', (column) => column.notNull())
      .addColumn('fruitless', 'integer', (column) => column.notNull())
      .addColumn('last_turn', 'bigint')
      .addColumn('heard', 'integer', (column) => column.notNull())
      .addColumn('cuts', 'integer', (column) => column.notNull())
      .addColumn('variant', 'integer', (column) => column.notNull())
      .addColumn('late', 'integer', (column) => column.notNull())
      .addColumn('boosted_at', 'bigint')
      .addColumn('finds', 'bigint', (column) => column.notNull())
      .addColumn('last_find', 'bigint')
      .addColumn('next_number', 'bigint', (column) => column.notNull())
      .addColumn('seen', 'bigint', (column) => column.notNull())
      .addColumn('remembered', 'bigint', (column) => column.notNull())
      .addColumn('doc', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('wish_by_id').on('wish').columns(['instance', 'id']).unique().execute();

    const seen = db.schema
      .createTable('wish_seen')
      .addColumn('wish', 'bigint', (column) => column.notNull())
      .addColumn('key', 'bigint', (column) => column.notNull())
      .addColumn('who', 'integer', (column) => column.notNull())
      .addColumn('mark', 'integer', (column) => column.notNull())
      .addColumn('at', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('wish_seen_key', ['wish', 'key']);
    // Half the size: the rows lie in the index itself.
    await (engine === 'sqlite' ? seen.modifyEnd(sql`without rowid`) : seen).execute();

    await db.schema
      .createTable('wish_find')
      .addColumn('wish', 'bigint', (column) => column.notNull())
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('batch', 'bigint')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('late', 'integer', (column) => column.notNull())
      .addColumn('doc', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('wish_find_key', ['wish', 'number'])
      .execute();
    await db.schema.createIndex('wish_find_by_batch').on('wish_find').column('batch').execute();
    await db.schema.createIndex('wish_find_by_person').on('wish_find').column('person').execute();

    await withSequence(db.schema.createTable('wish_batch'), engine)
      .addColumn('wish', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('next_at', 'bigint', (column) => column.notNull())
      .execute();

    await db.schema
      .createTable('wish_ignored')
      .addColumn('instance', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('wish_ignored_key', ['instance', 'person'])
      .execute();
    await db.schema
      .createTable('wish_experience')
      .addColumn('instance', 'text', (column) => column.notNull())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('good', 'integer', (column) => column.notNull())
      .addColumn('bad', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('wish_experience_key', ['instance', 'person'])
      .execute();
  },
};
