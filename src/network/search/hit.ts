import type { FileEntry, PeerMessageOf } from '../../protocol/index.ts';
import { encodeFileRef } from './file-ref.ts';

/** What its owner says of a file; what is absent was not said. */
export interface FileAttributes {
  /** kbit/s; of a variable bitrate the average. */
  readonly bitrate?: number;
  /** Seconds. */
  readonly duration?: number;
  /** Whether the bitrate varies. */
  readonly vbr?: boolean;
  /** Hz. */
  readonly sampleRate?: number;
  /** Bits per sample. */
  readonly bitDepth?: number;
}

/** One file that somebody offers in answer to a search. Plain data. */
export interface SearchHit {
  readonly user: string;
  /**
   * Whether it really is that user who answered, as far as the network can prove it at all; otherwise somebody who says so.
   * Ask for files by `ref` all the same: what is asked goes to the address that the server knows.
   */
  readonly verified: boolean;
  /** Whole remote path, separated by backslashes. To ask for the file pass `ref` on. */
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  /** The path without its last part. */
  readonly folder: string;
  /** Bytes. */
  readonly size: number;
  /** Lower case, without the dot; from the name, or what the owner says if the name has none; may be empty. */
  readonly extension: string;
  readonly attributes: FileAttributes;
  /** Whether the user could start an upload at once. */
  readonly slotFree: boolean;
  /** The user's average upload speed in bytes/s. */
  readonly speed: number;
  /** Uploads waiting at the user. */
  readonly queueLength: number;
  /** Only for people whom the user allows. */
  readonly locked: boolean;
  /** Stands for the file when it is to be asked for. Opaque; keeps the bytes of names that are no UTF-8. */
  readonly ref: string;
}

export type SearchResponse = PeerMessageOf<'FileSearchResponse'>;

/** Who answered, and what holds for all of its files. */
export interface HitSource extends Pick<SearchResponse, 'slotFree' | 'avgSpeed' | 'queueLength'> {
  readonly user: string;
  readonly verified: boolean;
}

/** Longer ones are no paths, in UTF-16 units: four times what file systems allow. */
const MAX_PATH = 16_384;

const MAX_EXTENSION = 16;

/** So many attributes are looked at; clients write three. */
const MAX_ATTRIBUTES = 16;

/** A row of a response as a hit; undefined for a row that no honest client writes. */
export function toHit(file: FileEntry, source: HitSource, locked: boolean): SearchHit | undefined {
  const { filename: path, latin1 } = file;
  if (path === '' || path.length > MAX_PATH || file.size > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const cut = Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));
  const name = path.slice(cut + 1);
  const { user, verified, slotFree, avgSpeed, queueLength } = source;
  const size = Number(file.size);
  return {
    user,
    verified,
    path,
    name,
    folder: path.slice(0, Math.max(0, cut)),
    size,
    extension: extensionOf(name, file.extension),
    attributes: attributesOf(file),
    slotFree,
    speed: avgSpeed,
    queueLength,
    locked,
    ref: encodeFileRef({ user, path, latin1: latin1?.includes('filename') ?? false, size }),
  };
}

function extensionOf(name: string, said: string): string {
  const dot = name.lastIndexOf('.');
  const own = dot > 0 ? name.slice(dot + 1) : '';
  const extension = own === '' || own.length > MAX_EXTENSION ? said : own;
  return extension.slice(0, MAX_EXTENSION).toLowerCase();
}

/** Of an attribute that is said twice the first counts; types that nobody knows are left out. */
function attributesOf(file: FileEntry): FileAttributes {
  const found: { -readonly [K in keyof FileAttributes]: FileAttributes[K] } = {};
  for (const { type, value } of file.attributes.slice(0, MAX_ATTRIBUTES)) {
    if (type === 0) found.bitrate ??= value;
    else if (type === 1) found.duration ??= value;
    else if (type === 2) found.vbr ??= value !== 0;
    else if (type === 4) found.sampleRate ??= value;
    else if (type === 5) found.bitDepth ??= value;
  }
  return found;
}
