import { describe } from 'vitest';
import type { SqlBackend } from '../../src/bot/store/sql-backend.ts';
import { openSqlite } from '../../src/bot/store/sqlite-backend.ts';
import { libsqlDriver, nodeDriver, type SqliteDriver } from '../../src/bot/store/sqlite-driver.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { openPglite } from './pglite-backend.ts';

/** Opens an empty database. */
export type OpenBackend = () => Promise<SqlBackend>;

const sqlite = (driver: SqliteDriver): OpenBackend => {
  return async () => openSqlite({ path: ':memory:', log: nullLog, driver });
};

/** Runs the same tests on every database that this machine has: both SQLite drivers and an embedded PostgreSQL. */
export function describeEngines(name: string, tests: (open: OpenBackend) => void): void {
  const node = nodeDriver();
  const engines: [string, OpenBackend][] = [
    ['libsql', sqlite(libsqlDriver())],
    ...(node === undefined ? [] : [['node:sqlite', sqlite(node)] as [string, OpenBackend]]),
    ['PostgreSQL', openPglite],
  ];
  describe.each(engines)(`${name} on %s`, (_engine, open) => {
    tests(open);
  });
}
