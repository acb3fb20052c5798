import type { FileWatch, FolderWatch } from '../file-watch.ts';
import type { FilePath } from '../files.ts';

/** Files that change when a test says so. */
export class VirtualFileWatch implements FileWatch, FolderWatch {
  readonly #watches = new Set<{
    readonly files: readonly string[];
    readonly changed: (file: string) => void;
  }>();

  watch(files: readonly string[], changed: (file: string) => void): () => void {
    const watch = { files, changed };
    this.#watches.add(watch);
    return () => void this.#watches.delete(watch);
  }

  watchFolders(folders: readonly FilePath[], changed: () => void): () => void {
    return this.watch(
      folders.map((folder) => Buffer.from(folder).toString()),
      changed,
    );
  }

  /** Files and folders that somebody watches, in order. */
  get watched(): readonly string[] {
    return [...new Set([...this.#watches].flatMap(({ files }) => files))].sort();
  }

  change(file: string): void {
    for (const watch of [...this.#watches]) if (watch.files.includes(file)) watch.changed(file);
  }
}
