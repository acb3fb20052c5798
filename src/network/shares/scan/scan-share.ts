import { abortError } from '../../../platform/abort.ts';
import { type FileFacts, type FilePath, type Files, FilesError, filePath } from '../../../platform/files.ts';
import type { FileAttributes } from '../../search/hit.ts';
import { compareBytes } from '../index/bytes.ts';
import { pathText } from '../index/path-text.ts';
import type { ScannedFile, ScannedFolder } from '../index/shared-file.ts';
import type { ShareFolder } from '../share-folder.ts';
import { type Globs, globsOf } from './globs.ts';
import { below, isWithin, NoteBook, type ScanNotes } from './notes.ts';
import { inParallel } from './pool.ts';

export interface ScanLimits {
  /** Folders within each other. @default 64 */
  readonly depth?: number;
  /** Files of one share. @default 2000000 */
  readonly files?: number;
}

/** What a file says of itself, or what is known of it already. */
export type AttributesOf = (file: {
  readonly path: FilePath;
  /** Parts below the share, that of the file excluded. */
  readonly parts: readonly Uint8Array[];
  readonly name: Uint8Array;
  readonly facts: FileFacts;
}) => FileAttributes | Promise<FileAttributes>;

export interface ScanTools {
  readonly files: Files;
  readonly attributesOf: AttributesOf;
  readonly limits?: ScanLimits;
  /** Called now and then with what was found so far. */
  readonly onProgress?: (folders: number, files: number) => void;
  readonly signal?: AbortSignal;
}

export interface ScanResult {
  readonly folders: readonly ScannedFolder[];
  readonly notes: ScanNotes;
}

/** The share itself cannot be read, or went away while it was. */
export class DiskAwayError extends Error {
  override readonly name = 'DiskAwayError';
  /** The system's. */
  readonly code: string;
  constructor(code: string) {
    super(`the share cannot be read: ${code}`);
    this.code = code;
  }
}

const DEFAULT_DEPTH = 64;
const DEFAULT_FILES = 2_000_000;

/** Questions to the file system at a time. */
const AT_A_TIME = 32;

/** Files between two words of progress. */
const PROGRESS = 2_000;

/** A folder to be looked into. */
interface Visit {
  readonly path: FilePath;
  readonly parts: readonly Uint8Array[];
  /** Below the share, with `/`; empty for the share itself. */
  readonly shown: string;
  /** Of what was reached through a link: where it really is, as `shown`. Globs must allow that too. */
  readonly behind?: string;
  readonly above: Chain | undefined;
}

interface Chain {
  readonly identity: string;
  readonly above: Chain | undefined;
}

/** Finds everything in a share. Rejects with a DiskAwayError, or with the signal's reason. */
export async function scanShare(share: ShareFolder, tools: ScanTools): Promise<ScanResult> {
  return new Scan(share, tools).run();
}

class Scan {
  readonly #share: ShareFolder;
  readonly #tools: ScanTools;
  readonly #globs: Globs;
  readonly #depth: number;
  readonly #room: number;
  readonly #notes = new NoteBook();
  readonly #folders: ScannedFolder[] = [];
  /** Identities of folders that were looked into, apart for those behind links: each is twice in the list at most. */
  readonly #seen = { real: new Set<string>(), linked: new Set<string>() };
  readonly #links: Visit[] = [];
  #root: FilePath;
  #files = 0;
  #told = 0;

  constructor(share: ShareFolder, tools: ScanTools) {
    this.#share = share;
    this.#tools = tools;
    this.#globs = globsOf(share);
    this.#depth = tools.limits?.depth ?? DEFAULT_DEPTH;
    this.#room = tools.limits?.files ?? DEFAULT_FILES;
    this.#root = filePath(share.folder);
  }

  async run(): Promise<ScanResult> {
    const before = await this.#atRoot();
    const waiting: Visit[] = [{ path: this.#root, parts: [], shown: '', above: undefined }];
    // Links after everything else, so that what is found does not hang on the order of names.
    for (;;) {
      const visit = waiting.pop() ?? this.#links.shift();
      if (visit === undefined || this.#notes.full) break;
      const deeper = await this.#visit(visit);
      for (let i = deeper.length - 1; i >= 0; i--) waiting.push(deeper[i]!);
    }
    // A disk that is unmounted while it is scanned leaves an empty folder.
    if ((await this.#atRoot()) !== before) throw new DiskAwayError('ENODEV');
    return { folders: this.#folders, notes: this.#notes.plain };
  }

  async #atRoot(): Promise<string> {
    try {
      this.#root = await this.#tools.files.realPath(filePath(this.#share.folder));
      const { kind, identity } = await this.#tools.files.facts(this.#root);
      if (kind !== 'folder') throw new DiskAwayError('ENOTDIR');
      return identity;
    } catch (error) {
      throw error instanceof FilesError ? new DiskAwayError(error.code) : error;
    }
  }

  /** @returns the folders in it */
  async #visit(visit: Visit): Promise<Visit[]> {
    const { signal, files } = this.#tools;
    if (signal?.aborted) throw abortError(signal);
    try {
      const { kind, identity } = await files.facts(visit.path);
      const linked = visit.behind !== undefined;
      const seen = this.#seen[linked ? 'linked' : 'real'];
      if (kind !== 'folder' || seen.has(identity)) return [];
      if (linked && isAbove(visit.above, identity)) {
        this.#notes.links++;
        return [];
      }
      seen.add(identity);
      return await this.#look(visit, { identity, above: visit.above });
    } catch (error) {
      this.#unreadable(error, visit.shown);
      // The share itself must be readable.
      if (visit.parts.length === 0 && error instanceof FilesError) throw new DiskAwayError(error.code);
      return [];
    }
  }

  async #look(visit: Visit, chain: Chain): Promise<Visit[]> {
    const entries = [...(await this.#tools.files.list(visit.path))].sort((a, b) =>
      compareBytes(a.name, b.name),
    );
    const deeper: Visit[] = [];
    const found: { readonly name: Uint8Array; readonly path: FilePath; readonly shown: string }[] = [];
    for (const { name, kind } of entries) {
      if (name[0] === DOT && !this.#share.hidden) continue;
      const shown = joined(visit.shown, name);
      const behind = visit.behind === undefined ? {} : { behind: joined(visit.behind, name) };
      const allowed = (which: 'file' | 'folder') =>
        this.#globs[which](shown) && (behind.behind === undefined || this.#globs[which](behind.behind));
      const path = below(visit.path, name);
      if (kind === 'other') this.#notes.special++;
      else if (kind === 'file') {
        if (allowed('file')) found.push({ name, path, shown });
      } else if (allowed('folder')) {
        const next = { path, parts: [...visit.parts, name], shown, ...behind, above: chain };
        if (kind === 'folder') this.#deeper(next, deeper);
        else if ((await this.#follow(next)) === 'file' && allowed('file')) found.push({ name, path, shown });
      }
    }
    await this.#take(visit, found);
    return deeper;
  }

  #deeper(visit: Visit, into: Visit[]): void {
    if (visit.parts.length > this.#depth) this.#notes.deep++;
    else into.push(visit);
  }

  /** Where a link within the share leads; those to folders are looked into later. */
  async #follow(visit: Visit): Promise<'file' | undefined> {
    const { files } = this.#tools;
    try {
      const real = await files.realPath(visit.path);
      const behind = this.#within(real);
      if (behind !== undefined) {
        const { kind } = await files.facts(real);
        if (kind === 'file') return 'file';
        if (kind === 'folder') {
          this.#deeper({ ...visit, path: real, behind }, this.#links);
          return undefined;
        }
      }
    } catch (error) {
      if (!(error instanceof FilesError)) throw error;
    }
    this.#notes.links++;
    return undefined;
  }

  /** A real path below the share, if everything on the way there is shared. */
  #within(real: FilePath): string | undefined {
    if (!isWithin(real, this.#root)) return undefined;
    const behind = pathText(real.subarray(this.#root.length)).text.replace(/^\//u, '');
    const parts = behind.split('/');
    const hidden = !this.#share.hidden && parts.some((part) => part.startsWith('.'));
    const left = parts.some((_part, index) => !this.#globs.folder(parts.slice(0, index + 1).join('/')));
    return hidden || left ? undefined : behind;
  }

  async #take(
    { parts, shown }: Visit,
    found: readonly { readonly name: Uint8Array; readonly path: FilePath; readonly shown: string }[],
  ): Promise<void> {
    const room = this.#room - this.#files;
    if (found.length > room) this.#notes.full = true;
    const taken = await inParallel(found.slice(0, room), AT_A_TIME, (entry) => this.#file(parts, entry));
    const files = taken.filter((file) => file !== undefined);
    if (files.length > 0) this.#folders.push({ parts, files });
    this.#files += files.length;
    if (this.#files >= this.#told + PROGRESS || shown === '') {
      this.#told = this.#files;
      this.#tools.onProgress?.(this.#folders.length, this.#files);
    }
  }

  async #file(
    parts: readonly Uint8Array[],
    { name, path, shown }: { readonly name: Uint8Array; readonly path: FilePath; readonly shown: string },
  ): Promise<ScannedFile | undefined> {
    const { files, attributesOf } = this.#tools;
    try {
      let real = path;
      let facts = await files.facts(path);
      if (facts.kind === 'link') {
        real = await files.realPath(path);
        const behind = this.#within(real);
        if (behind === undefined || !this.#globs.file(behind)) return undefined;
        facts = await files.facts(real);
      }
      if (facts.kind !== 'file') return undefined;
      const attributes = await attributesOf({ path: real, parts, name, facts });
      return { name, size: facts.size, changed: facts.changed, attributes };
    } catch (error) {
      this.#unreadable(error, shown);
      return undefined;
    }
  }

  #unreadable(error: unknown, shown: string): void {
    if (!(error instanceof FilesError)) throw error;
    // What went away meanwhile is not missed.
    if (error.code !== 'ENOENT') this.#notes.cannotRead(shown, error.code);
  }
}

function joined(shown: string, name: Uint8Array): string {
  const { text } = pathText(name);
  return shown === '' ? text : `${shown}/${text}`;
}

function isAbove(chain: Chain | undefined, identity: string): boolean {
  for (let at = chain; at !== undefined; at = at.above) if (at.identity === identity) return true;
  return false;
}

const DOT = 0x2e;
