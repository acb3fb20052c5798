import type { FileWatch } from '../file-watch.ts';

/** Files that change when a test says so. */
export class VirtualFileWatch implements FileWatch {
  readonly #watches = new Set<{
    readonly files: readonly string[];
    readonly changed: (file: string) => void;
  }>();

  watch(files: readonly string[], changed: (file: string) => void): () => void {
    const watch = { files, changed };
    this.#watches.add(watch);
    return () => void this.#watches.delete(watch);
  }

  /** Files that somebody watches, in order. */
  get watched(): readonly string[] {
    return [...new Set([...this.#watches].flatMap(({ files }) => files))].sort();
  }

  change(file: string): void {
    for (const watch of [...this.#watches]) if (watch.files.includes(file)) watch.changed(file);
  }
}
