import type { Audience } from './index/shared-file.ts';

/** A folder that is shared. Plain data. */
export interface ShareFolder {
  /** What others see at the beginning of its paths: not empty, without `\` and `/`, unlike those of the other shares. */
  readonly name: string;
  /** Where it is: an absolute path. A link to a folder may stand here. */
  readonly folder: string;
  readonly audience: Audience;
  /**
   * Globs of files to share, on paths below the folder with `/` between their parts; one without `/` is for the last part.
   * @default everything
   */
  readonly include?: readonly string[];
  /** Globs of files and folders not to share, with all that is in them. They win over `include`. */
  readonly exclude?: readonly string[];
  /** Whether names that begin with a dot are shared. @default false */
  readonly hidden?: boolean;
}

/** Throws a RangeError for shares that cannot be told apart, or whose names would not be one part of a path. */
export function checkShares(shares: readonly ShareFolder[]): void {
  const names = new Set<string>();
  for (const { name } of shares) {
    if (name.trim() === '' || /[\\/\0]/u.test(name) || name === '.' || name === '..')
      throw new RangeError(`${JSON.stringify(name)} cannot be the name of a share`);
    if (names.has(name)) throw new RangeError(`two shares are called ${JSON.stringify(name)}`);
    names.add(name);
  }
}

/** Everything that decides what a scan of this share finds and who may have it; equal when that is the same. */
export function shareKey({ name, folder, audience, include, exclude, hidden }: ShareFolder): string {
  return JSON.stringify([name, folder, audience, include ?? null, exclude ?? [], hidden ?? false]);
}
