import type { Selectable } from 'kysely';
import type { Applicant, Banned, Invitation, Snapshot } from '../../plugins/api/members.ts';
import { exactText, storedText } from './exact-text.ts';
import type {
  MemberApplicantTable,
  MemberBanTable,
  MemberInvitationTable,
  MemberLogTable,
  MemberSnapshotTable,
} from './member-tables.ts';

/** An invitation with everything that is needed to go on with it. Times are milliseconds since the epoch. */
export interface StoredInvitation extends Invitation {
  /** What staff should know of this person. */
  readonly flag?: string;
  /** To be made an operator once a member. */
  readonly operator: boolean;
  /** What is to be reached next. */
  readonly phase: 'member' | 'operator';
  /** Attempts in a row without success that count for the pause before the next one. */
  readonly tries: number;
  /** When it is tried next; absent: when they come online. */
  readonly nextAt?: number;
  /** When they were told how to accept invitations. */
  readonly toldAt?: number;
  /** Who asked is still to be told how it ended. */
  readonly owes: boolean;
  readonly settledAt?: number;
}

/** `removing`: to be put out; `out`: seen to be out; `back`: a member all the same, and left so. */
export type BanState = 'removing' | 'out' | 'back';

export interface StoredBan extends Banned {
  readonly state: BanState;
  /** They were a member when they were put out. */
  readonly wasMember: boolean;
  /** When they were put out again, lately. */
  readonly rounds: readonly number[];
}

export interface StoredSnapshot extends Snapshot {
  readonly automatic: boolean;
}

export interface StoredApplicant extends Omit<Applicant, 'invitation'> {
  readonly flag?: string;
}

/** Something that happened to somebody's membership. */
export interface MemberLogEntry {
  readonly at: number;
  readonly room: string;
  readonly user: string;
  /** Who did it: a user name, `plugin NAME`, `the bot`, or `unknown operator`. */
  readonly actor: string;
  readonly what: string;
  readonly detail?: string;
}

const textOrNull = (text: string | undefined) => (text === undefined ? null : storedText(text));

export function invitationRow(of: StoredInvitation): Selectable<MemberInvitationTable> {
  return {
    room: storedText(of.room),
    person: storedText(of.user),
    actor: storedText(of.by),
    at: of.at,
    expires_at: of.expires,
    state: of.state,
    detail: textOrNull(of.detail),
    flag: textOrNull(of.flag),
    why: of.why,
    operator: of.operator ? 1 : 0,
    phase: of.phase,
    tries: of.tries,
    next_at: of.nextAt ?? null,
    told_at: of.toldAt ?? null,
    owes: of.owes ? 1 : 0,
    settled_at: of.settledAt ?? null,
  };
}

export function invitationOf(row: Selectable<MemberInvitationTable>): StoredInvitation {
  return {
    room: exactText(row.room),
    user: exactText(row.person),
    by: exactText(row.actor),
    at: row.at,
    expires: row.expires_at,
    state: row.state as StoredInvitation['state'],
    ...(row.detail !== null && { detail: exactText(row.detail) }),
    ...(row.flag !== null && { flag: exactText(row.flag) }),
    why: row.why as StoredInvitation['why'],
    operator: row.operator !== 0,
    phase: row.phase as StoredInvitation['phase'],
    tries: row.tries,
    ...(row.next_at !== null && { nextAt: row.next_at }),
    ...(row.told_at !== null && { toldAt: row.told_at }),
    owes: row.owes !== 0,
    ...(row.settled_at !== null && { settledAt: row.settled_at }),
  };
}

export function banRow(of: StoredBan): Selectable<MemberBanTable> {
  return {
    room: storedText(of.room),
    person: storedText(of.user),
    actor: storedText(of.by),
    at: of.at,
    reason: storedText(of.reason),
    until_at: of.until ?? null,
    case_number: of.case ?? null,
    kind: of.kind,
    state: of.state,
    was_member: of.wasMember ? 1 : 0,
    rounds: JSON.stringify(of.rounds),
  };
}

export function banOf(row: Selectable<MemberBanTable>): StoredBan {
  return {
    room: exactText(row.room),
    user: exactText(row.person),
    by: exactText(row.actor),
    at: row.at,
    reason: exactText(row.reason),
    ...(row.until_at !== null && { until: row.until_at }),
    ...(row.case_number !== null && { case: row.case_number }),
    kind: row.kind as StoredBan['kind'],
    state: row.state as BanState,
    wasMember: row.was_member !== 0,
    rounds: JSON.parse(row.rounds) as number[],
  };
}

type SnapshotDoc = Pick<Snapshot, 'owner' | 'operators' | 'members'>;

export function snapshotRow(of: Omit<StoredSnapshot, 'id'>): Omit<Selectable<MemberSnapshotTable>, 'seq'> {
  const doc: SnapshotDoc = {
    ...(of.owner !== undefined && { owner: of.owner }),
    operators: of.operators,
    members: of.members,
  };
  return {
    room: storedText(of.room),
    at: of.at,
    actor: storedText(of.by),
    automatic: of.automatic ? 1 : 0,
    doc: storedText(JSON.stringify(doc)),
  };
}

export function snapshotOf(row: Selectable<MemberSnapshotTable>): StoredSnapshot {
  return {
    id: row.seq,
    room: exactText(row.room),
    at: row.at,
    by: exactText(row.actor),
    automatic: row.automatic !== 0,
    ...(JSON.parse(exactText(row.doc)) as SnapshotDoc),
  };
}

const saidText = ({ answers, vouchers }: Pick<Applicant, 'answers' | 'vouchers'>) =>
  storedText(JSON.stringify({ answers, vouchers }));

/** What is stored of an application without answers and vouchers. */
export const NOTHING_SAID = saidText({ answers: [], vouchers: [] });

export function applicantRow(of: StoredApplicant): Selectable<MemberApplicantTable> {
  return {
    room: storedText(of.room),
    person: storedText(of.user),
    at: of.at,
    state: of.state,
    doc: saidText(of),
    detail: textOrNull(of.detail),
    flag: textOrNull(of.flag),
    changed_at: of.changedAt,
  };
}

export function applicantOf(row: Selectable<MemberApplicantTable>): StoredApplicant {
  return {
    room: exactText(row.room),
    user: exactText(row.person),
    at: row.at,
    state: row.state as StoredApplicant['state'],
    ...(JSON.parse(exactText(row.doc)) as Pick<Applicant, 'answers' | 'vouchers'>),
    ...(row.detail !== null && { detail: exactText(row.detail) }),
    ...(row.flag !== null && { flag: exactText(row.flag) }),
    changedAt: row.changed_at,
  };
}

export function logRow(of: MemberLogEntry): Omit<Selectable<MemberLogTable>, 'seq'> {
  return {
    at: of.at,
    room: storedText(of.room),
    person: storedText(of.user),
    actor: storedText(of.actor),
    what: of.what,
    detail: textOrNull(of.detail),
  };
}

export function logOf(row: Selectable<MemberLogTable>): MemberLogEntry {
  return {
    at: row.at,
    room: exactText(row.room),
    user: exactText(row.person),
    actor: exactText(row.actor),
    what: row.what,
    ...(row.detail !== null && { detail: exactText(row.detail) }),
  };
}
