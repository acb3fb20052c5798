import type { LinePriority, LineState, Outbox, OutboxLine } from '../../network/ports.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from './database.ts';
import { exactText, storedText } from './exact-text.ts';
import { StoreError } from './store-error.ts';

/** How long the fate of a line can be asked for, in milliseconds (7 days). */
export const OUTBOX_MEMORY_MS = 7 * 86_400_000;

/** Nothing more happens to a line in these states, except `sent` becoming `seen`. */
const SETTLED: readonly LineState[] = ['sent', 'seen', 'dropped', 'expired', 'unknown'];

/** What became of a line. */
export interface LineRecord {
  readonly state: LineState;
  readonly detail?: string;
  /** When it reached this state, milliseconds since the epoch. */
  readonly at: number;
}

/** Lines on their way out: on disk before anybody is told that they are queued, and never sent twice. */
export class StoreOutbox implements Outbox {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async append(line: OutboxLine): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx
        .insertInto('outbox')
        .values({
          id: line.id,
          kind: line.kind,
          target: storedText(line.to),
          body: storedText(line.text),
          priority: line.priority,
          queued_at: line.queuedAt,
          expires_at: line.expiresAt ?? null,
          origin: line.origin,
          state: 'queued',
          detail: null,
          changed_at: this.#clock.now(),
        })
        .execute();
    });
  }

  /**
   * Every state is durable once resolved. The text of a private line is erased when the line is settled.
   * @throws StoreError `misuse` when no such line was appended.
   */
  async mark(id: string, state: LineState, detail?: string): Promise<void> {
    await this.#database.write(async (tx) => {
      const row = await tx
        .updateTable('outbox')
        .set((eb) => ({
          state,
          detail: detail === undefined ? null : storedText(detail),
          changed_at: this.#clock.now(),
          ...(SETTLED.includes(state) && {
            body: eb.case().when('kind', '=', 'private').then(null).else(eb.ref('body')).end(),
          }),
        }))
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      if (row === undefined) throw new StoreError('misuse', `No line ${id} was queued`);
    });
  }

  async recover(): Promise<readonly OutboxLine[]> {
    const rows = await this.#database.write(async (tx) => {
      await tx
        .updateTable('outbox')
        .set((eb) => ({
          state: 'unknown',
          detail: 'the process ended while the line was being sent',
          body: eb.case().when('kind', '=', 'private').then(null).else(eb.ref('body')).end(),
          changed_at: this.#clock.now(),
        }))
        .where('state', '=', 'sending')
        .execute();
      return tx.selectFrom('outbox').selectAll().where('state', '=', 'queued').orderBy('seq').execute();
    });
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind as OutboxLine['kind'],
      to: exactText(row.target),
      text: exactText(row.body ?? ''),
      priority: row.priority as LinePriority,
      queuedAt: row.queued_at,
      ...(row.expires_at !== null && { expiresAt: row.expires_at }),
      origin: row.origin,
    }));
  }

  /** What became of a line; undefined for one that never was, or settled more than {@link OUTBOX_MEMORY_MS} ago. */
  async get(id: string): Promise<LineRecord | undefined> {
    const row = await this.#database.read((db) =>
      db
        .selectFrom('outbox')
        .select(['state', 'detail', 'changed_at'])
        .where('id', '=', id)
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    return {
      state: row.state as LineState,
      ...(row.detail !== null && { detail: exactText(row.detail) }),
      at: row.changed_at,
    };
  }

  /** Forgets at most `limit` lines settled more than {@link OUTBOX_MEMORY_MS} ago. @returns how many. */
  async prune(limit: number): Promise<number> {
    const before = this.#clock.now() - OUTBOX_MEMORY_MS;
    const result = await this.#database.write((tx) =>
      tx
        .deleteFrom('outbox')
        .where('seq', 'in', (eb) =>
          eb
            .selectFrom('outbox')
            .select('seq')
            .where('state', 'in', SETTLED)
            .where('changed_at', '<', before)
            .limit(limit),
        )
        .executeTakeFirst(),
    );
    return Number(result.numDeletedRows);
  }
}
