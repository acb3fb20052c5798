import { Kysely } from 'kysely';
import { awaitingOwnQueries } from './own-queries.ts';
import type { SqlBackend, SqlEngine } from './sql-backend.ts';
import { dialectOf, type Lease, LendingDriver } from './sql-dialect.ts';
import { StoreError } from './store-error.ts';
import type { Tables } from './tables.ts';

/** The query builder as the parts of the store get it. */
export type Db = Kysely<Tables>;

/**
 * The one way to the tables: one user at a time, first come first served. What is passed to `write` or `read` may
 * await only queries of the builder it is given; anything else is refused at once (own-queries.ts), because
 * everybody waits meanwhile.
 */
export class Database {
  readonly engine: SqlEngine;
  readonly #driver: LendingDriver;
  readonly #builder: Db;
  #closed: Promise<void> | undefined;

  constructor(backend: SqlBackend) {
    this.engine = backend.engine;
    this.#driver = new LendingDriver(backend);
    this.#builder = new Kysely<Tables>({ dialect: dialectOf(backend, this.#driver) });
  }

  /**
   * Runs a transaction. Durable once resolved; without any effect when it rejects.
   * @throws StoreError as rejection; what `run` threw.
   */
  async write<T>(run: (tx: Db) => Promise<T>): Promise<T> {
    this.#assertOpen();
    return this.#builder.transaction().execute((tx) => awaitingOwnQueries(this.#lease(), run(tx)));
  }

  /** Runs queries that change nothing. @throws StoreError as rejection; what `run` threw. */
  async read<T>(run: (db: Db) => Promise<T>): Promise<T> {
    this.#assertOpen();
    return this.#builder.connection().execute((db) => awaitingOwnQueries(this.#lease(), run(db)));
  }

  /** Waits for what is under way, then closes. A second call waits for the first. */
  close(): Promise<void> {
    this.#closed ??= this.#builder
      .connection()
      // A connection once held means that everything asked for before has ended.
      .execute(async () => {})
      .then(() => this.#builder.destroy());
    return this.#closed;
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw new StoreError('closed', 'The store is closed');
  }

  #lease(): Lease {
    const lease = this.#driver.lease;
    if (lease === undefined) throw new StoreError('misuse', 'A query ran outside of its transaction');
    return lease;
  }
}
