import type { SqlBackend, SqlResult } from '../bot/store/sql-backend.ts';

/** A database that outlives the bots that use it: closing it is left to the test. */
export class KeptBackend implements SqlBackend {
  readonly engine: SqlBackend['engine'];
  readonly #inner: SqlBackend;

  constructor(inner: SqlBackend) {
    this.#inner = inner;
    this.engine = inner.engine;
  }

  get inTransaction(): boolean {
    return this.#inner.inTransaction;
  }

  query(sql: string, parameters: readonly unknown[]): Promise<SqlResult> {
    return this.#inner.query(sql, parameters);
  }

  async close(): Promise<void> {}

  /** Really closes it. */
  end(): Promise<void> {
    return this.#inner.close();
  }
}
