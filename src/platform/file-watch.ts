/** Notices when files change. */
export interface FileWatch {
  /**
   * Calls `changed` with the path of a file that was written, replaced, removed or made, once or several times, until the
   * result is called. A file that is not there (yet) is watched too, as long as its folder is there.
   * @param files absolute paths
   */
  watch(files: readonly string[], changed: (file: string) => void): () => void;
}
