/** Which SQL is spoken. */
export type SqlEngine = 'sqlite' | 'postgres';

export interface SqlResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows inserted, updated or deleted; 0 for queries that only read. */
  readonly changes: number;
}

/**
 * One connection to a database, as the store needs it: it runs one statement at a time. The dialect on top
 * (sql-dialect.ts) adds the query builder and lends the connection to one user after the other.
 */
export interface SqlBackend {
  readonly engine: SqlEngine;
  /**
   * Rejects with whatever the database throws; {@link toStoreError} makes sense of it.
   * @param first the caller looks at nothing but the first row: a backend may leave out the others.
   */
  query(sql: string, parameters: readonly unknown[], first?: boolean): Promise<SqlResult>;
  /** Whether a transaction is open on this connection. */
  readonly inTransaction: boolean;
  close(): Promise<void>;
}
