import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { DialogStore } from '../dialogs/dialog-store.ts';
import { CaseBook } from './cases.ts';
import { Database } from './database.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeadNotices } from './dead-notices.ts';
import { StoreDecisions } from './decisions.ts';
import { StoreInbox } from './inbox.ts';
import { JobRunBook } from './job-runs.ts';
import { JobBook } from './jobs.ts';
import { Journal } from './journal.ts';
import { type KvQuota, KvStore } from './kv.ts';
import { StoreMembers } from './members.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/all.ts';
import { StoreNotices } from './notices.ts';
import { StoreOutbox } from './outbox.ts';
import { StorePeople } from './people.ts';
import type { SqlBackend } from './sql-backend.ts';
import { openSqlite } from './sqlite-backend.ts';
import { StoreState } from './state.ts';
import { TimerBook } from './timers.ts';
import { WishFindBook } from './wish-finds.ts';
import { WishMemory } from './wish-memory.ts';
import { WishPeople } from './wish-people.ts';
import { WishBook } from './wishes.ts';

const MAINTAIN_EVERY_MS = 3_600_000;
/** Rows deleted per transaction: a large deletion must not keep a private message waiting. */
const PRUNE_STEP = 500;
const DEFAULT_JOURNAL_KEEP_MS = 30 * 86_400_000;

/** Where the store lives: a SQLite file, memory (tests), or a connection opened elsewhere. */
export type StorePlace =
  | { readonly path: string }
  | { readonly memory: true }
  | { readonly backend: SqlBackend };

export type StoreOptions = StorePlace & {
  readonly clock: Clock;
  readonly log: Log;
  /** How long the journal is kept, in milliseconds. @default 2_592_000_000 (30 days) */
  readonly journalKeepMs?: number;
  readonly kvQuota?: Partial<KvQuota>;
  /** How long cases, and who changed which member, are kept, in milliseconds. @default 31_536_000_000 (365 days) */
  readonly caseKeepMs?: number;
};

/**
 * Opens the store and brings its schema up to date.
 * @throws StoreError as rejection: one sentence for the owner, and a `code`.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const database = new Database(backendOf(options));
  try {
    await migrate(database, migrations, options);
    const store = new Store(database, options);
    await store.journal.closeLastRun();
    return store;
  } catch (error) {
    await database.close().catch(() => {});
    throw error;
  }
}

function backendOf(options: StoreOptions): SqlBackend {
  if ('backend' in options) return options.backend;
  return openSqlite({ path: 'path' in options ? options.path : ':memory:', log: options.log });
}

/** Everything that the bot must not forget. */
export class Store {
  readonly inbox: StoreInbox;
  readonly outbox: StoreOutbox;
  readonly state: StoreState;
  readonly kv: KvStore;
  readonly journal: Journal;
  readonly jobs: JobBook;
  readonly jobRuns: JobRunBook;
  readonly timers: TimerBook;
  readonly deadLetters: DeadLetters;
  readonly dialogs: DialogStore;
  readonly decisions: StoreDecisions;
  readonly people: StorePeople;
  readonly cases: CaseBook;
  readonly members: StoreMembers;
  readonly notices: StoreNotices;
  readonly deadNotices: DeadNotices;
  readonly wishes: WishBook;
  readonly wishMemory: WishMemory;
  readonly wishFinds: WishFindBook;
  readonly wishPeople: WishPeople;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Log;
  #timer: Timer | undefined;
  #closed = false;

  constructor(database: Database, options: StoreOptions) {
    const { clock, log } = options;
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
    this.inbox = new StoreInbox(database, clock);
    this.outbox = new StoreOutbox(database, clock);
    this.state = new StoreState(database, clock);
    this.kv = new KvStore(database, clock, options.kvQuota);
    this.journal = new Journal(database, {
      clock,
      log,
      keepMs: options.journalKeepMs ?? DEFAULT_JOURNAL_KEEP_MS,
    });
    this.dialogs = new DialogStore(database, clock);
    this.decisions = new StoreDecisions(database, clock);
    this.people = new StorePeople(database);
    this.cases = new CaseBook(database, clock, options.caseKeepMs);
    this.members = new StoreMembers(database, clock, options.caseKeepMs);
    this.jobs = new JobBook(database, clock);
    this.jobRuns = new JobRunBook(database, clock);
    this.timers = new TimerBook(database, clock);
    this.deadLetters = new DeadLetters(database, clock);
    this.notices = new StoreNotices(database, clock);
    this.deadNotices = new DeadNotices(database, clock);
    this.wishes = new WishBook(database);
    this.wishMemory = new WishMemory(database);
    this.wishFinds = new WishFindBook(database);
    this.wishPeople = new WishPeople(database);
    this.#scheduleMaintenance();
  }

  /**
   * Deletes what is no longer kept: journal entries, expired key-values, handled messages, settled lines,
   * decisions. The store
   * does it by itself every hour.
   * @returns rows deleted.
   */
  async maintain(): Promise<number> {
    let deleted = 0;
    for (const part of [
      this.journal,
      this.kv,
      this.inbox,
      this.outbox,
      this.decisions,
      this.deadLetters,
      this.deadNotices,
      this.dialogs,
      this.cases,
      this.members,
    ]) {
      let step: number;
      do {
        step = await part.prune(PRUNE_STEP);
        deleted += step;
      } while (step === PRUNE_STEP && !this.#closed);
    }
    return deleted;
  }

  /** Writes what waits and closes. A second call waits for the first. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    if (!this.#closed) {
      this.#closed = true;
      await this.journal.flush().catch(() => {});
    }
    await this.#database.close();
  }

  #scheduleMaintenance(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.maintain()
        .catch((error: unknown) => this.#log.warn('The store could not be tidied', { error }))
        .finally(() => {
          if (!this.#closed) this.#scheduleMaintenance();
        });
    }, MAINTAIN_EVERY_MS);
  }
}
