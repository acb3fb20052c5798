import type { Db } from './database.ts';
import { firstRow } from './first-row.ts';

/** What an instance occupies. */
export interface Usage {
  readonly entries: number;
  /** Keys and values as stored, in UTF-8 bytes. */
  readonly bytes: number;
}

/** Takes the instance's next version number, and with it the instance's row until the transaction ends. */
export async function nextVersion(tx: Db, instance: string): Promise<number> {
  const row = await firstRow(
    tx,
    tx
      .insertInto('kv_usage')
      .values({ instance, entries: 0, bytes: 0, last_version: 1 })
      .onConflict((conflict) =>
        conflict
          .column('instance')
          .doUpdateSet((eb) => ({ last_version: eb('kv_usage.last_version', '+', 1) })),
      )
      .returning('last_version'),
  );
  return row!.last_version;
}

/** Notes that an instance with a row occupies so much more, or less. @returns what it occupies now. */
export async function resize(tx: Db, instance: string, entries: number, bytes: number): Promise<Usage> {
  const usage = await firstRow(
    tx,
    tx
      .updateTable('kv_usage')
      .set((eb) => ({ entries: eb('entries', '+', entries), bytes: eb('bytes', '+', bytes) }))
      .where('instance', '=', instance)
      .returning(['entries', 'bytes']),
  );
  return usage!;
}

/** The version of the instance's data; 1 when nothing was ever said. */
export async function readDataVersion(db: Db, instance: string): Promise<number> {
  const row = await firstRow(
    db,
    db.selectFrom('kv_version').select('version').where('instance', '=', instance),
  );
  return row?.version ?? 1;
}

export async function writeDataVersion(tx: Db, instance: string, version: number): Promise<void> {
  await tx
    .insertInto('kv_version')
    .values({ instance, version })
    .onConflict((conflict) => conflict.column('instance').doUpdateSet({ version }))
    .execute();
}
