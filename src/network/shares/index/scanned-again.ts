import { slabAt } from './bytes.ts';
import type { ScannedFile, ScannedFolder } from './shared-file.ts';
import { SharedIndex } from './shared-index.ts';
import type { IndexTables } from './tables.ts';

const BACKSLASH = 0x5c;

/** What an index has of one share, as a scan would give it, with names as others see them. */
export function scannedAgain(tables: IndexTables, share: string): readonly ScannedFolder[] {
  const index = new SharedIndex(tables);
  const { folderShare, names, sizes, changed } = tables;
  const wanted = numberOf(tables, share);
  const folders: ScannedFolder[] = [];
  for (let folder = 0; folder < folderShare.length; folder++) {
    if (folderShare[folder] !== wanted) continue;
    const [from, to] = index.filesOf(folder);
    const files: ScannedFile[] = [];
    for (let id = from; id < to; id++) {
      files.push({
        name: slabAt(names, id),
        size: sizes[id]!,
        changed: changed[id]!,
        attributes: index.attributes(id),
      });
    }
    folders.push({ parts: splitParts(slabAt(tables.folders, folder)).slice(1), files });
  }
  return folders;
}

/** How many files of one share an index has. */
export function filesOfShare(tables: IndexTables, share: string): number {
  const { folderShare, firstFile } = tables;
  const wanted = numberOf(tables, share);
  let files = 0;
  folderShare.forEach((number, folder) => {
    if (number === wanted) files += firstFile[folder + 1]! - firstFile[folder]!;
  });
  return files;
}

function numberOf(tables: IndexTables, share: string): number {
  return tables.audiences.findIndex(
    (_audience, number) => Buffer.from(slabAt(tables.shares, number)).toString() === share,
  );
}

/** A path taken apart at its backslashes. */
export function splitParts(path: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let i = path.indexOf(BACKSLASH); i >= 0; i = path.indexOf(BACKSLASH, from)) {
    parts.push(path.subarray(from, i));
    from = i + 1;
  }
  return [...parts, path.subarray(from)];
}
