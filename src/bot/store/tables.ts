import type { Generated } from 'kysely';

/**
 * The rows of the store. Times are milliseconds since the epoch, text columns marked `exact` hold `storedText(…)`,
 * flags are 0 or 1. Names avoid the reserved words of both engines.
 */
export interface Tables {
  inbox: InboxTable;
  outbox: OutboxTable;
  state: StateTable;
  kv: KvTable;
  kv_usage: KvUsageTable;
  journal: JournalTable;
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
