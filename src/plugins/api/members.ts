import type { RoomOutcome } from './rooms.ts';

/**
 * `waiting`: they are offline; `blocked`: they do not accept invitations and have been told how to; `asked`: the server has
 * been asked; `expired`; `done`: they are a member; `refused`: the server, or the bot's own list, says no; `withdrawn`.
 */
export type InvitationState = 'waiting' | 'blocked' | 'asked' | 'done' | 'expired' | 'refused' | 'withdrawn';

export interface Invitation {
  readonly room: string;
  readonly user: string;
  readonly by: string;
  readonly at: number;
  readonly expires: number;
  readonly state: InvitationState;
  /** In words. */
  readonly detail?: string;
  /** `timed`: a removal for a time has ended; `restore`: a snapshot is restored; `gate`: an applicant was let in. */
  readonly why: 'command' | 'timed' | 'restore' | 'gate';
}

/** Somebody who is not to be a member. */
export interface Banned {
  readonly room: string;
  readonly user: string;
  readonly by: string;
  readonly at: number;
  readonly reason: string;
  /** Absent: for good. */
  readonly until?: number;
  readonly case?: number;
  /** `timed`: invited again when it ends. */
  readonly kind: 'banned' | 'timed';
}

export interface Snapshot {
  readonly id: number;
  readonly room: string;
  readonly at: number;
  readonly by: string;
  readonly owner?: string;
  readonly operators: readonly string[];
  readonly members: readonly string[];
}

/** What changed since a snapshot. */
export interface SnapshotDifference {
  readonly snapshot: Snapshot;
  readonly gone: readonly string[];
  readonly come: readonly string[];
  readonly operatorsGone: readonly string[];
  readonly operatorsCome: readonly string[];
}

/** Somebody who wants to get in. */
export interface Applicant {
  readonly room: string;
  readonly user: string;
  readonly at: number;
  readonly state: 'asked' | 'answered' | 'waiting' | 'approved' | 'rejected' | 'expired';
  readonly answers: readonly { readonly question: string; readonly answer: string }[];
  readonly vouchers: readonly string[];
  readonly detail?: string;
  /** Since when it is as it is: of a decided one, when it was decided. */
  readonly changedAt: number;
  /** How the invitation stands that an approval has just led to. */
  readonly invitation?: Invitation['state'];
}

/** Something that happened to somebody's membership. */
export interface MemberChangeNote {
  readonly at: number;
  readonly room: string;
  readonly user: string;
  /** Who did it: a user name, `console`, `rule`, `plugin ID`, `the bot`, or `unknown operator` for what it only observed. */
  readonly actor: string;
  /** In words: `invited`, `added`, `removed`, `made operator`, `banned`, … */
  readonly what: string;
  readonly detail?: string;
}

/** Membership of private rooms, with a memory. Everything needs `moderate`; `by` is who commands it. */
export interface Members {
  /** Now, or as soon as they are online and accept invitations. @param ttlMs @default 30 days */
  invite(room: string, user: string, by: string, options?: { readonly ttlMs?: number }): Promise<Invitation>;
  withdraw(room: string, user: string, by: string): Promise<boolean>;
  /** Puts out, without a ban. For sanctions there is `bot.cases.sanction`. */
  remove(room: string, user: string, by: string): Promise<RoomOutcome>;
  op(room: string, user: string, by: string): Promise<RoomOutcome>;
  deop(room: string, user: string, by: string): Promise<RoomOutcome>;
  /** Those that are not settled, and those settled in the last 7 days. */
  pending(room?: string): Promise<readonly Invitation[]>;
  banned(room?: string): Promise<readonly Banned[]>;
  /** Also ends a removal for a time before its time: they are invited again then. @returns false when they were not on the list */
  unban(room: string, user: string, by: string): Promise<boolean>;
  snapshot(room: string, by: string): Promise<Snapshot>;
  snapshots(room: string): Promise<readonly Snapshot[]>;
  /** @param id absent: the latest. */
  difference(room: string, id?: number): Promise<SnapshotDifference>;
  /** Invites those who are gone and makes operators again, one after the other. @returns how many are queued. */
  restore(room: string, id: number, by: string): Promise<number>;
  applicants(room?: string): Promise<readonly Applicant[]>;
  /** Notes somebody who applies, or what they answered; the gate's own steps are the plugin's. */
  apply(applicant: Omit<Applicant, 'at' | 'changedAt' | 'invitation'>): Promise<Applicant>;
  /** Lets in (an invitation) or rejects. */
  admit(room: string, user: string, by: string, answer: 'approve' | 'reject'): Promise<Applicant>;
  /** Who changed what, the latest first: up to 500. */
  history(room: string, user?: string): Promise<readonly MemberChangeNote[]>;
}
