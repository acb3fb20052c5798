import type { UserStats, UserStatus } from './people.ts';

/** The bot's own standing in a room, which decides what it may do there. `visitor` in every public room. */
export type Standing = 'visitor' | 'owner' | 'operator' | 'member';

/** The room in which something happened. */
export interface RoomRef {
  readonly name: string;
  readonly private: boolean;
  readonly standing: Standing;
}

/** A room in `bot.rooms.list()`. */
export interface RoomSummary extends RoomRef {
  /** False for a room that the bot wants to be in and is not, now. */
  readonly joined: boolean;
  /** People inside, the bot included. */
  readonly userCount: number;
}

export interface RoomUser {
  readonly user: string;
  readonly status: UserStatus;
  readonly stats: UserStats;
  /** Two-letter code from the server; often empty. */
  readonly country: string;
}

/** Everything that is known of a room now. */
export interface RoomInfo extends RoomSummary {
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

/**
 * How an action on a room ended. `confirmed`: observed; `refused`: the server, or the bot before asking, said no;
 * `unknown`: nothing came back in time (the server answers most refusals with silence).
 */
export type RoomOutcome =
  | { readonly state: 'confirmed' }
  | {
      readonly state: 'refused';
      /** Stable word, e.g. `no-power`, `invitations-off`, `already-member`, `not-member`, `public-room`, `offline`. */
      readonly code: string;
      readonly reason: string;
    }
  | { readonly state: 'unknown'; readonly reason: string };
