import type { CreateTableBuilder } from 'kysely';
import type { SqlEngine } from '../sql-backend.ts';

/** Adds `seq`: a primary key that the database counts up and never uses twice. */
export function withSequence<T extends string, C extends string>(
  table: CreateTableBuilder<T, C>,
  engine: SqlEngine,
): CreateTableBuilder<T, C | 'seq'> {
  return engine === 'sqlite'
    ? table.addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    : table.addColumn('seq', 'bigserial', (column) => column.primaryKey());
}
