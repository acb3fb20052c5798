import type { FilePath } from '../../../platform/files.ts';

/** Something that could not be read. */
export interface Unreadable {
  /** Below the share, as a person reads it. */
  readonly path: string;
  /** The system's: EACCES, EIO, … */
  readonly code: string;
}

/** What a scan passed over. */
export interface ScanNotes {
  readonly unreadable: number;
  /** Of these what the disk itself seems to be to blame for. */
  readonly ailing: number;
  /** The first of them. */
  readonly unreadableFirst: readonly Unreadable[];
  /** Pipes, sockets, devices. */
  readonly special: number;
  /** Links that lead out of the share, to nowhere, or in a circle. */
  readonly links: number;
  /** Folders that are too deep. */
  readonly deep: number;
  /** There were more files than are taken. */
  readonly full: boolean;
}

/** Of what could not be read so much is named. */
const NAMED = 20;

/** Codes of a disk that fails, not of one file on it. */
const AILING: ReadonlySet<string> = new Set([
  'EIO',
  'ENODEV',
  'ENXIO',
  'ESTALE',
  'ENOTCONN',
  'EHOSTDOWN',
  'ETIMEDOUT',
]);

/** Collects the notes of one scan. */
export class NoteBook implements ScanNotes {
  unreadable = 0;
  ailing = 0;
  readonly unreadableFirst: Unreadable[] = [];
  special = 0;
  links = 0;
  deep = 0;
  full = false;

  cannotRead(path: string, code: string): void {
    this.unreadable++;
    if (AILING.has(code)) this.ailing++;
    if (this.unreadableFirst.length < NAMED) this.unreadableFirst.push({ path, code });
  }

  /** As plain data. */
  get plain(): ScanNotes {
    const { unreadable, ailing, unreadableFirst, special, links, deep, full } = this;
    return { unreadable, ailing, unreadableFirst, special, links, deep, full };
  }
}

/** One more part behind a path. */
export function below(folder: FilePath, name: Uint8Array): FilePath {
  const slash = folder[folder.length - 1] === SLASH ? [] : [Uint8Array.of(SLASH)];
  return Buffer.concat([folder, ...slash, name]);
}

/** Whether `path` is `folder` or in it. Both as `realPath` says them. */
export function isWithin(path: FilePath, folder: FilePath): boolean {
  if (path.length < folder.length || Buffer.compare(path.subarray(0, folder.length), folder) !== 0)
    return false;
  return (
    path.length === folder.length || folder[folder.length - 1] === SLASH || path[folder.length] === SLASH
  );
}

const SLASH = 0x2f;
