import type { AccountSeed } from './options.ts';

/** What the server keeps about a user for ever. */
export interface Account {
  readonly username: string;
  password: string;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
  country: string;
  /** Bytes per second. */
  avgSpeed: number;
  uploadNum: number;
  files: number;
  dirs: number;
  /** Milliseconds since the epoch; in the past when there are no privileges. */
  privilegedUntil: number;
}

/** The accounts, by exact name: names are case-sensitive. */
export class Accounts {
  readonly #byName = new Map<string, Account>();

  constructor(seeds: readonly AccountSeed[], now: number) {
    for (const seed of seeds) {
      const account = this.register(seed.username, seed.password, now);
      account.avgSpeed = seed.avgSpeed ?? 0;
      account.country = seed.country ?? '';
      account.privilegedUntil = now + (seed.privilegedSeconds ?? 0) * 1000;
    }
  }

  get(username: string): Account | undefined {
    return this.#byName.get(username);
  }

  /** Creates the account; its name must be free. */
  register(username: string, password: string, now: number): Account {
    const account: Account = {
      username,
      password,
      registeredAt: now,
      country: '',
      avgSpeed: 0,
      uploadNum: 0,
      files: 0,
      dirs: 0,
      privilegedUntil: 0,
    };
    this.#byName.set(username, account);
    return account;
  }

  all(): IterableIterator<Account> {
    return this.#byName.values();
  }

  isPrivileged(username: string, now: number): boolean {
    return (this.get(username)?.privilegedUntil ?? 0) > now;
  }

  /** Seconds of privileges that are left, 0 for none. */
  privilegedSeconds(username: string, now: number): number {
    const left = ((this.get(username)?.privilegedUntil ?? 0) - now) / 1000;
    return Math.min(Math.max(0, Math.ceil(left)), 0xffffffff);
  }
}

/** The five columns that the protocol uses wherever it describes a user. */
export function statsOf(account: Account | undefined) {
  return {
    avgSpeed: account?.avgSpeed ?? 0,
    uploadNum: account?.uploadNum ?? 0,
    unknown: 0,
    files: account?.files ?? 0,
    dirs: account?.dirs ?? 0,
  };
}
