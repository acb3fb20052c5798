import type { Generated } from 'kysely';

/** Wishes, what they have seen, and what was found. */
export type WishTables = {
  wish: WishTable;
  wish_seen: WishSeenTable;
  wish_find: WishFindTable;
  wish_batch: WishBatchTable;
  wish_ignored: WishIgnoredTable;
  wish_experience: WishExperienceTable;
};

/** One wish of a plugin, and how it stands. */
export interface WishTable {
  /** What all other tables call it; never used twice. */
  seq: Generated<number>;
  instance: string;
  /** exact; unique within the instance. */
  id: string;
  /** JSON: a WishSpec. */
  spec: string;
  /** exact; who wants it. */
  person: string | null;
  /** 1: it is there as long as a plugin registers it. */
  registered: number;
  /** Since when no plugin registers a registered one; null: one does. */
  orphaned_at: number | null;
  mode: 'active' | 'paused' | 'snoozed' | 'done';
  /** When a snoozed one goes on. */
  until_at: number | null;
  created_at: number;
  /** Searches that went out. */
  turns: number;
  fruitless: number;
  last_turn: number | null;
  /** 1: the last turn was listened to for long enough to count. */
  heard: number;
  /** Turns in a row that were cut short. */
  cuts: number;
  /** Which spelling is next. */
  variant: number;
  /** 1: its turn was due while the bot was away. */
  late: number;
  boosted_at: number | null;
  /** Contents told. */
  finds: number;
  last_find: number | null;
  /** The number that the next find gets. */
  next_number: number;
  /** Files remembered as seen. */
  seen: number;
  /** All rows that it has in `wish_seen`. */
  remembered: number;
  /** JSON: counters, history, the turn before. */
  doc: string;
}

/**
 * What a wish has seen: a file of a user, a folder of a user, or a content. Millions of them, so a row is five small numbers
 * and its key is its place (a fingerprint of 46 bits, doubled; see `seen-key.ts`).
 */
export interface WishSeenTable {
  wish: number;
  key: number;
  /** A fingerprint of the user's name in 31 bits; of a content the negative of it, or 0 when more than one had it. */
  who: number;
  /** What is known of it: best quality, files in the folder, state of the source. */
  mark: number;
  /** Minutes since the epoch. */
  at: number;
}

/** A file that passed: told, to be told, or known. The latest of each wish. */
export interface WishFindTable {
  wish: number;
  number: number;
  /** What it is told with; null when it is not told. */
  batch: number | null;
  state: 'waiting' | 'told' | 'known';
  kind: string;
  /** exact; who has it. */
  person: string;
  at: number;
  late: number;
  /** JSON: the hit, score and the rest. */
  doc: string;
}

/** Finds that are told together and are not told yet. */
export interface WishBatchTable {
  seq: Generated<number>;
  wish: number;
  at: number;
  attempts: number;
  /** When it is tried (again). */
  next_at: number;
}

/** Users whose results count for no wish of an instance. */
export interface WishIgnoredTable {
  instance: string;
  /** exact */
  person: string;
}

/** How downloads from users went. */
export interface WishExperienceTable {
  instance: string;
  /** exact */
  person: string;
  good: number;
  bad: number;
}
