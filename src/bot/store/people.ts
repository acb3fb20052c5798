import { sql } from 'kysely';
import type { PersonalKeys } from '../../plugins/api/personal.ts';
import type { Database, Db } from './database.ts';
import { eraseNames } from './erase-names.ts';
import { exactText, storedText } from './exact-text.ts';

/** What an instance declared, by instance. */
export type Declarations = ReadonlyMap<string, readonly PersonalKeys[]>;

/** What the bot itself keeps about somebody, in numbers. */
export interface PersonRecord {
  /** Lines that they said in rooms, and when the first and the last was; milliseconds since the epoch. */
  readonly lines: { readonly count: number; readonly first?: number; readonly last?: number };
  /** When they came and went, and when private messages went to and fro. */
  readonly moves: number;
  /** Private messages that wait to be handled; after that their text is gone. */
  readonly waiting: number;
  /** Fingerprints of private messages that were handled, and of notices that were told them. */
  readonly fingerprints: number;
  /** Private lines to them that wait to be sent, and notices. */
  readonly outgoing: number;
  /** What became of private lines to them, and notices that could not be told. */
  readonly receipts: number;
  /** Decisions that concerned them. */
  readonly decisions: number;
}

/** What was erased of a {@link PersonRecord}. */
export type ErasedRecord = Pick<PersonRecord, 'moves' | 'receipts' | 'decisions'> & {
  readonly lines: number;
};

/** Lines to which nothing happens any more. */
const SETTLED = ['sent', 'seen', 'dropped', 'expired', 'unknown'];

/** Who knows what about people: declarations of plugins, and the bot's own tables. */
export class StorePeople {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Replaces what an instance declared; durable once resolved. */
  async declare(instance: string, keys: readonly PersonalKeys[]): Promise<void> {
    await this.#database.write(async (tx) => {
      await tx.deleteFrom('personal_keys').where('instance', '=', instance).execute();
      if (keys.length === 0) return;
      await tx
        .insertInto('personal_keys')
        .values(
          keys.map(({ keys: pattern, what, timer }, place) => ({
            instance,
            place,
            pattern: storedText(pattern),
            what: storedText(what),
            timer: timer ?? null,
          })),
        )
        .execute();
    });
  }

  /** Also of instances that are not loaded now. */
  async declarations(): Promise<Declarations> {
    const found = await this.#database.read((db) =>
      db.selectFrom('personal_keys').selectAll().orderBy('instance').orderBy('place').execute(),
    );
    const declared = new Map<string, PersonalKeys[]>();
    for (const { instance, pattern, what, timer } of found) {
      const list = declared.get(instance) ?? [];
      list.push({ keys: exactText(pattern), what: exactText(what), ...(timer !== null && { timer }) });
      declared.set(instance, list);
    }
    return declared;
  }

  async record(user: string): Promise<PersonRecord> {
    const person = storedText(user);
    return this.#database.read(async (db) => {
      const lines = await journal(db, person)
        .where('kind', '=', 'room.line')
        .select([rows, sql<number | null>`min(at)`.as('first'), sql<number | null>`max(at)`.as('last')])
        .executeTakeFirstOrThrow();
      const moves = await number(
        journal(db, person).where('kind', '!=', 'room.line').select(rows).executeTakeFirstOrThrow(),
      );
      const inbox = db.selectFrom('inbox').where('sender', '=', person);
      const outbox = db.selectFrom('outbox').where('kind', '=', 'private').where('target', '=', person);
      const notices = await noticesTo(db, user);
      return {
        lines: {
          count: lines.count,
          ...(lines.first !== null && { first: lines.first }),
          ...(lines.last !== null && { last: lines.last }),
        },
        moves,
        waiting: await number(inbox.where('state', '!=', 'done').select(rows).executeTakeFirstOrThrow()),
        fingerprints:
          notices.told +
          (await number(inbox.where('state', '=', 'done').select(rows).executeTakeFirstOrThrow())),
        outgoing:
          notices.waiting +
          (await number(outbox.where('state', 'not in', SETTLED).select(rows).executeTakeFirstOrThrow())),
        receipts:
          notices.dead +
          (await number(outbox.where('state', 'in', SETTLED).select(rows).executeTakeFirstOrThrow())),
        decisions: await number(
          db.selectFrom('decision').where('person', '=', person).select(rows).executeTakeFirstOrThrow(),
        ),
      };
    });
  }

  /**
   * Erases what the bot can do without, in one step. What waits to be handled or sent goes on, and fingerprints stay: else a
   * message that the server sends again would be handled again.
   */
  async erase(user: string): Promise<ErasedRecord> {
    const person = storedText(user);
    return this.#database.write(async (tx) => {
      const said = await tx
        .deleteFrom('journal')
        .where('person', '=', person)
        .where('kind', '=', 'room.line')
        .executeTakeFirst();
      const moved = await tx.deleteFrom('journal').where('person', '=', person).executeTakeFirst();
      await eraseNames(tx, user);
      const receipts = await tx
        .deleteFrom('outbox')
        .where('kind', '=', 'private')
        .where('target', '=', person)
        .where('state', 'in', SETTLED)
        .executeTakeFirst();
      const dead = await tx
        .deleteFrom('notice')
        .where('target', '=', storedText(`pm:${user}`))
        .where('state', '=', 'dead')
        .executeTakeFirst();
      const decisions = await tx.deleteFrom('decision').where('person', '=', person).executeTakeFirst();
      return {
        lines: Number(said.numDeletedRows),
        moves: Number(moved.numDeletedRows),
        receipts: Number(receipts.numDeletedRows) + Number(dead.numDeletedRows),
        decisions: Number(decisions.numDeletedRows),
      };
    });
  }
}

/** Notices that plugins address to a person; those of channels are the owner's. */
async function noticesTo(db: Db, user: string) {
  const target = storedText(`pm:${user}`);
  const of = (state: 'waiting' | 'dead') =>
    db.selectFrom('notice').where('target', '=', target).where('state', '=', state).select(rows);
  const told = db.selectFrom('notice_told').where('target', '=', target).select(rows);
  return {
    waiting: await number(of('waiting').executeTakeFirstOrThrow()),
    dead: await number(of('dead').executeTakeFirstOrThrow()),
    told: await number(told.executeTakeFirstOrThrow()),
  };
}

const journal = (db: Db, person: string) => db.selectFrom('journal').where('person', '=', person);

const rows = sql<number>`count(*)`.as('count');

const number = async (query: Promise<{ readonly count: number }>): Promise<number> => (await query).count;
