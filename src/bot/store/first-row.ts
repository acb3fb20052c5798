import type { CompiledQuery } from 'kysely';
import type { Db } from './database.ts';

/** A query of which only the first row is looked at. Leases hand this on to the backend. */
interface FirstRowQuery<R> extends CompiledQuery<R> {
  readonly first: true;
}

/**
 * The first row of a query, or undefined. Use it where there is at most one: unlike `executeTakeFirst` it tells the
 * backend so, which then need not open and keep an iterator.
 */
export async function firstRow<R>(db: Db, query: { compile(): CompiledQuery<R> }): Promise<R | undefined> {
  const marked: FirstRowQuery<R> = { ...query.compile(), first: true };
  const { rows } = await db.executeQuery<R>(marked);
  return rows[0];
}
