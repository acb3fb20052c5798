import { existsSync } from 'node:fs';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { Database } from './database.ts';
import { Journal } from './journal.ts';
import { openSqlite } from './sqlite-backend.ts';
import { StoreError } from './store-error.ts';

export interface StoredJournal {
  readonly journal: Pick<Journal, 'each' | 'gaps'>;
  close(): Promise<void>;
}

/**
 * The journal in a bot's store, to be read only, whether or not that bot runs: nothing is migrated, noted or tidied.
 * @throws StoreError when there is no store, or it cannot be read.
 */
export function openStoredJournal(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}): StoredJournal {
  const { path, clock, log } = options;
  // Opening would make one.
  if (!existsSync(path))
    throw new StoreError('unwritable', `There is no store at ${path}: no bot has run with it yet`);
  const database = new Database(openSqlite({ path, log }));
  return {
    journal: new Journal(database, { clock, log, keepMs: Number.POSITIVE_INFINITY }),
    close: () => database.close(),
  };
}
