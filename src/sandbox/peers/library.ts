import type { Directory, FileAttribute, FileEntry } from '../../protocol/index.ts';
import { matches, parseQuery, searchable } from './words.ts';

export interface LibraryFile {
  /** Without its folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Type and value as on the wire: 0 kbit/s, 1 seconds, 2 VBR, 4 Hz, 5 bits. @default none */
  readonly attributes?: readonly FileAttribute[];
}

export interface LibraryFolder {
  /** As others see it: begins with a share's name, parts separated by backslashes. */
  readonly path: string;
  readonly files: readonly LibraryFile[];
  /** Shown, but for others to look at only. @default false */
  readonly locked?: boolean;
}

/** Results of a search, apart for what may be downloaded and what is only shown. */
export interface Found {
  readonly open: readonly FileEntry[];
  readonly locked: readonly FileEntry[];
}

/** At most so many results for one search [Nicotine+]. */
const MAX_RESULTS = 300;

/** What somebody in the sandbox shares. The files exist by name only. */
export class Library {
  static readonly empty = new Library([]);
  readonly folders: readonly LibraryFolder[];
  /** The words of each file's whole path, in the order of the files; made at the first search. */
  #texts: readonly (readonly string[])[] | undefined;

  constructor(folders: readonly LibraryFolder[]) {
    this.folders = folders;
  }

  get fileCount(): number {
    return this.folders.reduce((sum, folder) => sum + folder.files.length, 0);
  }

  /** @param excluded lower-case phrases; a file whose path contains one is left out. */
  search(text: string, excluded: readonly string[] = []): Found {
    const open: FileEntry[] = [];
    const locked: FileEntry[] = [];
    const query = parseQuery(text);
    if (!query) return { open, locked };
    this.#texts ??= this.folders.map(({ path, files }) =>
      files.map(({ name }) => searchable(`${path}\\${name}`)),
    );
    for (const [i, folder] of this.folders.entries()) {
      for (const [j, file] of folder.files.entries()) {
        if (!matches(query, this.#texts[i]![j]!)) continue;
        const path = `${folder.path}\\${file.name}`;
        if (excluded.some((phrase) => path.toLowerCase().includes(phrase))) continue;
        (folder.locked ? locked : open).push(entryOf(path, file));
        if (open.length + locked.length === MAX_RESULTS) return { open, locked };
      }
    }
    return { open, locked };
  }

  /** Every folder with bare file names, as browsing shows them. */
  directories(): { readonly open: readonly Directory[]; readonly locked: readonly Directory[] } {
    const open: Directory[] = [];
    const locked: Directory[] = [];
    for (const folder of this.folders) (folder.locked ? locked : open).push(directoryOf(folder));
    return { open, locked };
  }

  /** One folder, not locked; undefined when there is none of that path. */
  directory(path: string): Directory | undefined {
    const folder = this.folders.find((candidate) => candidate.path === path && !candidate.locked);
    return folder && directoryOf(folder);
  }
}

const directoryOf = ({ path, files }: LibraryFolder): Directory => ({
  name: path,
  files: files.map((file) => entryOf(file.name, file)),
});

/** The extension stays empty, as most clients send it. */
const entryOf = (filename: string, { size, attributes = [] }: LibraryFile): FileEntry => ({
  code: 1,
  filename,
  size: BigInt(size),
  extension: '',
  attributes,
});
