import type { UserStats, UserStatus } from '../users/user.ts';

/** Our own standing in a room, which decides what we may do there. */
export type Standing = 'visitor' | 'owner' | 'operator' | 'member';

export interface RoomUser {
  readonly user: string;
  readonly status: UserStatus;
  readonly stats: UserStats;
  readonly slotsFull: boolean;
  readonly country: string;
}

/** A room that we are in or were asked to be in, as plain data. */
export interface RoomSnapshot {
  readonly name: string;
  readonly private: boolean;
  readonly joined: boolean;
  readonly standing: Standing;
  /** Private rooms only. */
  readonly owner?: string;
  /** Private rooms only: without the owner. */
  readonly operators: readonly string[];
  /** Private rooms only: without the owner, with the operators. Known even when not inside. */
  readonly members: readonly string[];
  readonly users: readonly RoomUser[];
  /** The room wall: one line per user. */
  readonly tickers: readonly { readonly user: string; readonly ticker: string }[];
}

/** How a private-room admin action ended. `confirmed`: observed in the room's events; `refused`: the server's notice said why. */
export type AdminOutcome =
  | { readonly state: 'confirmed' }
  | { readonly state: 'refused'; readonly code: RefusalCode; readonly reason: string }
  | { readonly state: 'unknown'; readonly reason: string };

export type RefusalCode =
  | 'offline'
  | 'invitations-off'
  | 'already-member'
  | 'not-member'
  | 'is-owner'
  | 'already-operator'
  | 'not-operator'
  | 'public-room'
  | 'no-power'
  | 'not-joined'
  | 'self'
  | 'dropped';
