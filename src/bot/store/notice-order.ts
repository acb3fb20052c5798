import { sql } from 'kysely';
import type { Db } from './database.ts';
import { noticeOf, type StoredNotice } from './notice-rows.ts';

/** Notices that are told at once, at most. */
export const MAX_TOGETHER = 50;
/** Characters of what is told at once, unless one notice alone has more. */
const MAX_TOGETHER_SIZE = 262_144;

/** What is next at a target: notices to be told at once, or when something is due. */
export type NextNotices =
  | { readonly now: readonly [StoredNotice, ...StoredNotice[]] }
  /** `at` undefined: nothing is due at a time of its own. `held`: something waits for the end of quiet hours. */
  | { readonly at: number | undefined; readonly held: boolean };

export interface NextQuestion {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Only what is urgent may be told. */
  readonly quiet: boolean;
  /** Whether a notice may be told together with the first one. */
  readonly together: (first: StoredNotice, other: StoredNotice) => boolean;
}

/**
 * What is next at a target: what was begun comes first, then what is urgent or due, in the order in which it was stored.
 * @param of the target as it is stored
 */
export async function nextNotices(
  db: Db,
  of: string,
  { now, quiet, together }: NextQuestion,
): Promise<NextNotices> {
  const begun = await waiting(db, of)
    .where('parcel', 'is not', null)
    // Another attempt makes as much noise as the first.
    .$if(quiet, (query) => query.where('urgent', '=', 1))
    .limit(1)
    .executeTakeFirst();
  if (begun !== undefined) {
    const rows = await waiting(db, of).where('parcel', '=', begun.parcel).execute();
    return { now: asFirst(rows.map(noticeOf)) };
  }
  const [first] = await waiting(db, of)
    .where((eb) => {
      const due = eb.or([eb('due_at', 'is', null), eb('due_at', '<=', now)]);
      return quiet ? eb('urgent', '=', 1) : eb.or([eb('urgent', '=', 1), due]);
    })
    .limit(1)
    .execute();
  if (first === undefined) return later(db, of, now);
  const head = noticeOf(first);
  if (head.urgent) return { now: [head] };
  const rest = await waiting(db, of)
    .where('bundle', '=', first.bundle)
    .where('urgent', '=', 0)
    .where('seq', '>', first.seq)
    .where((eb) => eb.or([eb('due_at', 'is', null), eb('due_at', '<=', now)]))
    .limit(MAX_TOGETHER * 4)
    .execute();
  return { now: [head, ...fitting(head, rest.map(noticeOf), together)] };
}

/** What waits at a target, in order. */
export function waiting(db: Db, target: string) {
  return db
    .selectFrom('notice')
    .selectAll()
    .where('target', '=', target)
    .where('state', '=', 'waiting')
    .orderBy('seq');
}

async function later(db: Db, target: string, now: number): Promise<NextNotices> {
  const row = await db
    .selectFrom('notice')
    .select([
      sql<number | null>`min(case when due_at > ${sql.lit(now)} then due_at end)`.as('at'),
      sql<number>`count(*)`.as('n'),
      sql<number>`count(case when due_at > ${sql.lit(now)} then 1 end)`.as('coming'),
    ])
    .where('target', '=', target)
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  return { at: row.at ?? undefined, held: row.n > row.coming };
}

/** As many as may be told together with the first, and fit. */
function fitting(
  head: StoredNotice,
  rest: readonly StoredNotice[],
  together: NextQuestion['together'],
): readonly StoredNotice[] {
  const taken: StoredNotice[] = [];
  let size = sizeOf(head);
  for (const notice of rest) {
    if (taken.length + 1 >= MAX_TOGETHER) break;
    if (!together(head, notice)) continue;
    size += sizeOf(notice);
    if (size > MAX_TOGETHER_SIZE) break;
    taken.push(notice);
  }
  return taken;
}

function sizeOf({ title, lines, data }: StoredNotice): number {
  const text = lines.reduce((sum, line) => sum + line.length, title.length);
  return text + (data === undefined ? 0 : (JSON.stringify(data)?.length ?? 0));
}

function asFirst(notices: readonly StoredNotice[]): readonly [StoredNotice, ...StoredNotice[]] {
  return notices as readonly [StoredNotice, ...StoredNotice[]];
}
