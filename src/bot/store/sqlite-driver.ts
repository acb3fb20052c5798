import { createRequire } from 'node:module';
import type { SqlValue } from './sql-parameters.ts';

/** A prepared statement of either driver. */
export interface SqliteStatement {
  /** Whether it returns rows. */
  readonly reader: boolean;
  all(parameters: readonly SqlValue[]): Readonly<Record<string, unknown>>[];
  /** At most the first row. */
  first(parameters: readonly SqlValue[]): Readonly<Record<string, unknown>>[];
  /** @returns rows changed. */
  run(parameters: readonly SqlValue[]): number;
}

/** The little that is needed of a SQLite driver. Everything is synchronous. */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement;
  /** Runs statements that return nothing. */
  exec(sql: string): void;
  readonly inTransaction: boolean;
  close(): void;
}

/** Opens a database file, or `:memory:`. Throws the driver's error when it cannot. */
export interface SqliteDriver {
  readonly name: 'node:sqlite' | 'libsql';
  open(path: string): SqliteConnection;
}

/** The driver for this Node.js: its own where it has one (22.13 and newer), else libsql. */
export function sqliteDriver(): SqliteDriver {
  return nodeDriver() ?? libsqlDriver();
}

/** The slice of node:sqlite used here; the types of Node 20 do not have it. */
interface NodeSqlite {
  DatabaseSync: new (
    path: string,
  ) => {
    prepare(sql: string): {
      columns?(): readonly unknown[];
      all(...parameters: SqlValue[]): Record<string, unknown>[];
      get(...parameters: SqlValue[]): Record<string, unknown> | undefined;
      run(...parameters: SqlValue[]): { changes: number | bigint };
    };
    exec(sql: string): void;
    readonly isTransaction?: boolean;
    close(): void;
  };
}

/** @returns undefined where the runtime has no usable node:sqlite. */
export function nodeDriver(): SqliteDriver | undefined {
  const sqlite = withoutExperimentalWarning(() => {
    try {
      return process.getBuiltinModule('node:sqlite' as 'node:fs') as unknown as NodeSqlite | undefined;
    } catch {
      return undefined;
    }
  });
  // Before 22.13 it exists behind a flag, or lacks `columns()` and `isTransaction`.
  if (sqlite === undefined || !usable(sqlite)) return undefined;
  return {
    name: 'node:sqlite',
    open(path) {
      const db = new sqlite.DatabaseSync(path);
      return {
        prepare(sql) {
          const statement = db.prepare(sql);
          return {
            reader: (statement.columns?.().length ?? 0) > 0,
            all: (parameters) => statement.all(...parameters).map((row) => ({ ...row })),
            first: (parameters) => {
              const row = statement.get(...parameters);
              return row === undefined ? [] : [{ ...row }];
            },
            run: (parameters) => Number(statement.run(...parameters).changes),
          };
        },
        exec: (sql) => db.exec(sql),
        get inTransaction() {
          return db.isTransaction === true;
        },
        close: () => db.close(),
      };
    },
  };
}

function usable(sqlite: NodeSqlite): boolean {
  const db = new sqlite.DatabaseSync(':memory:');
  try {
    return typeof db.isTransaction === 'boolean' && typeof db.prepare('select 1').columns === 'function';
  } finally {
    db.close();
  }
}

/** Node 22 calls node:sqlite experimental, on the terminal of a person who can do nothing about it. */
function withoutExperimentalWarning<T>(load: () => T): T {
  const emitWarning = process.emitWarning.bind(process);
  const isOurs = (args: readonly unknown[]) =>
    args.includes('ExperimentalWarning') && String(args[0]).includes('SQLite');
  process.emitWarning = (...args: unknown[]) => {
    if (!isOurs(args)) Reflect.apply(emitWarning, process, args);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The slice of libsql used here. */
type Libsql = new (
  path: string,
) => {
  prepare(sql: string): {
    readonly reader: boolean;
    all(parameters: readonly SqlValue[]): Record<string, unknown>[];
    get(parameters: readonly SqlValue[]): Record<string, unknown> | undefined;
    run(parameters: readonly SqlValue[]): { changes: number };
  };
  exec(sql: string): void;
  readonly inTransaction: boolean;
  close(): void;
};

/** libsql has the API of better-sqlite3; what it does differently is noted where it matters. */
export function libsqlDriver(): SqliteDriver {
  // Loaded here and not above: on newer Nodes its native library is never needed.
  const require = createRequire(import.meta.url);
  const Database = require('libsql') as Libsql;
  return {
    name: 'libsql',
    open(path) {
      const db = new Database(path);
      return {
        prepare(sql) {
          const statement = db.prepare(sql);
          return {
            reader: statement.reader,
            all: (parameters) => statement.all(parameters),
            // Every `all` leaves a native iterator behind that is freed only when the event loop turns, and a burst
            // of messages is worked off within one turn: 1 KiB each, and the allocator gives little of it back.
            first: (parameters) => {
              const row = statement.get(parameters);
              if (row === undefined) return [];
              // A property of libsql's own, which `all` does not add.
              delete row['_metadata'];
              return [row];
            },
            run: (parameters) => statement.run(parameters).changes,
          };
        },
        exec: (sql) => db.exec(sql),
        get inTransaction() {
          return db.inTransaction;
        },
        close: () => db.close(),
      };
    },
  };
}
