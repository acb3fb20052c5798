/**
 * Handlers by name, in order of registration. Lists are never changed but replaced, so that what is added or taken away
 * while one is gone through does not count, and they are no larger than need be: a client has a hundred of them.
 */
export class HandlerLists<K, H> {
  readonly #lists = new Map<K, readonly H[]>();

  /** Adds a handler, also one that is there already; the result takes it away (a second call does nothing). */
  add(name: K, handler: H): () => void {
    // Spreading into a literal would leave room for sixteen more.
    this.#lists.set(name, NONE.concat(this.get(name), [handler]) as H[]);
    let there = true;
    return () => {
      if (!there) return;
      there = false;
      const list = this.get(name);
      const at = list.indexOf(handler);
      if (list.length === 1) this.#lists.delete(name);
      else this.#lists.set(name, list.slice(0, at).concat(list.slice(at + 1)));
    };
  }

  get(name: K): readonly H[] {
    return this.#lists.get(name) ?? [];
  }
}

const NONE: readonly unknown[] = [];
