import { type FilePath, filePath } from '../../platform/files.ts';
import { slabAt } from './index/bytes.ts';
import { splitParts } from './index/scanned-again.ts';
import type { SharedIndex } from './index/shared-index.ts';
import { below } from './scan/notes.ts';
import type { ShareFolder } from './share-folder.ts';

/** Systems allow a limited number of watches for all programs together. */
const MAX_WATCHED = 512;

/** The folders to watch: those of the shares, and of the others those that are least deep. */
export function watchedFolders(shares: readonly ShareFolder[], index: SharedIndex): readonly FilePath[] {
  const roots = shares.map(({ folder }) => filePath(folder));
  const { folders, folderShare } = index.tables;
  const found: FilePath[] = [];
  for (let depth = 1; depth <= 3 && found.length < MAX_WATCHED; depth++) {
    for (let folder = 0; folder < index.folderCount && found.length < MAX_WATCHED; folder++) {
      const root = roots[folderShare[folder]!];
      const path = slabAt(folders, folder);
      if (root !== undefined && depthOf(path) === depth)
        found.push(splitParts(path).slice(1).reduce<FilePath>(below, root));
    }
  }
  return [...roots, ...found];
}

function depthOf(path: Uint8Array): number {
  let depth = 0;
  for (const byte of path) if (byte === BACKSLASH) depth++;
  return depth;
}

const BACKSLASH = 0x5c;
