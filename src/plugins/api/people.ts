/**
 * What people may be to the bot. `owner`, `mod` and `trusted` come from config.yaml; the rest are given by the room
 * in which a command was typed. User names are exact and case-sensitive.
 */
export type Role = 'owner' | 'mod' | 'trusted' | 'room.owner' | 'room.operator' | 'room.member';

/** Every {@link Role}. */
export const ROLES: readonly Role[] = [
  'owner',
  'mod',
  'trusted',
  'room.owner',
  'room.operator',
  'room.member',
];

export type UserStatus = 'offline' | 'away' | 'online';

/** Statistics that the server keeps about a user. */
export interface UserStats {
  /** Average upload speed in bytes per second. */
  readonly avgSpeed: number;
  /** Uploads reported so far. */
  readonly uploads: number;
  readonly files: number;
  readonly folders: number;
}

/** What is known of a user now. Fields are absent while unknown. */
export interface UserFacts {
  readonly user: string;
  /** False when the server said that no such account exists. */
  readonly exists?: boolean;
  readonly status?: UserStatus;
  readonly stats?: UserStats;
  readonly privileged?: boolean;
  /** Two-letter code from the server; often empty. */
  readonly country?: string;
  /** Rooms that the bot shares with them now. */
  readonly rooms: readonly string[];
  /** Roles from config.yaml. */
  readonly roles: readonly Role[];
}

/** What somebody shares, as their own list says. */
export interface UserShares {
  readonly user: string;
  readonly folders: number;
  readonly files: number;
  /** Bytes. */
  readonly size: number;
  /** When the list was read, milliseconds since the epoch. */
  readonly at: number;
}
