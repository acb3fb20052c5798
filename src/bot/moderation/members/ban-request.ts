import type { StoredBan } from '../../store/members-rows.ts';

/** Whom to put out, and how long. */
export interface BanRequest {
  readonly room: string;
  readonly user: string;
  readonly by: string;
  readonly reason: string;
  readonly case?: number;
  /** Absent: for good. */
  readonly until?: number;
}

/** Whether a ban ends later than another. */
export function outlasts<B extends Pick<StoredBan, 'until'>>(
  ban: B | undefined,
  other: Pick<StoredBan, 'until'>,
): ban is B {
  return ban !== undefined && (ban.until ?? Infinity) > (other.until ?? Infinity);
}
