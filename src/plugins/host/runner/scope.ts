import { PluginError } from '../../api/errors.ts';

interface Owned {
  /** For messages: `room.message handler`, `command "seen"`. */
  readonly what: string;
  readonly undo: () => unknown;
}

/**
 * Owns everything that a plugin registers, and undoes it newest first. Nothing can be added once that has begun.
 */
export class Scope {
  /** In order of registration. */
  readonly #owned = new Set<Owned>();
  #closing = false;

  get size(): number {
    return this.#owned.size;
  }

  /** @throws PluginError `unloaded`. */
  assertOpen(what: string): void {
    if (this.#closing) throw new PluginError('unloaded', `${what}: the plugin is being unloaded`);
  }

  /**
   * @returns undoes it now; a second call, or one after the scope did it, does nothing.
   * @throws PluginError `unloaded`.
   */
  own(what: string, undo: () => unknown): () => unknown {
    this.assertOpen(what);
    const owned: Owned = { what, undo };
    this.#owned.add(owned);
    return () => (this.#owned.delete(owned) ? undo() : undefined);
  }

  /** Undoes everything, one after the other, newest first. @param onError something threw; the rest is undone all the same. */
  async close(onError: (what: string, error: unknown) => void): Promise<void> {
    this.#closing = true;
    for (const owned of [...this.#owned].reverse()) {
      // An earlier one may have disposed it.
      if (!this.#owned.delete(owned)) continue;
      try {
        await owned.undo();
      } catch (error) {
        onError(owned.what, error);
      }
    }
  }
}
