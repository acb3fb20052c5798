import type { Generated } from 'kysely';

/** Membership of private rooms. All texts are exact. */
export interface MemberTables {
  member_invitation: MemberInvitationTable;
  member_ban: MemberBanTable;
  member_snapshot: MemberSnapshotTable;
  member_applicant: MemberApplicantTable;
  member_log: MemberLogTable;
}

/** One per room and person: open ones, and for a week those that are settled. */
export interface MemberInvitationTable {
  room: string;
  person: string;
  actor: string;
  at: number;
  expires_at: number;
  state: string;
  detail: string | null;
  /** What staff should know of this person. */
  flag: string | null;
  why: string;
  /** To be made an operator once a member. */
  operator: number;
  phase: string;
  tries: number;
  /** When it is tried next; null: when they come online. */
  next_at: number | null;
  /** When they were told how to accept invitations. */
  told_at: number | null;
  /** Who asked is still to be told how it ended. */
  owes: number;
  settled_at: number | null;
}

/** Who is not to be a member, one per room and person. */
export interface MemberBanTable {
  room: string;
  person: string;
  actor: string;
  at: number;
  reason: string;
  /** Null: for good. */
  until_at: number | null;
  case_number: number | null;
  kind: string;
  state: string;
  /** They were a member when they were put out. */
  was_member: number;
  /** JSON: when they were put out again, lately. */
  rounds: string;
}

export interface MemberSnapshotTable {
  seq: Generated<number>;
  room: string;
  at: number;
  actor: string;
  automatic: number;
  /** JSON */
  doc: string;
}

export interface MemberApplicantTable {
  room: string;
  person: string;
  at: number;
  state: string;
  /** JSON */
  doc: string;
  detail: string | null;
  flag: string | null;
  changed_at: number;
}

/** Who changed what. Rows are only ever added, and deleted when they are old. */
export interface MemberLogTable {
  seq: Generated<number>;
  at: number;
  room: string;
  person: string;
  actor: string;
  what: string;
  detail: string | null;
}
