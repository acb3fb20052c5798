import type { Clock } from '../clock.ts';
import {
  type AppendingFile,
  type FileFacts,
  type FilePath,
  type Files,
  FilesError,
  type FolderEntry,
  type ReadingFile,
} from '../files.ts';

/** A file, folder or link of the virtual disk. */
interface Node {
  kind: 'file' | 'folder' | 'link';
  bytes: Buffer;
  changed: number;
  readonly identity: string;
  /** Of a link. */
  target?: string;
}

/** What can go wrong with the next operations. */
export interface DiskFaults {
  /** The code with which an operation on this path fails; undefined: it works. Paths are Latin-1 texts of their bytes. */
  readonly fails?: (operation: keyof Files | 'read' | 'append' | 'sync', path: string) => string | undefined;
  /** How long an operation takes, in milliseconds. @default 0 */
  readonly delayMs?: number;
}

/** A disk in memory. Its paths are absolute; `/` is there from the beginning. */
export class VirtualFiles implements Files {
  readonly #clock: Pick<Clock, 'now' | 'setTimeout'>;
  readonly #nodes = new Map<string, Node>();
  #made = 0;
  faults: DiskFaults = {};
  /** Bytes that the disk can hold. */
  capacity = Number.MAX_SAFE_INTEGER;

  constructor(clock: Pick<Clock, 'now' | 'setTimeout'>) {
    this.#clock = clock;
    this.#nodes.set('/', this.#node('folder'));
  }

  /** Puts a file there, folders above it included; for tests. */
  put(path: string | FilePath, bytes: Uint8Array | string): void {
    const key = keyOf(path);
    this.#folders(parentOf(key));
    const known = this.#nodes.get(key);
    const node = known?.kind === 'file' ? known : this.#node('file');
    node.bytes = Buffer.from(bytes);
    node.changed = this.#clock.now();
    this.#nodes.set(key, node);
  }

  putLink(path: string | FilePath, target: string): void {
    const key = keyOf(path);
    this.#folders(parentOf(key));
    this.#nodes.set(key, { ...this.#node('link'), target });
  }

  /** The bytes of a file; undefined when there is none. */
  get(path: string | FilePath): Uint8Array | undefined {
    const node = this.#nodes.get(keyOf(path));
    return node?.kind === 'file' ? node.bytes : undefined;
  }

  /** Every path of a file, in order. */
  get paths(): readonly string[] {
    return [...this.#nodes]
      .filter(([, { kind }]) => kind === 'file')
      .map(([path]) => path)
      .sort();
  }

  /** Takes away whatever is there and below. */
  drop(path: string | FilePath): void {
    const key = keyOf(path);
    for (const known of [...this.#nodes.keys()])
      if (known === key || known.startsWith(`${key}/`)) this.#nodes.delete(known);
  }

  async list(folder: FilePath): Promise<readonly FolderEntry[]> {
    const key = this.#resolve(await this.#enter('list', folder), 0);
    if (this.#at(key).kind !== 'folder') throw new FilesError('ENOTDIR', `${key} is not a folder`);
    const prefix = key === '/' ? '/' : `${key}/`;
    const found: FolderEntry[] = [];
    for (const [path, { kind }] of this.#nodes) {
      if (path === key || !path.startsWith(prefix) || path.includes('/', prefix.length)) continue;
      found.push({ name: Buffer.from(path.slice(prefix.length), 'latin1'), kind });
    }
    return found;
  }

  async facts(path: FilePath): Promise<FileFacts> {
    return factsOf(this.#at(await this.#enter('facts', path)));
  }

  async realPath(path: FilePath): Promise<FilePath> {
    await this.#enter('realPath', path);
    const real = this.#resolve(keyOf(path), 0);
    this.#at(real);
    return Buffer.from(real, 'latin1');
  }

  async openRead(path: FilePath): Promise<ReadingFile> {
    const key = await this.#enter('openRead', path);
    const node = this.#at(key);
    if (node.kind === 'link') throw new FilesError('ELOOP', `${key} is a link`);
    if (node.kind === 'folder') throw new FilesError('EISDIR', `${key} is a folder`);
    return {
      facts: async () => {
        await this.#work('facts', key);
        return factsOf(node);
      },
      read: async (at, length) => {
        await this.#work('read', key);
        return Buffer.from(node.bytes.subarray(at, at + length));
      },
      close: async () => {},
    };
  }

  async openAppend(path: FilePath): Promise<AppendingFile> {
    const key = await this.#enter('openAppend', path);
    if (this.#nodes.get(key)?.kind === 'link') throw new FilesError('ELOOP', `${key} is a link`);
    if (this.#at(parentOf(key)).kind !== 'folder') throw new FilesError('ENOTDIR', `${key} is in no folder`);
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = this.#node('file');
      this.#nodes.set(key, node);
    }
    const file = node;
    const change = (bytes: Buffer) => {
      if (this.#used() - file.bytes.length + bytes.length > this.capacity)
        throw new FilesError('ENOSPC', 'the disk is full');
      file.bytes = bytes;
      file.changed = this.#clock.now();
    };
    return {
      get size() {
        return file.bytes.length;
      },
      append: async (bytes) => {
        await this.#work('append', key);
        change(Buffer.concat([file.bytes, bytes]));
      },
      truncate: async (size) => {
        await this.#work('append', key);
        change(
          Buffer.concat([file.bytes.subarray(0, size), Buffer.alloc(Math.max(0, size - file.bytes.length))]),
        );
      },
      sync: async () => this.#work('sync', key),
      close: async () => {},
    };
  }

  async rename(from: FilePath, to: FilePath): Promise<void> {
    const key = await this.#enter('rename', from);
    const node = this.#at(key);
    const target = this.#through(keyOf(to));
    if (this.#at(parentOf(target)).kind !== 'folder')
      throw new FilesError('ENOTDIR', `${target} is in no folder`);
    this.#nodes.delete(key);
    this.#nodes.set(target, node);
  }

  async remove(path: FilePath): Promise<void> {
    const key = await this.#enter('remove', path);
    if ([...this.#nodes.keys()].some((known) => known.startsWith(`${key}/`)))
      throw new FilesError('ENOTEMPTY', `${key} is not empty`);
    this.#nodes.delete(key);
  }

  async makeFolder(path: FilePath): Promise<void> {
    this.#folders(await this.#enter('makeFolder', path));
  }

  async freeBytes(folder: FilePath): Promise<number> {
    this.#at(await this.#enter('freeBytes', folder));
    return Math.max(0, this.capacity - this.#used());
  }

  /** Waits as long as the disk takes. @returns the path with the links above its last part followed */
  async #enter(operation: keyof Files, path: FilePath): Promise<string> {
    const key = keyOf(path);
    await this.#work(operation, key);
    return this.#through(key);
  }

  async #work(operation: Parameters<NonNullable<DiskFaults['fails']>>[0], key: string): Promise<void> {
    const { fails, delayMs = 0 } = this.faults;
    if (delayMs > 0) await new Promise<void>((done) => this.#clock.setTimeout(done, delayMs));
    const code = fails?.(operation, key);
    if (code !== undefined) throw new FilesError(code, `${operation} ${key}: ${code}`);
  }

  #through(key: string): string {
    if (key === '/') return key;
    const parent = this.#resolve(parentOf(key), 0);
    return `${parent === '/' ? '' : parent}/${key.slice(key.lastIndexOf('/') + 1)}`;
  }

  #resolve(key: string, depth: number): string {
    if (depth > 40) throw new FilesError('ELOOP', `${key}: too many links`);
    let real = '/';
    for (const part of key.split('/').filter((each) => each !== '')) {
      const next = `${real === '/' ? '' : real}/${part}`;
      const node = this.#nodes.get(next);
      if (node?.target === undefined) real = next;
      else
        real = this.#resolve(
          node.target.startsWith('/') ? keyOf(node.target) : keyOf(`${real}/${node.target}`),
          depth + 1,
        );
    }
    return real;
  }

  #at(key: string): Node {
    const node = this.#nodes.get(key);
    if (node === undefined) throw new FilesError('ENOENT', `${key}: no such file or folder`);
    return node;
  }

  #folders(key: string): void {
    const node = this.#nodes.get(key);
    if (node?.kind === 'folder') return;
    if (node !== undefined) throw new FilesError('ENOTDIR', `${key} is not a folder`);
    this.#folders(parentOf(key));
    this.#nodes.set(key, this.#node('folder'));
  }

  #node(kind: Node['kind']): Node {
    return { kind, bytes: Buffer.alloc(0), changed: this.#clock.now(), identity: `v:${++this.#made}` };
  }

  #used(): number {
    let bytes = 0;
    for (const node of this.#nodes.values()) bytes += node.bytes.length;
    return bytes;
  }
}

function factsOf({ kind, bytes, changed, identity }: Node): FileFacts {
  return { kind, size: bytes.length, changed, identity };
}

/** Paths as Latin-1 texts of their bytes: every byte is one character. Dots are walked. */
function keyOf(path: string | FilePath): string {
  const text = (typeof path === 'string' ? Buffer.from(path) : Buffer.from(path)).toString('latin1');
  const parts: string[] = [];
  for (const part of text.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function parentOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/')) || '/';
}
