/** A plugin's module after it was imported. Nothing in it is checked yet. */
export interface LoadedModule {
  /** The default export, whatever that is. */
  readonly plugin: unknown;
  /** The export `handover`, if there is one. */
  readonly handover?: unknown;
  /** The export `selfTest`, if there is one. */
  readonly selfTest?: unknown;
  /** Absolute paths of the files that were read for it, packages left out; empty when it came from no file. */
  readonly files: readonly string[];
}
