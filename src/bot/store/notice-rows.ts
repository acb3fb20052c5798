import type { Selectable } from 'kysely';
import { exactText } from './exact-text.ts';
import type { NoticeTable } from './notice-tables.ts';

/** What a notice says. */
export interface NoticeDoc {
  readonly title: string;
  readonly lines: readonly string[];
  readonly link?: string;
  readonly data?: unknown;
}

/** A notice as it is kept. Times are milliseconds since the epoch. */
export interface StoredNotice extends NoticeDoc {
  readonly seq: number;
  readonly id: string;
  readonly target: string;
  readonly instance: string;
  readonly parcel?: string;
  readonly group: string;
  readonly digest: 'none' | 'hour' | 'day';
  readonly urgent: boolean;
  readonly madeAt: number;
  readonly dueAt?: number;
  readonly expiresAt: number;
  readonly attempts: number;
  readonly detail?: string;
  readonly part: number;
  readonly mark?: number;
  readonly changedAt: number;
}

/** A notice to be stored. */
export interface NewNotice
  extends Omit<StoredNotice, 'seq' | 'parcel' | 'attempts' | 'detail' | 'part' | 'mark' | 'changedAt'> {
  /** Not told again under the same hash. */
  readonly keyHash?: string;
  readonly textHash?: string;
}

/** A row as a notice. */
export function noticeOf(row: Selectable<NoticeTable>): StoredNotice {
  return {
    ...(JSON.parse(row.doc) as NoticeDoc),
    seq: row.seq,
    id: row.id,
    target: exactText(row.target),
    instance: row.instance,
    ...(row.parcel !== null && { parcel: row.parcel }),
    group: exactText(row.bundle),
    digest: row.digest as StoredNotice['digest'],
    urgent: row.urgent === 1,
    madeAt: row.made_at,
    ...(row.due_at !== null && { dueAt: row.due_at }),
    expiresAt: row.expires_at,
    attempts: row.attempts,
    ...(row.detail !== null && { detail: exactText(row.detail) }),
    part: row.part,
    ...(row.mark !== null && { mark: row.mark }),
    changedAt: row.changed_at,
  };
}
