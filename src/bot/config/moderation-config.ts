import type { Consequence, ModerationMode } from '../../plugins/api/cases.ts';
import type { Role } from '../../plugins/api/people.ts';
import type { Decay } from '../moderation/ladder/account.ts';
import type { Ladder } from '../moderation/ladder/ladder.ts';
import type { ListConfig } from '../moderation/lists/subscriptions.ts';

/** `off`: the rule does not even judge. */
export type ModeSetting = 'off' | ModerationMode;

/** `moderation:` of config.yaml. Times are milliseconds. */
export interface ModerationConfig {
  /** The most that any rule may do anywhere. */
  readonly mode: ModeSetting;
  /** Of rules that `rules` does not name. */
  readonly newRules: ModeSetting;
  readonly ladder: Ladder;
  /** Absent: points stay for ever. */
  readonly decay?: Decay;
  /** What somebody does again within this time belongs to the case that it made. */
  readonly mergeMs: number;
  /** In an hour, in all rooms together. */
  readonly caps: { readonly removals: number; readonly warnings: number };
  /** How long staff have to answer a suggestion. */
  readonly suggestMs: number;
  /** After so long in shadow a rule is proposed to go live; absent: never. */
  readonly proposeMs?: number;
  /** So many successful appeals among so many of its last cases, and a rule is back in shadow; `count` 0: never. */
  readonly overturned: { readonly count: number; readonly of: number };
  /** How long cases are kept. */
  readonly keepMs: number;
  readonly exempt: { readonly users: readonly string[]; readonly roles: readonly Role[] };
  readonly staff: StaffConfig;
  readonly members: MembersConfig;
  /** Watch lists of others. */
  readonly lists: readonly ListConfig[];
  readonly rooms: Readonly<Record<string, RoomModeration>>;
  /** By `plugin/rule`. */
  readonly rules: Readonly<Record<string, RuleModeration>>;
}

/** Membership of private rooms. */
export interface MembersConfig {
  /** How long an invitation is tried, in milliseconds. */
  readonly invitationTtlMs: number;
  /** When somebody who is banned is added again: only tell, or put them out again as well. */
  readonly enforce: 'tell' | 'remove';
  /** Snapshots of each sort that are kept for each room. */
  readonly snapshots: number;
  readonly dailySnapshot: boolean;
}

/** Who is asked and told, besides being left alone. */
export interface StaffConfig {
  /** Besides owners and mods of `roles`. */
  readonly users: readonly string[];
  /** Where staff are told; absent: each of them in private. */
  readonly room?: string;
  /** How reports are collected; what needs an answer never waits. */
  readonly digest: 'none' | 'hour' | 'day';
}

/** What is different in a room. */
export interface RoomModeration {
  readonly mode?: ModeSetting;
  readonly ladder?: Ladder;
  /** null: points stay for ever. */
  readonly decay?: Decay | null;
  readonly rules: Readonly<Record<string, RuleModeration>>;
}

/** What is different for a rule. */
export interface RuleModeration {
  readonly mode?: ModeSetting;
  /** Its points are multiplied by this. */
  readonly weight?: number;
  /** Nothing more severe follows from it. */
  readonly atMost?: Consequence;
  /** Appeals against cases before this time do not count against it, milliseconds since the epoch. */
  readonly trustedSince?: number;
}
