import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqlBackend } from './sql-backend.ts';
import { StoreError, toStoreError } from './store-error.ts';

/**
 * Lends the one connection of a backend to one user after the other, first come first served. Each loan is a
 * {@link Lease} of its own, dead once given back, so that a query that comes too late cannot slip into
 * somebody else's transaction.
 */
export class LendingDriver implements Driver {
  readonly #backend: SqlBackend;
  readonly #waiting: (() => void)[] = [];
  #lent: Lease | undefined;

  constructor(backend: SqlBackend) {
    this.#backend = backend;
  }

  /** The loan that is out now. */
  get lease(): Lease | undefined {
    return this.#lent;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Lease> {
    if (this.#lent !== undefined) await new Promise<void>((resume) => this.#waiting.push(resume));
    this.#lent = new Lease(this.#backend);
    return this.#lent;
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof Lease) connection.end();
    const next = this.#waiting.shift();
    // The next one becomes the holder in its own turn; until then the place stays taken.
    if (next === undefined) this.#lent = undefined;
    else next();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // Taking the write lock at the start makes a busy database show here and not in the middle.
    await run(connection, this.#backend.engine === 'sqlite' ? 'begin immediate' : 'begin');
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await run(connection, 'commit');
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite rolls back by itself when the disk is full; asking again would hide the real error behind a new one.
    if (!this.#backend.inTransaction) return;
    await run(connection, 'rollback').catch(() => {});
  }

  async destroy(): Promise<void> {
    await this.#backend.close();
  }
}

/** One loan of the connection. */
export class Lease implements DatabaseConnection {
  readonly #backend: SqlBackend;
  #ended = false;
  #running = 0;
  #started = 0;
  #whenIdle: (() => void) | undefined;

  constructor(backend: SqlBackend) {
    this.#backend = backend;
  }

  /** Queries under way. */
  get running(): number {
    return this.#running;
  }

  /** Queries started so far. */
  get started(): number {
    return this.#started;
  }

  /** Calls `run` once, as soon as no query is under way. */
  onIdle(run: () => void): void {
    if (this.#running === 0) run();
    else this.#whenIdle = run;
  }

  end(): void {
    this.#ended = true;
  }

  async executeQuery<R>(
    compiled: Pick<CompiledQuery, 'sql' | 'parameters'> & { readonly first?: boolean },
  ): Promise<QueryResult<R>> {
    if (this.#ended) {
      throw new StoreError(
        'misuse',
        'A query came after the end of its transaction: await every query inside it',
      );
    }
    this.#running++;
    this.#started++;
    try {
      const { rows, changes } = await this.#backend.query(compiled.sql, compiled.parameters, compiled.first);
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
    } catch (error) {
      throw toStoreError(error);
    } finally {
      this.#running--;
      if (this.#running === 0) this.#whenIdle?.();
      if (this.#running === 0) this.#whenIdle = undefined;
    }
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator, and it only refuses.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new StoreError('misuse', 'The store does not stream: read in pages');
  }
}

async function run(connection: DatabaseConnection, sql: string): Promise<void> {
  if (connection instanceof Lease) await connection.executeQuery({ sql, parameters: [] });
}

/** The query builder's view of a backend. */
export function dialectOf(backend: SqlBackend, driver: LendingDriver): Dialect {
  const sqlite = backend.engine === 'sqlite';
  return {
    createDriver: () => driver,
    createAdapter: (): DialectAdapter => (sqlite ? new SqliteAdapter() : new PostgresAdapter()),
    createQueryCompiler: () => (sqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    createIntrospector: (db) => (sqlite ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
  };
}
