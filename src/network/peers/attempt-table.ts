import { type Attempt, attemptKey } from './attempt.ts';
import type { PeerType } from './peer-link.ts';

/** Attempts that wait or run. */
export class AttemptTable {
  readonly #all = new Set<Attempt>();
  readonly #shared = new Map<string, Attempt>();

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<Attempt> {
    return this.#all.values();
  }

  /** The one that anybody who wants the same shares. */
  find(user: string, type: PeerType, theirs: boolean): Attempt | undefined {
    const key = attemptKey(user, type, theirs);
    return key === undefined ? undefined : this.#shared.get(key);
  }

  /** Those for transfers that the user asked for, oldest first. */
  transfersOf(user: string): Attempt[] {
    return [...this.#all].filter(
      (attempt) => attempt.type === 'F' && attempt.theirs && attempt.user === user,
    );
  }

  add(attempt: Attempt): void {
    this.#all.add(attempt);
    if (attempt.key !== undefined) this.#shared.set(attempt.key, attempt);
  }

  remove(attempt: Attempt): void {
    this.#all.delete(attempt);
    const { key } = attempt;
    if (key !== undefined && this.#shared.get(key) === attempt) this.#shared.delete(key);
  }
}
