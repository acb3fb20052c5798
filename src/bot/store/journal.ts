import { type Selectable, sql } from 'kysely';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Database, Db } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import type { JournalTable } from './tables.ts';

/** Entries wait this long for others to share their write, in milliseconds. A crash loses what waits. */
const FLUSH_AFTER_MS = 1000;
/** Or until so many wait. */
const FLUSH_AT = 500;
/** While the disk refuses, the newest so many are kept. */
const MAX_WAITING = 20_000;
/** Rows that are read at once. */
const PAGE = 1000;
/** Rows per INSERT; SQLite allows 32,766 parameters. */
const ROWS_PER_INSERT = 500;

/**
 * What is written down. `private.*` are metadata: they never carry text. `online` and `offline` bound the time in
 * which the journal saw everything.
 */
export type JournalKind =
  | 'room.line'
  | 'room.join'
  | 'room.leave'
  | 'room.member'
  | 'room.operator'
  | 'room.entered'
  | 'room.exited'
  | 'private.in'
  | 'private.out'
  | 'online'
  | 'offline';

export interface JournalEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: JournalKind;
  readonly room?: string;
  readonly user?: string;
  /** Room lines only; ignored for private ones. */
  readonly text?: string;
  /** Plain data. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface JournalQuery {
  readonly kinds?: readonly JournalKind[];
  readonly room?: string;
  readonly user?: string;
  /** Milliseconds since the epoch, included. */
  readonly since?: number;
  /** Milliseconds since the epoch, excluded. */
  readonly until?: number;
  /** @default 1000 */
  readonly limit?: number;
  /** The newest first instead of the oldest. @default false */
  readonly newestFirst?: boolean;
}

/** A time in which things may have happened that the journal does not know. */
export interface JournalGap {
  readonly from: number;
  /** Absent: until now. */
  readonly to?: number;
  readonly reason: string;
}

/** What happened in the rooms and around them, in order, and when nobody was there to see it. */
export class Journal {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #keepMs: number;
  #waiting: JournalEntry[] = [];
  #timer: Timer | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #lost = 0;
  #failing = false;

  /** @param options.keepMs how long entries are kept, in milliseconds. */
  constructor(
    database: Database,
    options: { readonly clock: Clock; readonly log: Log; readonly keepMs: number },
  ) {
    this.#database = database;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#keepMs = options.keepMs;
  }

  /** Writes down one entry within a second. Never throws; while the disk refuses, the oldest waiting ones are lost. */
  record(entry: JournalEntry): void {
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
      this.#lost++;
    }
    if (this.#waiting.length === FLUSH_AT) void this.flush().catch(() => {});
    else this.#timer ??= this.#clock.setTimeout(() => void this.flush().catch(() => {}), FLUSH_AFTER_MS);
  }

  /** The bot is logged in: from here on the journal sees what happens. */
  online(at: number): void {
    this.record({ at, kind: 'online' });
  }

  /** The bot is not logged in any more. */
  offline(at: number, reason: string): void {
    this.record({ at, kind: 'offline', detail: { reason } });
  }

  /** Writes everything recorded so far; durable once resolved. @throws StoreError as rejection; the entries wait on. */
  flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const turn = this.#flushing.then(() => this.#flush());
    this.#flushing = turn.catch(() => {});
    return turn;
  }

  /** What was written down, what still waits included as far as the disk takes it. */
  async entries(query: JournalQuery = {}): Promise<readonly JournalEntry[]> {
    await this.flush().catch(() => {});
    const rows = await this.#database.read((db) =>
      matching(db, query)
        .orderBy('seq', query.newestFirst === true ? 'desc' : 'asc')
        .limit(query.limit ?? 1000)
        .execute(),
    );
    return rows.map((row) => entryOf(row));
  }

  /** The same without a limit, the oldest first and a page at a time; what is written meanwhile may come too. */
  async *each(query: Omit<JournalQuery, 'limit' | 'newestFirst'>): AsyncGenerator<JournalEntry> {
    await this.flush().catch(() => {});
    let after = -1;
    for (;;) {
      const rows = await this.#database.read((db) =>
        matching(db, query).where('seq', '>', after).orderBy('seq').limit(PAGE).execute(),
      );
      yield* rows.map((row) => entryOf(row));
      if (rows.length < PAGE) return;
      after = rows.at(-1)?.seq ?? after;
    }
  }

  /** Everybody who spoke in a room or came in before a time: how many lines there are of them, and when they were first seen. */
  async acquaintances(
    room: string,
    until: number,
  ): Promise<readonly { readonly user: string; readonly lines: number; readonly first: number }[]> {
    await this.flush().catch(() => {});
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('journal')
        .select([
          'person',
          sql<number>`sum(case when kind = 'room.line' then 1 else 0 end)`.as('lines'),
          sql<number>`min(at)`.as('first'),
        ])
        .where('room', '=', storedText(room))
        .where('kind', 'in', ['room.line', 'room.join'])
        .where('at', '<', until)
        .groupBy('person')
        .execute(),
    );
    return rows.flatMap(({ person, lines, first }) =>
      person === null ? [] : [{ user: exactText(person), lines, first }],
    );
  }

  /** Times within `since` and now in which the bot was not logged in, oldest first. */
  async gaps(since: number): Promise<readonly JournalGap[]> {
    const marks = await this.entries({ kinds: ['online', 'offline'], limit: 1_000_000 });
    const gaps: JournalGap[] = [];
    let open: JournalEntry | undefined;
    for (const mark of marks) {
      if (mark.kind === 'offline') open ??= mark;
      else if (open !== undefined) {
        gaps.push({ from: open.at, to: mark.at, reason: reasonOf(open) });
        open = undefined;
      }
    }
    if (open !== undefined) gaps.push({ from: open.at, reason: reasonOf(open) });
    return gaps.filter((gap) => gap.to === undefined || gap.to > since);
  }

  /**
   * To be called once at start: if the last run never said that it went offline, it ended without warning, and the
   * gap begins at the last thing that it wrote down.
   */
  async closeLastRun(): Promise<void> {
    await this.#database.write(async (tx) => {
      const mark = await tx
        .selectFrom('journal')
        .select('kind')
        .where('kind', 'in', ['online', 'offline'])
        .orderBy('seq', 'desc')
        .executeTakeFirst();
      if (mark?.kind !== 'online') return;
      const last = await tx
        .selectFrom('journal')
        .select('at')
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      await insert(tx, [
        { at: last.at, kind: 'offline', detail: { reason: 'the bot ended without warning' } },
      ]);
    });
  }

  /** Deletes at most `limit` entries older than they are kept. @returns how many. */
  async prune(limit: number): Promise<number> {
    const before = this.#clock.now() - this.#keepMs;
    const result = await this.#database.write((tx) =>
      tx
        .deleteFrom('journal')
        .where('seq', 'in', (eb) =>
          eb.selectFrom('journal').select('seq').where('at', '<', before).orderBy('at').limit(limit),
        )
        .executeTakeFirst(),
    );
    return Number(result.numDeletedRows);
  }

  async #flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      await this.#database.write(async (tx) => {
        for (let at = 0; at < batch.length; at += ROWS_PER_INSERT) {
          await insert(tx, batch.slice(at, at + ROWS_PER_INSERT));
        }
      });
    } catch (error) {
      this.#keep(batch);
      if (!this.#failing) this.#log.error('The journal cannot be written', { error });
      this.#failing = true;
      throw error;
    }
    if (this.#failing) this.#log.info('The journal is written again', { lost: this.#lost });
    this.#failing = false;
    this.#lost = 0;
  }

  #keep(batch: readonly JournalEntry[]): void {
    const all = [...batch, ...this.#waiting];
    this.#waiting = all.slice(-MAX_WAITING);
    this.#lost += all.length - this.#waiting.length;
    this.#timer ??= this.#clock.setTimeout(() => void this.flush().catch(() => {}), FLUSH_AFTER_MS);
  }
}

function matching(db: Db, query: JournalQuery) {
  let select = db.selectFrom('journal').selectAll();
  if (query.kinds !== undefined) select = select.where('kind', 'in', query.kinds);
  if (query.room !== undefined) select = select.where('room', '=', storedText(query.room));
  if (query.user !== undefined) select = select.where('person', '=', storedText(query.user));
  if (query.since !== undefined) select = select.where('at', '>=', query.since);
  if (query.until !== undefined) select = select.where('at', '<', query.until);
  return select;
}

function entryOf(row: Selectable<JournalTable>): JournalEntry {
  return {
    at: row.at,
    kind: row.kind as JournalKind,
    ...(row.room !== null && { room: exactText(row.room) }),
    ...(row.person !== null && { user: exactText(row.person) }),
    ...(row.body !== null && { text: exactText(row.body) }),
    ...(row.detail !== null && { detail: JSON.parse(row.detail) as Readonly<Record<string, unknown>> }),
  };
}

async function insert(tx: Db, entries: readonly JournalEntry[]): Promise<void> {
  await tx
    .insertInto('journal')
    .values(
      entries.map(({ at, kind, room, user, text, detail }) => ({
        at,
        kind,
        room: room === undefined ? null : storedText(room),
        person: user === undefined ? null : storedText(user),
        body: text === undefined || kind.startsWith('private.') ? null : storedText(text),
        detail: detail === undefined ? null : JSON.stringify(detail),
      })),
    )
    .execute();
}

function reasonOf(mark: JournalEntry): string {
  const reason = mark.detail?.['reason'];
  return typeof reason === 'string' ? reason : 'unknown';
}
