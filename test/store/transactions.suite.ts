import { expect, it } from 'vitest';
import { Database, type Db } from '../../src/bot/store/database.ts';
import { migrate } from '../../src/bot/store/migrate.ts';
import { migrations } from '../../src/bot/store/migrations/all.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

describeEngines('transactions', (open) => {
  const start = async (): Promise<Database> => {
    const database = new Database(await open());
    await migrate(database, migrations, { clock: new VirtualClock(), log: nullLog });
    return database;
  };
  const put = (tx: Db, name: string) =>
    tx.insertInto('state').values({ name, doc: '', changed_at: 0 }).execute();
  const names = async (database: Database) =>
    (await database.read((db) => db.selectFrom('state').select('name').orderBy('name').execute())).map(
      (row) => row.name,
    );

  it('run one after the other, in the order in which they were asked for', async () => {
    const database = await start();
    const order: string[] = [];
    const one = async (name: string) =>
      database.write(async (tx) => {
        order.push(`${name} begins`);
        await put(tx, name);
        await put(tx, `${name}2`);
        order.push(`${name} ends`);
      });
    await Promise.all([one('a'), one('b'), database.read(async () => void order.push('read')), one('c')]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'read', 'c begins', 'c ends']);
    await database.close();
  });

  it('leave nothing behind when they fail', async () => {
    const database = await start();
    const failing = database.write(async (tx) => {
      await put(tx, 'a');
      throw new TypeError('of the caller');
    });
    await expect(failing).rejects.toThrow(TypeError);
    await expect(
      database.write(async (tx) => {
        await put(tx, 'b');
        await put(tx, 'b');
      }),
    ).rejects.toMatchObject({ name: 'StoreError' });
    expect(await names(database)).toEqual([]);
    await database.close();
  });

  it('are refused and undone when they await something else, and the next one runs', async () => {
    const database = await start();
    const never = new Promise<void>(() => {});
    const stuck = database.write(async (tx) => {
      await put(tx, 'a');
      await never;
    });
    const nested = database.write(async (tx) => {
      await put(tx, 'b');
      await database.write((inner) => put(inner, 'c'));
    });
    const next = database.write((tx) => put(tx, 'd'));
    await expect(stuck).rejects.toMatchObject({ code: 'misuse' });
    await expect(nested).rejects.toMatchObject({ code: 'misuse' });
    await next;
    // The inner one of the nested pair was a transaction of its own, which nobody undid.
    expect(await names(database)).toEqual(['c', 'd']);
    await database.close();
  });

  it('do not let a late query into the next transaction', async () => {
    const database = await start();
    let late: Promise<unknown> | undefined;
    let leaked: Db | undefined;
    await database.write(async (tx) => {
      leaked = tx;
      await put(tx, 'a');
    });
    await database.write(async (tx) => {
      late = put(leaked!, 'late').catch((error: unknown) => error);
      await put(tx, 'b');
    });
    expect(await late).toBeInstanceOf(Error);
    expect(await names(database)).toEqual(['a', 'b']);
    await database.close();
  });

  it('do not let a late query of a reader through either', async () => {
    const database = await start();
    let leaked: Db | undefined;
    await database.read(async (db) => {
      leaked = db;
      await db.selectFrom('state').selectAll().execute();
    });
    await expect(put(leaked!, 'late')).rejects.toThrow();
    expect(await names(database)).toEqual([]);
    await database.close();
  });

  it('are refused after close, which waits for those before it', async () => {
    const database = await start();
    const before = database.write((tx) => put(tx, 'a'));
    const closing = database.close();
    await expect(database.write((tx) => put(tx, 'b'))).rejects.toMatchObject({ code: 'closed' });
    await before;
    await closing;
    await database.close();
  });

  it.each([true, Number.NaN, {}, new Date(0)])('never hand %s to a driver', async (value) => {
    const database = await start();
    const writing = database.write((tx) =>
      tx
        .insertInto('state')
        .values({ name: 'a', doc: '', changed_at: value as number })
        .execute(),
    );
    await expect(writing).rejects.toMatchObject({ code: 'misuse' });
    await database.close();
  });
});
