import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';

/** Rows kept; the oldest go first. */
export const MAX_DECISIONS = 20_000;
/** How long they are kept, in milliseconds (30 days). */
const KEEP_MS = 30 * 86_400_000;
/** Rows per INSERT. */
const ROWS_PER_INSERT = 500;

/** A decision not to do something. */
export interface DecisionRow {
  /** Short, for people to type. */
  readonly id: string;
  /** What the id was made from. */
  readonly number: number;
  /** When it was last made, milliseconds since the epoch. */
  readonly at: number;
  /** How often, within a second. */
  readonly times: number;
  /** Which part of the bot decided. */
  readonly source: string;
  /** What was not done. */
  readonly what: string;
  readonly reason: string;
  readonly user?: string;
  /** Absent in private. */
  readonly room?: string;
  /** The instance whose doing it was, or was to be. */
  readonly plugin?: string;
  /** The id of the message or run that it was about. */
  readonly about?: string;
}

export interface DecisionQuery {
  readonly id?: string;
  readonly user?: string;
  readonly room?: string;
  readonly plugin?: string;
  /** Milliseconds since the epoch, included. */
  readonly since?: number;
  /** @default 20 */
  readonly limit?: number;
}

/** The table of decisions. */
export class StoreDecisions {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** The highest number so far; 0 when there is none. */
  async lastNumber(): Promise<number> {
    const row = await this.#database.read((db) =>
      db.selectFrom('decision').select('number').orderBy('seq', 'desc').limit(1).executeTakeFirst(),
    );
    return row?.number ?? 0;
  }

  /** Durable once resolved. What is too much by then is deleted. */
  async insert(rows: readonly DecisionRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#database.write(async (tx) => {
      for (let at = 0; at < rows.length; at += ROWS_PER_INSERT)
        await insert(tx, rows.slice(at, at + ROWS_PER_INSERT));
      await tx
        .deleteFrom('decision')
        .where('seq', '<=', (eb) =>
          eb.selectFrom('decision').select(sql<number>`max(seq) - ${sql.lit(MAX_DECISIONS)}`.as('last')),
        )
        .execute();
    });
  }

  /** The newest first. */
  async find(query: DecisionQuery): Promise<readonly DecisionRow[]> {
    const rows = await this.#database.read((db) => {
      let select = db.selectFrom('decision').selectAll();
      if (query.id !== undefined) select = select.where('id', '=', query.id);
      if (query.user !== undefined) select = select.where('person', '=', storedText(query.user));
      if (query.room !== undefined) select = select.where('room', '=', storedText(query.room));
      if (query.plugin !== undefined) select = select.where('plugin', '=', query.plugin);
      if (query.since !== undefined) select = select.where('at', '>=', query.since);
      return select
        .orderBy('seq', 'desc')
        .limit(query.limit ?? 20)
        .execute();
    });
    return rows.map((row) => ({
      id: row.id,
      number: row.number,
      at: row.at,
      times: row.times,
      source: row.source,
      what: exactText(row.what),
      reason: exactText(row.reason),
      ...(row.person !== null && { user: exactText(row.person) }),
      ...(row.room !== null && { room: exactText(row.room) }),
      ...(row.plugin !== null && { plugin: row.plugin }),
      ...(row.about !== null && { about: exactText(row.about) }),
    }));
  }

  /** Deletes at most `limit` that are older than they are kept. @returns how many. */
  async prune(limit: number): Promise<number> {
    const before = this.#clock.now() - KEEP_MS;
    const result = await this.#database.write((tx) =>
      tx
        .deleteFrom('decision')
        .where('seq', 'in', (eb) =>
          eb.selectFrom('decision').select('seq').where('at', '<', before).orderBy('at').limit(limit),
        )
        .executeTakeFirst(),
    );
    return Number(result.numDeletedRows);
  }
}

async function insert(tx: Db, rows: readonly DecisionRow[]): Promise<void> {
  await tx
    .insertInto('decision')
    .values(
      rows.map(({ user, room, plugin, about, what, reason, ...plain }) => ({
        ...plain,
        what: storedText(what),
        reason: storedText(reason),
        person: user === undefined ? null : storedText(user),
        room: room === undefined ? null : storedText(room),
        plugin: plugin ?? null,
        about: about === undefined ? null : storedText(about),
      })),
    )
    .execute();
}
