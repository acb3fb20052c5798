import { createHmac } from 'node:crypto';
import type { Log } from '../../../platform/log.ts';
import type { Random } from '../../../platform/random.ts';
import type { StatePort } from '../../ports.ts';

const DOCUMENT = 'search-user-key';
const KEY_BYTES = 32;
const HASH_CHARS = 16;
const REMEMBERED = 2000;

/**
 * Stand-ins for user names: the same for the same user, so that people can be counted without being known. A keyed hash
 * (HMAC-SHA-256); whoever has the key, which is kept with the state, can find out whether a name that he thinks of is meant.
 */
export class UserHash {
  #key: Uint8Array;
  readonly #known = new Map<string, string>();

  /** The key is made up for this run until `load`. */
  constructor(random: Random) {
    this.#key = random.bytes(KEY_BYTES);
  }

  /** Takes up the key of earlier runs, or leaves this one's to later runs. Call before anything is hashed. Never rejects. */
  async load(state: StatePort, log: Log): Promise<void> {
    try {
      const saved: unknown = JSON.parse((await state.load(DOCUMENT)) ?? 'null');
      const key = typeof saved === 'string' ? Buffer.from(saved, 'base64') : undefined;
      if (key?.length === KEY_BYTES) {
        this.#key = key;
        this.#known.clear();
      } else await state.save(DOCUMENT, JSON.stringify(Buffer.from(this.#key).toString('base64')));
    } catch (error) {
      log.warn('the key for hashed user names is not kept: after a restart they differ', { error });
    }
  }

  /** `#` and 16 characters. */
  of(user: string): string {
    let hash = this.#known.get(user);
    if (hash === undefined) {
      hash = `#${createHmac('sha256', this.#key).update(user).digest('base64url').slice(0, HASH_CHARS)}`;
      if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
      this.#known.set(user, hash);
    }
    return hash;
  }
}
