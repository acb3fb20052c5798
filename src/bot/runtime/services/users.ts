import type { UserSnapshot } from '../../../network/users/user.ts';
import type { Role, UserFacts } from '../../../plugins/api/people.ts';
import type { UsersService } from '../../../plugins/host/services.ts';

/** What is needed of the network's users. */
export interface UsersPort {
  facts(user: string, options: { readonly origin: string }): Promise<UserSnapshot>;
  watch(user: string): () => void;
}

/** Users as plugins see them. */
export class UserServices implements UsersService {
  readonly #users: UsersPort;
  readonly #rolesOf: (user: string) => ReadonlySet<Role>;
  readonly #watches = new Map<string, (() => void)[]>();

  constructor(users: UsersPort, rolesOf: (user: string) => ReadonlySet<Role>) {
    this.#users = users;
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
