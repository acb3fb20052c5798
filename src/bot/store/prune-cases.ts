import type { Db } from './database.ts';

/** Nothing more follows from cases in other states. */
const OPEN = ['acting', 'suggested', 'done'];

/** Under this name of `state` the highest number of a case that was deleted: none is ever given twice. */
const DELETED = 'cases-deleted-to';

/** 0 when none was deleted. */
export async function deletedTo(db: Db): Promise<number> {
  const row = await db.selectFrom('state').select('doc').where('name', '=', DELETED).executeTakeFirst();
  return row === undefined ? 0 : Number(row.doc);
}

/** Deletes at most `limit` cases from before a time that are not in force any more, with their logs. @returns how many. */
export async function pruneCases(tx: Db, before: number, now: number, limit: number): Promise<number> {
  const old = await tx
    .selectFrom('moderation_case')
    .select('id')
    .where('at', '<', before)
    .where((eb) => {
      const lasts = eb.or([eb('consequence', 'like', 'ignore%'), eb('consequence', 'like', 'remove%')]);
      const goesOn = eb.or([eb('until_at', 'is', null), eb('until_at', '>', now)]);
      const inForce = eb.and([lasts, goesOn, eb('actor', '!=', 'unknown operator')]);
      return eb.or([eb('state', 'not in', OPEN), eb.and([eb('state', '=', 'done'), eb.not(inForce)])]);
    })
    .orderBy('at')
    .limit(limit)
    .execute();
  const ids = old.map(({ id }) => id);
  if (ids.length === 0) return 0;
  const doc = String(Math.max(await deletedTo(tx), ...ids));
  await tx
    .insertInto('state')
    .values({ name: DELETED, doc, changed_at: now })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ doc, changed_at: now }))
    .execute();
  await tx.deleteFrom('case_log').where('case_id', 'in', ids).execute();
  await tx.deleteFrom('moderation_case').where('id', 'in', ids).execute();
  return ids.length;
}
