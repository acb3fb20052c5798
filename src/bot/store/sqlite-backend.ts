import type { Log } from '../../platform/log.ts';
import { ensurePrivateFile } from './private-file.ts';
import type { SqlBackend, SqlResult } from './sql-backend.ts';
import { checkedParameters } from './sql-parameters.ts';
import {
  type SqliteConnection,
  type SqliteDriver,
  type SqliteStatement,
  sqliteDriver,
} from './sqlite-driver.ts';
import { StoreError, toStoreError } from './store-error.ts';

/** Statements kept prepared. The store uses some fifty; the bound only guards against generated SQL. */
const MAX_STATEMENTS = 500;

/** Pages kept in memory, in KiB; the default is 2000. Nearly everything is found by its key, and the system caches too. */
const PAGE_CACHE_KIB = 512;

/** How long a write waits for another process that reads or checkpoints, in milliseconds. It blocks the event loop. */
const BUSY_TIMEOUT_MS = 2000;

export interface SqliteOptions {
  /** Database file, or `:memory:`. */
  readonly path: string;
  readonly log: Log;
  /** @default the driver for this Node.js */
  readonly driver?: SqliteDriver;
}

/**
 * Opens a SQLite file for the store: write-ahead log, every commit synced to disk before it is acknowledged
 * (`synchronous=FULL`), readable by its owner only (private messages rest in it).
 * @throws StoreError when the file cannot be opened, created, written or understood.
 */
export function openSqlite(options: SqliteOptions): SqliteBackend {
  const { path, log, driver = sqliteDriver() } = options;
  let connection: SqliteConnection | undefined;
  try {
    if (path !== ':memory:') {
      const was = ensurePrivateFile(path);
      if (was !== undefined)
        log.warn('The store was readable by others: its mode is 0600 now', { path, was: was.toString(8) });
    }
    connection = driver.open(path);
    connection.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    if (path !== ':memory:') useWriteAheadLog(connection);
    connection.exec('pragma synchronous = full');
    connection.exec('pragma foreign_keys = on');
    connection.exec(`pragma cache_size = -${PAGE_CACHE_KIB}`);
    // Opening alone reads nothing: ask for something, so that a damaged file shows here.
    connection.prepare('select count(*) as n from sqlite_master').all([]);
    // A file that can be read and not written would fail at the first message; better now.
    connection.exec('begin immediate; rollback');
  } catch (error) {
    connection?.close();
    throw toStoreError(error, path);
  }
  return new SqliteBackend(connection);
}

function useWriteAheadLog(connection: SqliteConnection): void {
  const [row] = connection.prepare('pragma journal_mode = wal').all([]);
  const mode = row?.['journal_mode'];
  if (mode !== 'wal') {
    throw new StoreError(
      'unwritable',
      `The store needs a disk with file locks and shared memory: journal mode is ${String(mode)}`,
    );
  }
}

/** The store's connection to SQLite. */
export class SqliteBackend implements SqlBackend {
  readonly engine = 'sqlite';
  readonly #connection: SqliteConnection;
  readonly #statements = new Map<string, SqliteStatement>();
  #closed = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  get inTransaction(): boolean {
    return !this.#closed && this.#connection.inTransaction;
  }

  async query(sql: string, parameters: readonly unknown[], first = false): Promise<SqlResult> {
    if (this.#closed) throw new StoreError('closed', 'The store is closed');
    const values = checkedParameters(parameters);
    const statement = this.#prepare(sql);
    if (statement.reader) {
      return { rows: first ? statement.first(values) : statement.all(values), changes: 0 };
    }
    return { rows: [], changes: statement.run(values) };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    this.#connection.close();
  }

  /** libsql frees a statement only when the event loop turns, so each is prepared once and kept. */
  #prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(sql);
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }
}
