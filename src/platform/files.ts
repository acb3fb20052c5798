/** A path as the file system has it: bytes, because names may be no text. Parts are separated by `/`. */
export type FilePath = Uint8Array;

export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/** What is in a folder. */
export interface FolderEntry {
  readonly name: Uint8Array;
  readonly kind: EntryKind;
}

/** What is known of a file without following it if it is a link. */
export interface FileFacts {
  readonly kind: EntryKind;
  /** Bytes. */
  readonly size: number;
  /** Of the last change, milliseconds since the epoch. */
  readonly changed: number;
  /** The same as long as it is the same file, however it is called: a loop of folders shows by it. */
  readonly identity: string;
}

/** A file open for reading. Never a link. */
export interface ReadingFile {
  /** As it is now. */
  facts(): Promise<FileFacts>;
  /** Up to `length` bytes from `at`; fewer at the end, none beyond it. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A file open for writing at its end. Never a link. */
export interface AppendingFile {
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Cuts it to so many bytes; what is written next stands behind them. */
  truncate(size: number): Promise<void>;
  /** Resolves when it is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The file system as everything above the platform sees it. Rejects with a {@link FilesError}. */
export interface Files {
  /** Everything in a folder, in no order. */
  list(folder: FilePath): Promise<readonly FolderEntry[]>;
  facts(path: FilePath): Promise<FileFacts>;
  /** Where it really is: every link on the way followed. */
  realPath(path: FilePath): Promise<FilePath>;
  /** @throws FilesError `ELOOP` for a link, `EISDIR` for a folder */
  openRead(path: FilePath): Promise<ReadingFile>;
  /** Made when it is missing; its folder must be there. @throws FilesError `ELOOP` for a link */
  openAppend(path: FilePath): Promise<AppendingFile>;
  /** Takes the place of what is there. */
  rename(from: FilePath, to: FilePath): Promise<void>;
  /** A file, or an empty folder. Nothing happens when it is not there. */
  remove(path: FilePath): Promise<void>;
  /** With the folders above it; nothing happens when it is there. */
  makeFolder(path: FilePath): Promise<void>;
  /** Bytes that could still be written there. */
  freeBytes(folder: FilePath): Promise<number>;
}

/** `code` is the system's: ENOENT, EACCES, ENOSPC, EIO, ELOOP, … */
export class FilesError extends Error {
  override readonly name = 'FilesError';
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A path as bytes. */
export const filePath = (text: string): FilePath => Buffer.from(text);
