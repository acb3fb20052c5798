import type { Generated } from 'kysely';

/** Notices that wait to be told. */
export type NoticeTables = {
  notice: NoticeTable;
  notice_told: NoticeToldTable;
  notice_channel: NoticeChannelTable;
};

/** Notices that wait, those that were given up, and those that a feed shows. */
export interface NoticeTable {
  /** Order in which they are told. */
  seq: Generated<number>;
  id: string;
  /** exact; a channel's name, `pm:USER` or `room:ROOM`. */
  target: string;
  instance: string;
  state: 'waiting' | 'dead' | 'kept';
  /** What is told at once has the same name here: the id of the first of them. Null: not decided yet. */
  parcel: string | null;
  /** exact; what a digest is made of. */
  bundle: string;
  digest: string;
  urgent: number;
  made_at: number;
  /** Not before; null: at once. */
  due_at: number | null;
  expires_at: number;
  /** JSON */
  doc: string;
  /** What is remembered of it in `notice_told`. */
  key_hash: string | null;
  text_hash: string | null;
  attempts: number;
  /** exact; why the last attempt failed. */
  detail: string | null;
  /** Lines that are in the outbox already. */
  part: number;
  /** The last line of the outbox before the next part was put there; null: it was not begun. */
  mark: number | null;
  changed_at: number;
}

/** Keys and texts that were told there. */
export interface NoticeToldTable {
  /** exact */
  target: string;
  hash: string;
  until: number;
}

/** Channels that fail at present. */
export interface NoticeChannelTable {
  /** exact */
  target: string;
  failing_since: number;
  failures: number;
  /** exact */
  problem: string;
  /** Whether the owners were told. */
  complained: number;
}
