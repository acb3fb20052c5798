import type { PeerAddress } from '../../../network/users/addresses.ts';
import type { UserSnapshot } from '../../../network/users/user.ts';
import type { Clock } from '../../../platform/clock.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { Role, UserFacts, UserShares } from '../../../plugins/api/people.ts';
import type { UsersService } from '../../../plugins/host/services.ts';
import { BrowsedShares, type BrowsePort } from './browsed-shares.ts';

/** What is needed of the network's users. */
export interface UsersPort extends BrowsePort {
  readonly users: {
    facts(user: string, options: { readonly origin: string }): Promise<UserSnapshot>;
    watch(user: string): () => void;
    address(user: string): Promise<PeerAddress>;
  };
}

/** Users as plugins see them. */
export class UserServices implements UsersService {
  readonly #users: UsersPort['users'];
  readonly #browsed: BrowsedShares;
  readonly #rolesOf: (user: string) => ReadonlySet<Role>;
  readonly #watches = new Map<string, (() => void)[]>();

  constructor(client: UsersPort, clock: Clock, rolesOf: (user: string) => ReadonlySet<Role>) {
    this.#users = client.users;
    this.#browsed = new BrowsedShares(client, clock);
    this.#rolesOf = rolesOf;
  }

  async facts(instance: string, user: string): Promise<UserFacts> {
    const known = await this.#users.facts(user, { origin: instance });
    // Whether the bot watches somebody is the business of whoever asked for it.
    const facts = Object.entries(known).filter(([key]) => key !== 'watched');
    return {
      ...(Object.fromEntries(facts) as Omit<UserSnapshot, 'watched'>),
      roles: [...this.#rolesOf(user)],
    };
  }

  shares(_instance: string, user: string): Promise<UserShares> {
    return this.#browsed.of(user);
  }

  async address(_instance: string, user: string): Promise<string | undefined> {
    const address = await this.#users.address(user);
    if (address.state === 'known') return address.ip;
    if (address.state === 'offline') return undefined;
    throw new PluginError('failed', `the server did not say where ${user} is`);
  }

  async watch(instance: string, user: string): Promise<void> {
    const key = JSON.stringify([instance, user]);
    const undo = this.#users.watch(user);
    const own = this.#watches.get(key);
    if (own === undefined) this.#watches.set(key, [undo]);
    else own.push(undo);
  }

  unwatch(instance: string, user: string): void {
    const key = JSON.stringify([instance, user]);
    const own = this.#watches.get(key);
    own?.pop()?.();
    if (own?.length === 0) this.#watches.delete(key);
  }
}
