import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { Case, CaseQuery, CaseState } from '../../plugins/api/cases.ts';
import { type CaseChange, caseOf, logRow, type NewCase, type NewLogEntry, rowOf } from './case-rows.ts';
import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { deletedTo, pruneCases } from './prune-cases.ts';

const DEFAULT_KEEP_MS = 365 * 86_400_000;
const MAX_LISTED = 500;

/** A case without its log and lines, as much as decisions need of it. */
export interface CaseGist {
  readonly id: number;
  readonly at: number;
  readonly rule?: string;
  readonly points: number;
  readonly mode: Case['mode'];
  /** Pardoned, or staff said no: its points do not count. */
  readonly void: boolean;
  /** The ceiling of what was to follow. */
  readonly atMost?: string;
}

/** How a rule has fared. */
export interface RuleRecord {
  readonly rule: string;
  readonly room: string;
  readonly cases: number;
  /** Successful appeals. */
  readonly overturned: number;
}

/** Cases and what happened to them. Every change is one transaction together with its line in the log. */
export class CaseBook {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #keepMs: number;

  constructor(database: Database, clock: Clock, keepMs = DEFAULT_KEEP_MS) {
    this.#database = database;
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  /** The highest id so far, of cases that were deleted too; 0 when there was none. */
  async lastId(): Promise<number> {
    return this.#database.read(async (db) => {
      const row = await db
        .selectFrom('moderation_case')
        .select('id')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return Math.max(row?.id ?? 0, await deletedTo(db));
    });
  }

  /** Durable once resolved. */
  async insert(of: NewCase, log: readonly NewLogEntry[]): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx.insertInto('moderation_case').values(rowOf(of)).execute();
      if (log.length > 0)
        await tx
          .insertInto('case_log')
          .values(log.map((entry) => logRow(of.id, entry)))
          .execute();
    });
  }

  /**
   * Adds to the log, and notes what it means.
   * @param when the case must be in one of these states, else nothing happens.
   * @returns whether it happened.
   */
  async change(
    id: number,
    change: CaseChange,
    entry: NewLogEntry,
    when?: readonly CaseState[],
  ): Promise<boolean> {
    return this.#database.write(async (tx) => {
      let update = tx
        .updateTable('moderation_case')
        .set({
          changed_at: entry.at,
          ...(change.state !== undefined && { state: change.state }),
          ...(change.until !== undefined && { until_at: change.until }),
          ...(change.void !== undefined && { void: change.void ? 1 : 0 }),
          ...(change.toTakeBack !== undefined && { to_take_back: change.toTakeBack ? 1 : 0 }),
          ...(change.appeal !== undefined && { appeal_state: change.appeal.state }),
          ...(change.appeal?.text !== undefined && {
            appeal_at: entry.at,
            appeal_text: storedText(change.appeal.text),
          }),
        })
        .where('id', '=', id);
      if (when !== undefined) update = update.where('state', 'in', when);
      const { numUpdatedRows } = await update.executeTakeFirst();
      if (Number(numUpdatedRows) === 0) return false;
      await tx.insertInto('case_log').values(logRow(id, entry)).execute();
      return true;
    });
  }

  async get(id: number): Promise<Case | undefined> {
    return (await this.#find((query) => query.where('id', '=', id), 1))[0];
  }

  /** The latest first. */
  list(query: CaseQuery = {}): Promise<readonly Case[]> {
    const limit = Math.min(query.limit ?? 50, MAX_LISTED);
    return this.#find((select) => {
      let found = select;
      if (query.room !== undefined) found = found.where('room', '=', storedText(query.room));
      if (query.user !== undefined) found = found.where('person', '=', storedText(query.user));
      if (query.rule !== undefined) found = found.where('rule', '=', query.rule);
      if (query.state !== undefined) found = found.where('state', 'in', query.state);
      if (query.since !== undefined) found = found.where('at', '>=', query.since);
      if (query.appeal !== undefined) found = found.where('appeal_state', '=', query.appeal);
      if (query.before !== undefined) found = found.where('id', '<', query.before);
      return found;
    }, limit);
  }

  /** Everything in one of these states, the oldest first. */
  async inState(...states: readonly CaseState[]): Promise<readonly Case[]> {
    const found = await this.#find((select) => select.where('state', 'in', states), 1_000_000);
    return found.toReversed();
  }

  /** What was undone or pardoned, and of which it is not written down that its effect is taken back. */
  async toTakeBack(): Promise<readonly Case[]> {
    const found = await this.#find(
      (select) => select.where('state', 'in', ['undone', 'pardoned']).where('to_take_back', '=', 1),
      1_000_000,
    );
    return found.toReversed();
  }

  /** Whose commands do not run at that time. */
  async ignored(
    now: number,
  ): Promise<readonly { readonly id: number; readonly user: string; readonly until?: number }[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('moderation_case')
        .select(['id', 'person', 'until_at'])
        .where('state', '=', 'done')
        .where('consequence', 'like', 'ignore%')
        .where((eb) => eb.or([eb('until_at', 'is', null), eb('until_at', '>', now)]))
        .execute(),
    );
    return rows.map(({ id, person, until_at }) => ({
      id,
      user: exactText(person),
      ...(until_at !== null && { until: until_at }),
    }));
  }

  /** What the bot did since then, or has begun: when that was, which of a suggestion is when staff said yes. */
  async deeds(since: number): Promise<readonly Pick<Case, 'consequence' | 'at'>[]> {
    return this.#database.read((db) =>
      db
        .selectFrom('moderation_case as of')
        .leftJoin('case_log as yes', (join) =>
          join.onRef('yes.case_id', '=', 'of.id').on('yes.what', '=', 'approved'),
        )
        .select((eb) => ['of.consequence', eb.fn.coalesce('yes.at', 'of.at').as('at')])
        // Acted upon: whatever was approved since then changed since then.
        .where('of.changed_at', '>', since)
        .where((eb) => eb(eb.fn.coalesce('yes.at', 'of.at'), '>', since))
        .where('of.state', 'in', ['acting', 'done', 'undone', 'pardoned'])
        .where('of.actor', '!=', 'unknown operator')
        .orderBy('of.id')
        .execute(),
    );
  }

  /** What somebody's account in a room is made of, the oldest first. */
  async gists(user: string, room: string): Promise<readonly CaseGist[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('moderation_case')
        .select(['id', 'at', 'rule', 'points', 'mode', 'void', 'at_most'])
        .where('person', '=', storedText(user))
        .where('room', '=', storedText(room))
        .orderBy('id')
        .execute(),
    );
    return rows.map(({ id, at, rule, points, mode, void: isVoid, at_most }) => ({
      id,
      at,
      ...(rule !== null && { rule }),
      points,
      mode,
      void: isVoid === 1,
      ...(at_most !== null && { atMost: at_most }),
    }));
  }

  /** Rooms in which somebody has cases. */
  async roomsOf(user: string): Promise<readonly string[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('moderation_case')
        .select('room')
        .distinct()
        .where('person', '=', storedText(user))
        .orderBy('room')
        .execute(),
    );
    return rows.map(({ room }) => exactText(room));
  }

  /** How rules have fared, by rule and room. */
  async records(room?: string): Promise<readonly RuleRecord[]> {
    const rows = await this.#database.read((db) => {
      let select = db
        .selectFrom('moderation_case')
        .select([
          'rule',
          'room',
          sql<number>`count(*)`.as('cases'),
          sql<number>`coalesce(sum(case when appeal_state = 'granted' then 1 else 0 end), 0)`.as(
            'overturned',
          ),
        ])
        .where('rule', 'is not', null)
        .groupBy(['rule', 'room']);
      if (room !== undefined) select = select.where('room', '=', storedText(room));
      return select.execute();
    });
    return rows.map((row) => ({
      rule: row.rule ?? '',
      room: exactText(row.room),
      cases: row.cases,
      overturned: row.overturned,
    }));
  }

  /** Of the last cases of a rule that had or were to have an effect: how many were overturned. */
  async overturned(
    rule: string,
    version: string,
    options: { readonly last: number; readonly since: number },
  ): Promise<number> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('moderation_case')
        .select('appeal_state')
        .where('rule', '=', rule)
        .where('rule_version', '=', storedText(version))
        .where('mode', '!=', 'shadow')
        .where('at', '>=', options.since)
        .orderBy('id', 'desc')
        .limit(options.last)
        .execute(),
    );
    return rows.filter((row) => row.appeal_state === 'granted').length;
  }

  /** What became of the lines that were queued under this origin: at a restart, whether somebody was told. */
  async wasQueued(origin: string): Promise<boolean> {
    const row = await this.#database.read((db) =>
      db.selectFrom('outbox').select('id').where('origin', '=', origin).limit(1).executeTakeFirst(),
    );
    return row !== undefined;
  }

  /** For `!mydata`: cases about somebody. */
  async countOf(user: string): Promise<number> {
    const row = await this.#database.read((db) =>
      db
        .selectFrom('moderation_case')
        .select(sql<number>`count(*)`.as('count'))
        .where('person', '=', storedText(user))
        .executeTakeFirstOrThrow(),
    );
    return row.count;
  }

  /**
   * Deletes at most `limit` cases that are older than they are kept and not in force any more, with their logs. @returns how
   * many.
   */
  async prune(limit: number): Promise<number> {
    const now = this.#clock.now();
    return this.#database.write((tx) => pruneCases(tx, now - this.#keepMs, now, limit));
  }

  async #find(
    narrow: (select: ReturnType<typeof selectCases>) => ReturnType<typeof selectCases>,
    limit: number,
  ): Promise<Case[]> {
    return this.#database.read(async (db) => {
      const rows = await narrow(selectCases(db)).orderBy('id', 'desc').limit(limit).execute();
      const ids = rows.map(({ id }) => id);
      const found: Case[] = [];
      // In steps: a query takes so many parameters at most.
      for (let from = 0; from < ids.length; from += 1000) {
        const step = ids.slice(from, from + 1000);
        const log = await db
          .selectFrom('case_log')
          .selectAll()
          .where('case_id', 'in', step)
          .orderBy('seq')
          .execute();
        const byCase = new Map<number, typeof log>(step.map((id) => [id, []]));
        for (const entry of log) byCase.get(entry.case_id)?.push(entry);
        found.push(...rows.slice(from, from + 1000).map((row) => caseOf(row, byCase.get(row.id) ?? [])));
      }
      return found;
    });
  }
}

const selectCases = (db: Db) => db.selectFrom('moderation_case').selectAll();
