import { sql } from 'kysely';
import type { Database } from './database.ts';
import { storedText } from './exact-text.ts';

/** What wishes keep of a person who has files, in numbers. */
export interface WishRecord {
  /** Files of theirs among the results of wishes. */
  readonly finds: number;
  /** Fingerprints of files and folders of theirs that were seen. */
  readonly fingerprints: number;
}

/** What wishes keep of people. */
export class WishPeople {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param who the fingerprint of their name. @param wishes where to look, one after the other. */
  async record(user: string, who: number, wishes: readonly number[]): Promise<WishRecord> {
    const count = sql<number>`count(*)`.as('n');
    const { n } = await this.#database.read((db) =>
      db
        .selectFrom('wish_find')
        .select(count)
        .where('person', '=', storedText(user))
        .executeTakeFirstOrThrow(),
    );
    let fingerprints = 0;
    for (const wish of wishes) {
      const seen = await this.#database.read((db) =>
        db
          .selectFrom('wish_seen')
          .select(count)
          .where('wish', '=', wish)
          .where('who', '=', who)
          .executeTakeFirstOrThrow(),
      );
      fingerprints += seen.n;
    }
    return { finds: n, fingerprints };
  }

  /** Results that name them, told or not, and how downloads from them went. @returns how many. */
  async erase(user: string): Promise<number> {
    const person = storedText(user);
    return this.#database.write(async (tx) => {
      const finds = await tx.deleteFrom('wish_find').where('person', '=', person).executeTakeFirst();
      const experience = await tx
        .deleteFrom('wish_experience')
        .where('person', '=', person)
        .executeTakeFirst();
      return Number(finds.numDeletedRows) + Number(experience.numDeletedRows);
    });
  }
}
