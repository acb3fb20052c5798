import type { Users } from '../../../network/users/users.ts';

/** Keeps watching people as long as something waits for them. */
export class WatchedUsers {
  readonly #users: Pick<Users, 'watch'>;
  readonly #watched = new Map<string, { readonly keys: Set<string>; readonly unwatch: () => void }>();

  constructor(users: Pick<Users, 'watch'>) {
    this.#users = users;
  }

  /** @param key what waits for them */
  add(user: string, key: string): void {
    const known = this.#watched.get(user);
    if (known !== undefined) known.keys.add(key);
    else this.#watched.set(user, { keys: new Set([key]), unwatch: this.#users.watch(user) });
  }

  delete(user: string, key: string): void {
    const known = this.#watched.get(user);
    if (known?.keys.delete(key) !== true || known.keys.size > 0) return;
    this.#watched.delete(user);
    known.unwatch();
  }

  /** Begins to watch once more. */
  renew(user: string): void {
    const known = this.#watched.get(user);
    if (known === undefined) return;
    known.unwatch();
    this.#watched.set(user, { keys: known.keys, unwatch: this.#users.watch(user) });
  }

  /** What waits for this person. */
  invitationsOf(user: string): readonly string[] {
    return [...(this.#watched.get(user)?.keys ?? [])];
  }

  clear(): void {
    for (const { unwatch } of this.#watched.values()) unwatch();
    this.#watched.clear();
  }
}
