import { PGlite } from '@electric-sql/pglite';
import type { SqlBackend, SqlResult } from '../../src/bot/store/sql-backend.ts';
import { checkedParameters } from '../../src/bot/store/sql-parameters.ts';

let booted: Promise<PGlite> | undefined;
let schemas = 0;

/**
 * An empty PostgreSQL for one test: a schema of its own in one embedded server, which takes seconds to start and is
 * shared by all tests of a file. They must not run side by side.
 */
export async function openPglite(): Promise<SqlBackend> {
  booted ??= PGlite.create();
  const server = await booted;
  const schema = `test_${++schemas}`;
  await server.exec(`create schema ${schema}; set search_path to ${schema};`);
  return new PgliteBackend(server);
}

class PgliteBackend implements SqlBackend {
  readonly engine = 'postgres';
  readonly #server: PGlite;
  #open = false;

  constructor(server: PGlite) {
    this.#server = server;
  }

  get inTransaction(): boolean {
    return this.#open;
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<SqlResult> {
    const values = checkedParameters(parameters);
    const result = await this.#server.query<Record<string, unknown>>(sql, values);
    if (/^begin/i.test(sql)) this.#open = true;
    if (/^(commit|rollback)/i.test(sql)) this.#open = false;
    return { rows: result.rows, changes: result.affectedRows ?? 0 };
  }

  async close(): Promise<void> {}
}
