/** Who is privileged: the list after login, then single changes. */
export class Privileges {
  readonly #users = new Set<string>();
  readonly #not = new Set<string>();
  #listed = false;

  /** The list that follows the login. */
  replace(users: readonly string[]): void {
    this.clear();
    for (const user of users) this.#users.add(user);
    this.#listed = true;
  }

  set(user: string, privileged: boolean): void {
    if (privileged) this.#users.add(user);
    else this.#users.delete(user);
    // Without the list a plain "no" must be remembered; with it, absence says the same.
    if (privileged || this.#listed) this.#not.delete(user);
    else this.#not.add(user);
  }

  /** Undefined while nobody said. */
  of(user: string): boolean | undefined {
    if (this.#users.has(user)) return true;
    return this.#listed || this.#not.has(user) ? false : undefined;
  }

  /** The user is of no interest any more. */
  release(user: string): void {
    this.#not.delete(user);
  }

  clear(): void {
    this.#users.clear();
    this.#not.clear();
    this.#listed = false;
  }
}
