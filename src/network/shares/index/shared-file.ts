import type { FileAttributes } from '../../search/hit.ts';

/** Who may have a file. */
export type Audience = 'everyone' | 'buddies';

/** A file as the scan found it. */
export interface ScannedFile {
  /** Of the file itself, as the file system has them: bytes, because they may be no text. */
  readonly name: Uint8Array;
  /** Bytes. */
  readonly size: number;
  /** Of the last change, milliseconds since the epoch: what tells that it must be read again. */
  readonly changed: number;
  readonly attributes: FileAttributes;
}

/** A folder as the scan found it, with the files in it. */
export interface ScannedFolder {
  /** Parts below the share's own folder, as the file system has them. */
  readonly parts: readonly Uint8Array[];
  readonly files: readonly ScannedFile[];
}

/** One of `shares` in the config, scanned. */
export interface ScannedShare {
  /** What others see at the beginning of its paths. */
  readonly name: string;
  readonly audience: Audience;
  readonly folders: readonly ScannedFolder[];
}

/** A shared file, by its number in the index. */
export interface IndexedFile {
  readonly id: number;
  /** Whole path as others see it, parts separated by backslashes. */
  readonly path: string;
  /** Its bytes are no UTF-8 and were read as Latin-1. */
  readonly latin1: boolean;
  readonly size: number;
  readonly changed: number;
  readonly audience: Audience;
  readonly attributes: FileAttributes;
}
