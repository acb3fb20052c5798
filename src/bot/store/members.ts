import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Db } from './database.ts';
import { storedText } from './exact-text.ts';
import {
  applicantOf,
  applicantRow,
  banOf,
  banRow,
  invitationOf,
  invitationRow,
  logOf,
  logRow,
  type MemberLogEntry,
  NOTHING_SAID,
  type StoredApplicant,
  type StoredBan,
  type StoredInvitation,
  type StoredSnapshot,
  snapshotOf,
  snapshotRow,
} from './members-rows.ts';

const DAY_MS = 86_400_000;
/** Settled invitations can be seen so long. */
export const SETTLED_KEEP_MS = 7 * DAY_MS;
/** Applications nobody has touched for so long are deleted. */
const APPLICANT_KEEP_MS = 180 * DAY_MS;
/** Refused ones stay longer than the longest time after which one may apply again. */
const REFUSED_KEEP_MS = 366 * DAY_MS;
/** Who changed what is kept so long, unless told otherwise. */
const LOG_KEEP_MS = 365 * DAY_MS;

/** Everything that one step changes, written as a whole. */
export interface MemberChange {
  readonly invitations?: readonly StoredInvitation[];
  readonly bans?: readonly StoredBan[];
  /** Bans that are no more. */
  readonly lifted?: readonly { readonly room: string; readonly user: string }[];
  readonly applicants?: readonly StoredApplicant[];
  readonly log?: readonly MemberLogEntry[];
}

/** What is kept about one person. */
export interface MemberRecord {
  readonly invitations: readonly StoredInvitation[];
  readonly bans: readonly StoredBan[];
  readonly applications: readonly StoredApplicant[];
  /** Notes in the log of changes. */
  readonly changes: number;
}

/** The tables of membership. */
export class StoreMembers {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #logKeepMs: number;

  constructor(database: Database, clock: Clock, logKeepMs = LOG_KEEP_MS) {
    this.#database = database;
    this.#clock = clock;
    this.#logKeepMs = logKeepMs;
  }

  /** Durable once resolved, without any effect when it rejects. */
  async commit(change: MemberChange): Promise<void> {
    const { invitations = [], bans = [], lifted = [], applicants = [], log = [] } = change;
    await this.#database.write(async (tx) => {
      for (const row of invitations.map(invitationRow))
        await tx
          .insertInto('member_invitation')
          .values(row)
          .onConflict((conflict) => conflict.columns(['room', 'person']).doUpdateSet(row))
          .execute();
      for (const { room, user } of lifted)
        await tx
          .deleteFrom('member_ban')
          .where('room', '=', storedText(room))
          .where('person', '=', storedText(user))
          .execute();
      for (const row of bans.map(banRow))
        await tx
          .insertInto('member_ban')
          .values(row)
          .onConflict((conflict) => conflict.columns(['room', 'person']).doUpdateSet(row))
          .execute();
      for (const row of applicants.map(applicantRow))
        await tx
          .insertInto('member_applicant')
          .values(row)
          .onConflict((conflict) => conflict.columns(['room', 'person']).doUpdateSet(row))
          .execute();
      for (const row of log.map(logRow)) await tx.insertInto('member_log').values(row).execute();
    });
  }

  /** Invitations that are open, or of whose end nobody has been told; the oldest first. */
  async open(): Promise<readonly StoredInvitation[]> {
    const rows = await this.#database.read((db) =>
      db
        .selectFrom('member_invitation')
        .selectAll()
        .where((eb) => eb.or([eb('settled_at', 'is', null), eb('owes', '=', 1)]))
        .orderBy('at')
        .execute(),
    );
    return rows.map(invitationOf);
  }

  /** Settled within {@link SETTLED_KEEP_MS}, the latest first. */
  async settled(room: string | undefined): Promise<readonly StoredInvitation[]> {
    const since = this.#clock.now() - SETTLED_KEEP_MS;
    const rows = await this.#database.read((db) => {
      let query = db.selectFrom('member_invitation').selectAll().where('settled_at', '>=', since);
      if (room !== undefined) query = query.where('room', '=', storedText(room));
      return query.orderBy('settled_at', 'desc').execute();
    });
    return rows.map(invitationOf);
  }

  async bans(): Promise<readonly StoredBan[]> {
    const rows = await this.#database.read((db) =>
      db.selectFrom('member_ban').selectAll().orderBy('at').execute(),
    );
    return rows.map(banOf);
  }

  /** @param keep so many automatic ones of this room stay, and as many others. @returns its id. */
  async addSnapshot(snapshot: Omit<StoredSnapshot, 'id'>, keep: number): Promise<number> {
    return this.#database.write(async (tx) => {
      const { seq } = await tx
        .insertInto('member_snapshot')
        .values(snapshotRow(snapshot))
        .returning('seq')
        .executeTakeFirstOrThrow();
      const kept = await snapshotsOf(tx, snapshot.room)
        .select('seq')
        .where('automatic', '=', snapshot.automatic ? 1 : 0)
        .orderBy('seq', 'desc')
        .limit(keep)
        .execute();
      await tx
        .deleteFrom('member_snapshot')
        .where('room', '=', storedText(snapshot.room))
        .where('automatic', '=', snapshot.automatic ? 1 : 0)
        .where('seq', '<', kept.at(-1)?.seq ?? seq)
        .execute();
      return seq;
    });
  }

  /** The latest first. */
  async snapshots(room: string): Promise<readonly StoredSnapshot[]> {
    const rows = await this.#database.read((db) =>
      snapshotsOf(db, room).selectAll().orderBy('seq', 'desc').execute(),
    );
    return rows.map(snapshotOf);
  }

  /** @param id absent: the latest. */
  async snapshot(room: string, id: number | undefined): Promise<StoredSnapshot | undefined> {
    const row = await this.#database.read((db) => {
      const query = snapshotsOf(db, room).selectAll().orderBy('seq', 'desc').limit(1);
      return (id === undefined ? query : query.where('seq', '=', id)).executeTakeFirst();
    });
    return row && snapshotOf(row);
  }

  async applicants(room: string | undefined): Promise<readonly StoredApplicant[]> {
    const rows = await this.#database.read((db) => {
      const query = db.selectFrom('member_applicant').selectAll().orderBy('at').orderBy('person');
      return (room === undefined ? query : query.where('room', '=', storedText(room))).execute();
    });
    return rows.map(applicantOf);
  }

  async applicant(room: string, user: string): Promise<StoredApplicant | undefined> {
    const row = await this.#database.read((db) =>
      db
        .selectFrom('member_applicant')
        .selectAll()
        .where('room', '=', storedText(room))
        .where('person', '=', storedText(user))
        .executeTakeFirst(),
    );
    return row && applicantOf(row);
  }

  /** Who changed what, the latest first. */
  async log(room: string, user: string | undefined, limit: number): Promise<readonly MemberLogEntry[]> {
    const rows = await this.#database.read((db) => {
      let query = db.selectFrom('member_log').selectAll().where('room', '=', storedText(room));
      if (user !== undefined) query = query.where('person', '=', storedText(user));
      return query.orderBy('seq', 'desc').limit(limit).execute();
    });
    return rows.map(logOf);
  }

  /** Everything about one person, but for snapshots. */
  async record(user: string): Promise<MemberRecord> {
    const person = storedText(user);
    return this.#database.read(async (db) => {
      const { changes } = await db
        .selectFrom('member_log')
        .select(sql<number>`count(*)`.as('changes'))
        .where('person', '=', person)
        .executeTakeFirstOrThrow();
      const invitations = await db
        .selectFrom('member_invitation')
        .selectAll()
        .where('person', '=', person)
        .execute();
      const bans = await db.selectFrom('member_ban').selectAll().where('person', '=', person).execute();
      const applied = await db
        .selectFrom('member_applicant')
        .selectAll()
        .where('person', '=', person)
        .execute();
      return {
        invitations: invitations.map(invitationOf),
        bans: bans.map(banOf),
        applications: applied.map(applicantOf),
        changes,
      };
    });
  }

  /**
   * Erases what can be done without: applications, and invitations that are settled. Of a refused application that it was
   * refused stays. Bans, and the log of who changed what, stay as long as they are kept. @returns rows deleted or emptied.
   */
  async erase(user: string): Promise<number> {
    const person = storedText(user);
    return this.#database.write(async (tx) => {
      const invited = await tx
        .deleteFrom('member_invitation')
        .where('person', '=', person)
        .where('settled_at', 'is not', null)
        .executeTakeFirst();
      const applied = await tx
        .deleteFrom('member_applicant')
        .where('person', '=', person)
        .where('state', '!=', 'rejected')
        .executeTakeFirst();
      const refused = await tx
        .updateTable('member_applicant')
        .set({ doc: NOTHING_SAID, flag: null })
        .where('person', '=', person)
        .where('doc', '!=', NOTHING_SAID)
        .executeTakeFirst();
      return Number(invited.numDeletedRows) + Number(applied.numDeletedRows) + Number(refused.numUpdatedRows);
    });
  }

  /** Deletes at most about `limit` rows that are kept no longer. @returns how many. */
  async prune(limit: number): Promise<number> {
    const now = this.#clock.now();
    return this.#database.write(async (tx) => {
      const invited = await tx
        .deleteFrom('member_invitation')
        .where('settled_at', '<', now - SETTLED_KEEP_MS)
        .executeTakeFirst();
      const applied = await tx
        .deleteFrom('member_applicant')
        .where((eb) =>
          eb.or([
            eb('changed_at', '<', now - REFUSED_KEEP_MS),
            eb.and([eb('state', '!=', 'rejected'), eb('changed_at', '<', now - APPLICANT_KEEP_MS)]),
          ]),
        )
        .executeTakeFirst();
      const logged = await tx
        .deleteFrom('member_log')
        .where('seq', 'in', (eb) =>
          eb
            .selectFrom('member_log')
            .select('seq')
            .where('at', '<', now - this.#logKeepMs)
            .orderBy('at')
            .limit(limit),
        )
        .executeTakeFirst();
      const deleted = [invited, applied, logged].map((result) => Number(result.numDeletedRows));
      // Only the last one is bounded, so only it can have left something.
      return deleted[2] === limit ? limit : Math.min(limit - 1, deleted[0]! + deleted[1]! + deleted[2]!);
    });
  }
}

function snapshotsOf(db: Db, room: string) {
  return db.selectFrom('member_snapshot').where('room', '=', storedText(room));
}
