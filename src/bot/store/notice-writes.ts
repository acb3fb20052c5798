import { sql } from 'kysely';
import type { Db } from './database.ts';
import { storedText } from './exact-text.ts';
import { MAX_TOGETHER } from './notice-order.ts';
import type { NewNotice } from './notice-rows.ts';

/** How long a key is remembered, in milliseconds (90 days). */
const KEY_MEMORY_MS = 90 * 86_400_000;
/** How long a text is remembered, in milliseconds (30 days). */
const TEXT_MEMORY_MS = 30 * 86_400_000;

/** How many wait, in all or at one target. @param target as it is stored */
export async function countWaiting(db: Db, target?: string): Promise<number> {
  let query = db.selectFrom('notice').select(sql<number>`count(*)`.as('n')).where('state', '=', 'waiting');
  if (target !== undefined) query = query.where('target', '=', target);
  return (await query.executeTakeFirstOrThrow()).n;
}

/** Why it is not to be told there; undefined: nothing of it is remembered. */
export async function remembered(
  tx: Db,
  { target, keyHash, textHash }: NewNotice,
  now: number,
): Promise<'repeated' | 'same-text' | undefined> {
  const hashes = [keyHash, textHash].filter((hash) => hash !== undefined);
  if (hashes.length === 0) return undefined;
  const rows = await tx
    .selectFrom('notice_told')
    .select('hash')
    .where('target', '=', storedText(target))
    .where('hash', 'in', hashes)
    .where('until', '>', now)
    .execute();
  if (rows.some(({ hash }) => hash === keyHash)) return 'repeated';
  return rows.length > 0 ? 'same-text' : undefined;
}

/** Stores a notice, and remembers it. */
export async function insertNotice(tx: Db, notice: NewNotice, now: number): Promise<void> {
  const { title, lines, link, data, keyHash, textHash } = notice;
  const target = storedText(notice.target);
  await tx
    .insertInto('notice')
    .values({
      id: notice.id,
      target,
      instance: notice.instance,
      state: 'waiting',
      parcel: null,
      bundle: storedText(notice.group),
      digest: notice.digest,
      urgent: notice.urgent ? 1 : 0,
      made_at: notice.madeAt,
      due_at: notice.dueAt ?? null,
      expires_at: notice.expiresAt,
      doc: JSON.stringify({ title, lines, link, data }),
      key_hash: keyHash ?? null,
      text_hash: textHash ?? null,
      attempts: 0,
      detail: null,
      part: 0,
      mark: null,
      changed_at: now,
    })
    .execute();
  for (const [hash, memory] of [
    [keyHash, KEY_MEMORY_MS],
    [textHash, TEXT_MEMORY_MS],
  ] as const) {
    if (hash === undefined) continue;
    const until = now + memory;
    await tx
      .insertInto('notice_told')
      .values({ target, hash, until })
      .onConflict((conflict) => conflict.columns(['target', 'hash']).doUpdateSet({ until }))
      .execute();
  }
}

/** Forgets what a feed does not show any more. @param keep so many tellings: what was told at once counts as one. */
export async function dropBeyond(tx: Db, target: string, keep: number): Promise<void> {
  const kept = tx.selectFrom('notice').where('target', '=', target).where('state', '=', 'kept');
  const old = await kept
    .select((eb) => eb.fn.coalesce('parcel', 'id').as('telling'))
    .groupBy((eb) => eb.fn.coalesce('parcel', 'id'))
    .orderBy(sql`max(seq)`, 'desc')
    .offset(keep)
    .limit(MAX_TOGETHER)
    .execute();
  if (old.length === 0) return;
  await tx
    .deleteFrom('notice')
    .where('target', '=', target)
    .where('state', '=', 'kept')
    .where(
      (eb) => eb.fn.coalesce('parcel', 'id'),
      'in',
      old.map(({ telling }) => telling),
    )
    .execute();
}

/** Deletes notices that were not told, and what is remembered of them. */
export async function forget(
  tx: Db,
  rows: readonly {
    readonly seq: number;
    readonly target: string;
    readonly key_hash: string | null;
    readonly text_hash: string | null;
  }[],
): Promise<void> {
  for (const { seq, target, key_hash: key, text_hash: text } of rows) {
    const hashes = [key, text].filter((hash) => hash !== null);
    if (hashes.length > 0)
      await tx.deleteFrom('notice_told').where('target', '=', target).where('hash', 'in', hashes).execute();
    await tx.deleteFrom('notice').where('seq', '=', seq).execute();
  }
}
