import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { nullLog } from '../../platform/null-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { openSqlite } from './sqlite-backend.ts';
import { libsqlDriver, nodeDriver, sqliteDriver } from './sqlite-driver.ts';
import { openStore } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const open = (path: string) => openStore({ path, clock: new VirtualClock(), log: nullLog });
const drivers = [libsqlDriver(), nodeDriver()].filter((driver) => driver !== undefined);

it("takes the runtime's own driver where there is one", () => {
  expect(sqliteDriver().name).toBe(nodeDriver()?.name ?? 'libsql');
});

describe.each(drivers.map((driver) => [driver.name, driver] as const))('a file with %s', (_name, driver) => {
  it('is synced at every commit, has a write-ahead log, and is read by its owner only', async () => {
    const path = join(folder, 'a.db');
    const backend = openSqlite({ path, log: nullLog, driver });
    await backend.query('create table t (a integer)', []);
    expect((await backend.query('pragma synchronous', [])).rows).toEqual([{ synchronous: 2 }]);
    expect((await backend.query('pragma journal_mode', [])).rows).toEqual([{ journal_mode: 'wal' }]);
    expect((await backend.query('pragma foreign_keys', [])).rows).toEqual([{ foreign_keys: 1 }]);
    for (const file of ['a.db', 'a.db-wal', 'a.db-shm'])
      expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    await backend.close();
  });

  it('tells affected rows, and rows of a returning clause', async () => {
    const backend = openSqlite({ path: ':memory:', log: nullLog, driver });
    await backend.query('create table t (a integer)', []);
    expect(await backend.query('insert into t values (1), (2)', [])).toEqual({ rows: [], changes: 2 });
    expect(await backend.query('update t set a = a + ? where a = ? returning a', [10, 1])).toMatchObject({
      rows: [{ a: 11 }],
    });
    expect(await backend.query('select a from t order by a limit ?', [1])).toMatchObject({
      rows: [{ a: 2 }],
    });
    await backend.close();
  });

  it('gives the first row as it gives all, and changes every row for it', async () => {
    const backend = openSqlite({ path: ':memory:', log: nullLog, driver });
    await backend.query('create table t (a integer, b text)', []);
    await backend.query('insert into t values (1, ?), (2, null), (3, ?)', ['x', 'z']);
    const select = 'select * from t where a >= ? order by a';
    for (const from of [1, 2, 4]) {
      const all = await backend.query(select, [from]);
      const first = await backend.query(select, [from], true);
      expect(first.rows).toStrictEqual(all.rows.slice(0, 1));
    }
    const updated = await backend.query('update t set b = ? returning b', ['y'], true);
    expect(updated.rows).toStrictEqual([{ b: 'y' }]);
    expect((await backend.query('select a from t where b = ?', ['y'])).rows).toHaveLength(3);
    await backend.close();
  });

  it('says that the disk is full, loses nothing that was there, and works again', async () => {
    const backend = openSqlite({ path: join(folder, 'a.db'), log: nullLog, driver });
    const clock = new VirtualClock();
    const store = await openStore({ backend, clock, log: nullLog });
    const [{ page_count: pages } = {}] = (await backend.query('pragma page_count', [])).rows;
    await backend.query(`pragma max_page_count = ${Number(pages) + 2}`, []);
    const message = { id: 1, timestamp: 1, user: 'al', text: 'x'.repeat(50_000), replayed: false, at: 1 };
    await expect(store.inbox.accept([message])).rejects.toMatchObject({ name: 'StoreError', code: 'full' });
    expect(await store.inbox.pending()).toEqual([]);
    await backend.query('pragma max_page_count = 100000', []);
    expect((await store.inbox.accept([message]))[0]?.verdict).toBe('new');
    await store.close();
  });

  it('gives up on a file that another connection keeps locked', async () => {
    const path = join(folder, 'a.db');
    const backend = openSqlite({ path, log: nullLog, driver });
    const store = await openStore({ backend, clock: new VirtualClock(), log: nullLog });
    const other = driver.open(path);
    other.exec('begin immediate');
    await expect(store.state.save('a', 'b')).rejects.toMatchObject({ code: 'locked' });
    other.exec('rollback');
    other.close();
    await store.state.save('a', 'b');
    await store.close();
  });

  it.each([
    ['a folder that does not exist', 'missing/a.db', 'unwritable'],
    ['a path through a file', 'file/a.db', 'unwritable'],
    ['a folder', 'sub', 'unwritable'],
    ['something that is no database', 'text.db', 'corrupt'],
  ])('refuses %s', async (_what, name, code) => {
    writeFileSync(join(folder, 'file'), '');
    writeFileSync(join(folder, 'text.db'), 'no database\n'.repeat(1000));
    mkdirSync(join(folder, 'sub'));
    expect(() => openSqlite({ path: join(folder, name), log: nullLog, driver })).toThrow(
      expect.objectContaining({ name: 'StoreError', code }),
    );
  });
});

it('keeps what was stored from one opening to the next', async () => {
  const path = join(folder, 'a.db');
  const first = await open(path);
  await first.kv.set('a', 'k', 'v');
  first.journal.record({ at: 1, kind: 'room.join', room: 'r', user: 'u' });
  await first.close();
  await first.close();
  await expect(first.kv.get('a', 'k')).rejects.toMatchObject({ code: 'closed' });
  const second = await open(path);
  expect((await second.kv.get('a', 'k'))?.value).toBe('v');
  expect(await second.journal.entries()).toHaveLength(1);
  await second.close();
});

it('tightens a file that others could read, and says so', async () => {
  const path = join(folder, 'a.db');
  writeFileSync(path, '');
  chmodSync(path, 0o644);
  const log = memoryLog();
  await (await openStore({ path, clock: new VirtualClock(), log })).close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(log.at('warn')).toHaveLength(1);
});
