import type { StatePort } from '../../network/ports.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from './database.ts';

/** Small named documents of the network, each replaced as a whole. */
export class StoreState implements StatePort {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async load(name: string): Promise<string | undefined> {
    const row = await this.#database.read((db) =>
      db.selectFrom('state').select('doc').where('name', '=', name).executeTakeFirst(),
    );
    return row?.doc;
  }

  async save(name: string, value: string): Promise<void> {
    const row = { name, doc: value, changed_at: this.#clock.now() };
    await this.#database.write(async (tx) => {
      await tx
        .insertInto('state')
        .values(row)
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet({ doc: row.doc, changed_at: row.changed_at }),
        )
        .execute();
    });
  }
}
