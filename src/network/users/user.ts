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
export interface UserSnapshot {
  readonly user: string;
  /** False when the server said that no such account exists. */
  readonly exists?: boolean;
  readonly status?: UserStatus;
  readonly stats?: UserStats;
  readonly privileged?: boolean;
  /** Legacy two-letter code from the server; often empty. */
  readonly country?: string;
  /** Rooms that we share with them now. */
  readonly rooms: readonly string[];
  readonly watched: boolean;
}
