import type { Generated } from 'kysely';
import type { CaseTables } from './case-tables.ts';
import type { MemberTables } from './member-tables.ts';
import type { NoticeTables } from './notice-tables.ts';
import type { WishTables } from './wish-tables.ts';

/**
 * The rows of the store. Times are milliseconds since the epoch, text columns marked `exact` hold `storedText(…)`,
 * flags are 0 or 1. Names avoid the reserved words of both engines.
 */
export interface Tables extends WishTables, NoticeTables, CaseTables, MemberTables {
  inbox: InboxTable;
  outbox: OutboxTable;
  state: StateTable;
  kv: KvTable;
  kv_usage: KvUsageTable;
  journal: JournalTable;
  job: JobTable;
  job_run: JobRunTable;
  dialogs: DialogTable;
  decision: DecisionTable;
  personal_keys: PersonalKeysTable;
  kv_version: KvVersionTable;
}

/** Private messages: kept whole until handled, afterwards as a bare key that recognises repetitions. */
export interface InboxTable {
  /** Order of arrival. */
  seq: Generated<number>;
  key: string;
  id: number;
  /** Server time in seconds since the epoch. */
  sent_at: number;
  /** exact */
  sender: string;
  /** exact; null once handled, since nobody needs a person's private words after that. */
  body: string | null;
  replayed: number;
  at: number;
  state: 'stored' | 'started' | 'done';
  attempts: number;
  changed_at: number;
}

/** Lines on their way to a room or a person. */
export interface OutboxTable {
  seq: Generated<number>;
  id: string;
  kind: string;
  /** exact */
  target: string;
  /** exact; null for a private line that is settled. */
  body: string | null;
  priority: string;
  queued_at: number;
  expires_at: number | null;
  origin: string;
  state: string;
  /** exact */
  detail: string | null;
  changed_at: number;
}

/** Small named documents: budgets of the governor, bans. */
export interface StateTable {
  name: string;
  doc: string;
  changed_at: number;
}

/** Key-values of plugin instances. */
export interface KvTable {
  instance: string;
  key: string;
  /** JSON */
  doc: string;
  version: number;
  /** Null: never. */
  expires_at: number | null;
  /** What the entry counts against the quota. */
  bytes: number;
}

/** What each instance occupies, and its last version number: versions never come back, even for a key made anew. */
export interface KvUsageTable {
  instance: string;
  entries: number;
  bytes: number;
  last_version: number;
}

/** What happened, in order. */
export interface JournalTable {
  seq: Generated<number>;
  at: number;
  kind: string;
  /** exact */
  room: string | null;
  /** exact */
  person: string | null;
  /** exact; never the text of a private message. */
  body: string | null;
  /** JSON */
  detail: string | null;
}

/** Decisions not to do something. */
export interface DecisionTable {
  seq: Generated<number>;
  id: string;
  number: number;
  at: number;
  times: number;
  source: string;
  /** exact */
  what: string;
  /** exact */
  reason: string;
  /** exact */
  person: string | null;
  /** exact */
  room: string | null;
  plugin: string | null;
  /** exact */
  about: string | null;
}

/** Which key-values and timers of which instance are about people; also of instances that are not loaded. */
export interface PersonalKeysTable {
  instance: string;
  place: number;
  /** exact */
  pattern: string;
  /** exact */
  what: string;
  timer: string | null;
}

/** The layout of an instance's key-values. */
export interface KvVersionTable {
  instance: string;
  version: number;
}

/** Jobs, and kinds of timers: what was registered, when it is due next, and how it went. */
export interface JobTable {
  instance: string;
  kind: 'job' | 'timer';
  id: string;
  /** JSON: a JobSpec, or a RetrySpec. */
  spec: string;
  /** What the next due time but one is reckoned from: {@link JobTable.next_at} without its jitter. */
  base_at: number | null;
  /** Null: never (again), and for timers. */
  next_at: number | null;
  /** Due times since the last run that nothing makes up for. */
  missed: number;
  /** Since when no plugin registers it; null: one does. */
  orphaned_at: number | null;
  last_due: number | null;
  last_at: number | null;
  last_ms: number | null;
  last_how: string | null;
  /** exact */
  last_detail: string | null;
  skipped_due: number | null;
  skipped_why: string | null;
}

/** Runs that are due or begun, timers that are not due yet, and dead letters. A run that succeeded is gone. */
export interface JobRunTable {
  /** Order of creation. */
  seq: Generated<number>;
  run: string;
  instance: string;
  kind: 'job' | 'timer';
  id: string;
  /** exact; of a timer. */
  key: string | null;
  due_at: number;
  /** When it is to be tried (again). */
  at: number;
  state: 'waiting' | 'begun' | 'dead';
  attempt: number;
  /** Attempts that ended with an error. */
  failures: number;
  redelivered: number;
  missed: number;
  /** JSON */
  payload: string | null;
  /** exact; the last error. */
  detail: string | null;
  changed_at: number;
}

/** Conversations of plugins with people. */
export interface DialogTable {
  /** exact; the person and the room, or the person alone. */
  place: string;
  /** Of this conversation. */
  id: string;
  instance: string;
  /** exact */
  dialog: string;
  /** exact */
  person: string;
  /** exact; null: in private. */
  room: string | null;
  /** exact; null: it has ended, and `last_line` is remembered until it expires. */
  step: string | null;
  /** JSON */
  doc: string;
  attempts: number;
  /** The inbox key of the private line that had its effect last. */
  last_line: string | null;
  /** exact */
  on_timeout: string | null;
  expires_at: number;
}
