import type { Clock } from '../../platform/clock.ts';
import { placeKey } from '../../plugins/host/event-key.ts';
import type { Database, Db } from '../store/database.ts';
import { exactText, storedText } from '../store/exact-text.ts';
import { firstRow } from '../store/first-row.ts';
import type { DialogTable } from '../store/tables.ts';

/** With whom, and where; without a room in private. */
export interface Partner {
  readonly user: string;
  readonly room?: string;
}

/** A conversation that waits for its next line. */
export interface OpenDialog {
  /** Of this conversation, and of no other. */
  readonly id: string;
  readonly instance: string;
  readonly dialog: string;
  readonly partner: Partner;
  readonly step: string;
  readonly state: unknown;
  /** How often the step has failed. */
  readonly attempts: number;
  readonly onTimeout?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How long it is remembered which line ended a conversation, in milliseconds. */
const ENDED_MEMORY_MS = 86_400_000;

/** Conversations on disk: at most one per person and place. */
export class DialogStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Everything that waits. */
  async open(): Promise<readonly OpenDialog[]> {
    const rows = await this.#database.read((db) =>
      db.selectFrom('dialogs').selectAll().where('step', 'is not', null).orderBy('expires_at').execute(),
    );
    return rows.flatMap(dialogOf);
  }

  async get(partner: Partner): Promise<OpenDialog | undefined> {
    const row = await this.#database.read((db) =>
      firstRow(db, db.selectFrom('dialogs').selectAll().where('place', '=', placeOf(partner))),
    );
    return row === undefined ? undefined : dialogOf(row)[0];
  }

  /** Begins one; what was there is replaced. Durable once resolved. */
  async begin(dialog: OpenDialog, line?: string): Promise<void> {
    const { id, instance, partner, step, attempts, expiresAt } = dialog;
    const values = {
      id,
      instance,
      dialog: storedText(dialog.dialog),
      person: storedText(partner.user),
      room: partner.room === undefined ? null : storedText(partner.room),
      step: storedText(step),
      doc: docOf(dialog.state),
      attempts,
      last_line: line ?? null,
      on_timeout: dialog.onTimeout === undefined ? null : storedText(dialog.onTimeout),
      expires_at: expiresAt,
    };
    await this.#database.write(async (tx) => {
      await tx
        .insertInto('dialogs')
        .values({ place: placeOf(partner), ...values })
        .onConflict((conflict) => conflict.column('place').doUpdateSet(values))
        .execute();
    });
  }

  /**
   * Notes where it stands after a line. Durable once resolved; without effect when another one has taken its place.
   * @param line the line that led here; remembered, so that it is known when it comes again.
   */
  async advance(
    { id, partner }: OpenDialog,
    to: Pick<OpenDialog, 'step' | 'state' | 'attempts' | 'expiresAt'>,
    line: string | undefined,
  ): Promise<void> {
    await this.#update(id, partner, {
      step: storedText(to.step),
      doc: docOf(to.state),
      attempts: to.attempts,
      expires_at: to.expiresAt,
      ...(line === undefined ? {} : { last_line: line }),
    });
  }

  /**
   * Ends it.
   * @param line the private line that ended it, which is remembered for a day.
   * @returns whether it was there.
   */
  async end({ id, partner }: Pick<OpenDialog, 'id' | 'partner'>, line?: string): Promise<boolean> {
    if (line !== undefined) {
      const ended = { step: null, doc: 'null', on_timeout: null, attempts: 0, last_line: line };
      return this.#update(id, partner, { ...ended, expires_at: this.#clock.now() + ENDED_MEMORY_MS });
    }
    return this.#database.write(async (tx) => {
      const row = await firstRow(
        tx,
        tx.deleteFrom('dialogs').where('place', '=', placeOf(partner)).where('id', '=', id).returning('id'),
      );
      return row !== undefined;
    });
  }

  /** Whether this line has had its effect on the conversation there. */
  async knows(partner: Partner, line: string): Promise<boolean> {
    const row = await this.#database.read((db) =>
      firstRow(db, db.selectFrom('dialogs').select('last_line').where('place', '=', placeOf(partner))),
    );
    return row?.last_line === line;
  }

  /** How many somebody is in the middle of. */
  async countOf(user: string): Promise<number> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('dialogs')
        .select('id')
        .where('person', '=', storedText(user))
        .where('step', 'is not', null)
        .execute(),
    );
    return rows.length;
  }

  /** Deletes everything about somebody. @returns how many that were under way. */
  async forget(user: string): Promise<number> {
    const rows = await this.#database.write((tx) =>
      tx.deleteFrom('dialogs').where('person', '=', storedText(user)).returning('step').execute(),
    );
    return rows.filter(({ step }) => step !== null).length;
  }

  /** Forgets at most `limit` ended ones whose day is over. @returns how many. */
  async prune(limit: number): Promise<number> {
    const now = this.#clock.now();
    const over = (db: Db) =>
      db.selectFrom('dialogs').select('place').where('step', 'is', null).where('expires_at', '<=', now);
    const result = await this.#database.write((tx) =>
      tx.deleteFrom('dialogs').where('place', 'in', over(tx).limit(limit)).executeTakeFirst(),
    );
    return Number(result.numDeletedRows);
  }

  async #update(id: string, partner: Partner, values: Partial<DialogTable>): Promise<boolean> {
    return this.#database.write(async (tx) => {
      const row = await firstRow(
        tx,
        tx
          .updateTable('dialogs')
          .set(values)
          .where('place', '=', placeOf(partner))
          .where('id', '=', id)
          .returning('id'),
      );
      return row !== undefined;
    });
  }
}

/** As a text that both engines can keep. */
function placeOf({ user, room }: Partner): string {
  return storedText(placeKey(room, user));
}

function docOf(state: unknown): string {
  return JSON.stringify(state ?? null);
}

/** None for one that has ended. */
function dialogOf(row: DialogTable): OpenDialog[] {
  if (row.step === null) return [];
  const { id, instance, attempts, expires_at: expiresAt } = row;
  return [
    {
      id,
      instance,
      dialog: exactText(row.dialog),
      partner: {
        user: exactText(row.person),
        ...(row.room === null ? {} : { room: exactText(row.room) }),
      },
      step: exactText(row.step),
      state: JSON.parse(row.doc) as unknown,
      attempts,
      ...(row.on_timeout === null ? {} : { onTimeout: exactText(row.on_timeout) }),
      expiresAt,
    },
  ];
}
