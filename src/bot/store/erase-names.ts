import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Lists of names in what the journal knows of a room that was entered. */
const LISTS = ['operators', 'members'] as const;

/** Takes somebody out of the lists of members that the journal has; who owns a room stays. @returns how many entries changed. */
export async function eraseNames(tx: Db, user: string): Promise<number> {
  const pattern = `%${JSON.stringify(user).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const rows = await tx
    .selectFrom('journal')
    .select(['seq', 'detail'])
    .where('kind', '=', 'room.entered')
    .where(sql<boolean>`detail like ${pattern} escape '\\'`)
    .execute();
  let changed = 0;
  for (const { seq, detail } of rows) {
    const doc = JSON.parse(detail ?? '{}') as Record<string, unknown>;
    let found = false;
    for (const list of LISTS) {
      const names = doc[list];
      if (!Array.isArray(names) || !names.includes(user)) continue;
      doc[list] = names.filter((name) => name !== user);
      found = true;
    }
    if (!found) continue;
    await tx
      .updateTable('journal')
      .set({ detail: JSON.stringify(doc) })
      .where('seq', '=', seq)
      .execute();
    changed += 1;
  }
  return changed;
}
