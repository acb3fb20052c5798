import type { UserSnapshot, UserStats, UserStatus } from './user.ts';

/** A user's address as the server gave it. */
export interface KnownAddress {
  readonly state: 'known';
  /** Dotted IPv4. */
  readonly ip: string;
  /** 0: online, but the server does not know the port yet; only indirect connections work, ask again later. */
  readonly port: number;
  /** Present when the client accepts obfuscated connections; type 1 is the rotated cipher. */
  readonly obfuscated?: { readonly type: number; readonly port: number };
}

/** One user as we keep it, as long as something ties us to it. */
export class UserRecord {
  readonly name: string;
  watchers = 0;
  /** Questions under way, which keep the record alive. */
  asks = 0;
  readonly rooms = new Set<string>();
  exists: boolean | undefined = undefined;
  status: UserStatus | undefined = undefined;
  stats: UserStats | undefined = undefined;
  country: string | undefined = undefined;
  slotsFull = false;
  address: { readonly value: KnownAddress; readonly until: number } | undefined = undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Forgets what only a session can tell. */
  forgetSession(): void {
    this.rooms.clear();
    this.exists = undefined;
    this.status = undefined;
    this.stats = undefined;
    this.country = undefined;
    this.slotsFull = false;
    this.address = undefined;
  }

  snapshot(privileged: boolean | undefined): UserSnapshot {
    return {
      user: this.name,
      rooms: [...this.rooms],
      watched: this.watchers > 0,
      ...(this.exists !== undefined && { exists: this.exists }),
      ...(this.status !== undefined && { status: this.status }),
      ...(this.stats !== undefined && { stats: this.stats }),
      ...(privileged !== undefined && { privileged }),
      ...(this.country !== undefined && { country: this.country }),
    };
  }
}
