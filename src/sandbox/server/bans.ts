/** Bans that are in force, by account and by address; they outlive sessions and restarts, and end by themselves. */
export class Bans {
  readonly #accounts = new Map<string, number>();
  readonly #addresses = new Map<string, number>();

  /** @param until milliseconds since the epoch. */
  banAccount(username: string, until: number): void {
    this.#accounts.set(username, until);
  }

  banAddress(host: string, until: number): void {
    this.#addresses.set(host, until);
  }

  /** Ends the bans of an account and of an address. */
  lift(username: string, host?: string): void {
    this.#accounts.delete(username);
    if (host !== undefined) this.#addresses.delete(host);
  }

  accountBanned(username: string, now: number): boolean {
    return stillOn(this.#accounts, username, now);
  }

  addressBanned(host: string, now: number): boolean {
    return stillOn(this.#addresses, host, now);
  }

  /** Those in force at `now`. */
  all(now: number): { readonly accounts: readonly string[]; readonly addresses: readonly string[] } {
    return {
      accounts: [...this.#accounts.keys()].filter((name) => this.accountBanned(name, now)),
      addresses: [...this.#addresses.keys()].filter((host) => this.addressBanned(host, now)),
    };
  }
}

function stillOn(bans: Map<string, number>, key: string, now: number): boolean {
  const until = bans.get(key);
  if (until === undefined) return false;
  if (now < until) return true;
  bans.delete(key);
  return false;
}

/** Addresses that everybody on this machine shares, which must never be banned or counted. */
export function isLoopback(host: string): boolean {
  return host.startsWith('127.');
}
