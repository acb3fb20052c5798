import type { FilePath } from './files.ts';

/** Notices when files change. */
export interface FileWatch {
  /**
   * Calls `changed` with the path of a file that was written, replaced, removed or made, once or several times, until the
   * result is called. A file that is not there (yet) is watched too, as long as its folder is there.
   * @param files absolute paths
   */
  watch(files: readonly string[], changed: (file: string) => void): () => void;
}

/** Notices that something happens in folders. Only a hint: changes may be missed, or told several times. */
export interface FolderWatch {
  /**
   * Calls `changed` when something in one of the folders (not in those below) is made, removed, renamed or written, until
   * the result is called. A folder that cannot be watched is passed over.
   */
  watchFolders(folders: readonly FilePath[], changed: () => void): () => void;
}
