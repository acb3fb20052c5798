import type { Log } from '../../platform/log.ts';
import type { StatePort } from '../ports.ts';

const NAME = 'governor.met';
/** Users remembered; who wrote longest ago is forgotten first and counts as a stranger again. */
const MAX_USERS = 5000;

/**
 * Users who wrote to us, whom we may answer without the budget for strangers. It is saved after the fact: losing
 * the last few only makes the bot more careful.
 */
export class MetUsers {
  readonly #state: StatePort;
  readonly #log: Log;
  readonly #users = new Set<string>();
  #saving = false;
  #dirty = false;

  constructor(state: StatePort, log: Log) {
    this.#state = state;
    this.#log = log;
  }

  async load(): Promise<void> {
    const text = await this.#state.load(NAME);
    if (text === undefined) return;
    try {
      const users: unknown = JSON.parse(text);
      if (Array.isArray(users)) for (const user of users) if (typeof user === 'string') this.#users.add(user);
    } catch {
      this.#log.warn('The saved list of users who wrote to us is damaged and ignored');
    }
  }

  has(user: string): boolean {
    return this.#users.has(user);
  }

  add(user: string): void {
    const known = this.#users.delete(user);
    this.#users.add(user);
    if (this.#users.size > MAX_USERS) this.#users.delete(this.#users.values().next().value!);
    // The order alone is not worth a write.
    if (known) return;
    this.#dirty = true;
    if (!this.#saving) void this.#save();
  }

  async #save(): Promise<void> {
    this.#saving = true;
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await this.#state.save(NAME, JSON.stringify([...this.#users]));
      } catch (error) {
        this.#log.warn('The list of users who wrote to us could not be saved', { error });
      }
    }
    this.#saving = false;
  }
}
