import picomatch from 'picomatch';
import type { ShareFolder } from '../share-folder.ts';

/** Which paths below a share are shared. Paths have `/` between their parts. */
export interface Globs {
  /** Whether a file is shared. */
  file(path: string): boolean;
  /** Whether a folder may have files that are. */
  folder(path: string): boolean;
}

// A backslash in a name is a letter like any other; a glob escapes with it. Hidden names are left out elsewhere.
const OPTIONS = { dot: true, windows: false, nonegate: true } as const;

/** Throws a RangeError for what is no glob. */
export function globsOf({ include, exclude }: Pick<ShareFolder, 'include' | 'exclude'>): Globs {
  const included = include === undefined ? () => true : matcher(include);
  const excluded = matcher(exclude ?? []);
  return {
    file: (path) => !excluded(path) && included(path),
    folder: (path) => !excluded(path),
  };
}

function matcher(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs.map((glob) => {
    try {
      return picomatch(glob, { ...OPTIONS, basename: !glob.includes('/') });
    } catch (error) {
      throw new RangeError(`${JSON.stringify(glob)} is no glob`, { cause: error });
    }
  });
  return (path) => matchers.some((matches) => matches(path));
}
