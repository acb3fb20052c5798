import { constants, type Dirent, type Stats } from 'node:fs';
import {
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rmdir,
  statfs,
  unlink,
} from 'node:fs/promises';
import {
  type AppendingFile,
  type EntryKind,
  type FileFacts,
  type FilePath,
  type Files,
  FilesError,
  type FolderEntry,
  type ReadingFile,
} from '../files.ts';

/** Windows has none of these flags; links are refused there by looking before. */
const { O_RDONLY, O_RDWR, O_CREAT } = constants;
const flag = (name: string): number => (constants as Readonly<Record<string, number | undefined>>)[name] ?? 0;
const O_NOFOLLOW = flag('O_NOFOLLOW');
const O_NONBLOCK = flag('O_NONBLOCK');
const MODE = 0o644;
const WINDOWS = process.platform === 'win32';
const BACKSLASH = 0x5c;
const SLASH = 0x2f;

/** The file system of this machine. */
export class NodeFiles implements Files {
  async list(folder: FilePath): Promise<readonly FolderEntry[]> {
    const entries = await attempt(readdir(buffer(folder), { withFileTypes: true, encoding: 'buffer' }));
    return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry as unknown as Dirent) }));
  }

  async facts(path: FilePath): Promise<FileFacts> {
    return factsOf(await attempt(lstat(buffer(path))));
  }

  async realPath(path: FilePath): Promise<FilePath> {
    const real = await attempt(realpath(buffer(path), { encoding: 'buffer' }));
    return WINDOWS ? real.map((byte) => (byte === BACKSLASH ? SLASH : byte)) : real;
  }

  async openRead(path: FilePath): Promise<ReadingFile> {
    await this.#noLink(path);
    // A pipe would make the opening wait for whoever writes into it.
    const handle = await attempt(open(buffer(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
    const file = new NodeReadingFile(handle);
    const { kind } = await file.facts();
    if (kind === 'file') return file;
    await file.close();
    throw new FilesError(kind === 'folder' ? 'EISDIR' : 'EINVAL', `this is not a file but a ${kind}`);
  }

  async openAppend(path: FilePath): Promise<AppendingFile> {
    await this.#noLink(path);
    const handle = await attempt(open(buffer(path), O_RDWR | O_CREAT | O_NOFOLLOW, MODE));
    return new NodeAppendingFile(handle, (await attempt(handle.stat())).size);
  }

  async rename(from: FilePath, to: FilePath): Promise<void> {
    await attempt(rename(buffer(from), buffer(to)));
  }

  async remove(path: FilePath): Promise<void> {
    try {
      const { kind } = await this.facts(path);
      await attempt(kind === 'folder' ? rmdir(buffer(path)) : unlink(buffer(path)));
    } catch (error) {
      if (!(error instanceof FilesError && error.code === 'ENOENT')) throw error;
    }
  }

  async makeFolder(path: FilePath): Promise<void> {
    await attempt(mkdir(buffer(path), { recursive: true }));
  }

  async freeBytes(folder: FilePath): Promise<number> {
    const { bavail, bsize } = await attempt(statfs(buffer(folder)));
    return bavail * bsize;
  }

  async #noLink(path: FilePath): Promise<void> {
    if (O_NOFOLLOW !== 0) return;
    const facts = await this.facts(path).catch(() => undefined);
    if (facts?.kind === 'link') throw new FilesError('ELOOP', 'this is a link');
  }
}

class NodeReadingFile implements ReadingFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async facts(): Promise<FileFacts> {
    return factsOf(await attempt(this.#handle.stat()));
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await attempt(this.#handle.read(bytes, 0, length, at));
    return bytes.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    await attempt(this.#handle.close());
  }
}

class NodeAppendingFile implements AppendingFile {
  readonly #handle: FileHandle;
  #size: number;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const rest = bytes.subarray(written);
      const { bytesWritten } = await attempt(this.#handle.write(rest, 0, rest.length, this.#size));
      written += bytesWritten;
      this.#size += bytesWritten;
    }
  }

  async truncate(size: number): Promise<void> {
    await attempt(this.#handle.truncate(size));
    this.#size = size;
  }

  async sync(): Promise<void> {
    await attempt(this.#handle.sync());
  }

  async close(): Promise<void> {
    await attempt(this.#handle.close());
  }
}

function factsOf(stats: Stats): FileFacts {
  return {
    kind: kindOf(stats),
    size: stats.size,
    changed: Math.trunc(stats.mtimeMs),
    identity: `${stats.dev}:${stats.ino}`,
  };
}

function kindOf(entry: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

async function attempt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException;
    throw new FilesError(code, message, { cause: error });
  }
}

function buffer(path: FilePath): Buffer {
  return Buffer.from(path.buffer, path.byteOffset, path.length);
}
