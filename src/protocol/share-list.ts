import { Buffer } from 'node:buffer';
import { createDeflate } from 'node:zlib';
import { str, struct } from './codec.ts';
import type { CompressionLevel } from './compression.ts';
import { compileLayout, type Layout } from './layout.ts';
import { peerChannel } from './messages/peer.ts';
import { type Directory, type FileEntry, file } from './messages/shared.ts';
import type { StructShape } from './shape.ts';
import { Writer } from './writer.ts';

/** Folders of a list that is too long to be one object. Everything is asked for when it is written. */
export interface ManyDirectories {
  readonly count: number;
  readonly directories: Iterable<LongDirectory>;
}

/** A `Directory`, the files of which may be too many to be one object. */
export interface LongDirectory extends Pick<Directory, 'name' | 'latin1'> {
  readonly count: number;
  readonly files: Iterable<FileEntry>;
}

/** Bytes of the length and the code of a frame. */
const HEADER = 8;

const DEFAULT_LEVEL: CompressionLevel = 4;

/** Bytes that are written before the event loop turns: a few milliseconds. */
const PIECE = 64 * 1024;

let layouts: { readonly name: Layout; readonly file: Layout } | undefined;

/**
 * The frame of a SharedFileListResponse, as `encodePeerMessageAsync` makes it, but written piece by piece: the event loop
 * turns between them, and neither the list nor its bytes are ever whole before they are compressed, which happens in the
 * thread pool. Rejects with a `WireError` if a value does not fit.
 */
export async function encodeShareList(
  directories: ManyDirectories,
  privateDirectories?: ManyDirectories,
  level: CompressionLevel = DEFAULT_LEVEL,
): Promise<Uint8Array> {
  const deflate = createDeflate({ level });
  const header = Buffer.alloc(HEADER);
  const chunks: Buffer[] = [header];
  let failed: Error | undefined;
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  deflate.on('error', (error) => {
    failed = error;
  });
  try {
    for (const piece of payload(directories, privateDirectories))
      await new Promise<void>((done) => deflate.write(piece, () => done()));
    await new Promise<void>((done) => deflate.once('close', done).end());
  } finally {
    deflate.destroy();
  }
  if (failed !== undefined) throw failed;
  const frame = Buffer.concat(chunks);
  frame.writeUInt32LE(frame.length - 4);
  frame.writeUInt32LE(peerChannel.entryNamed('SharedFileListResponse')!.row.code, 4);
  return frame;
}

/** As the layout of SharedFileListResponse has it: a list, a number that nobody knows, and perhaps another list. */
function* payload(
  directories: ManyDirectories,
  privateDirectories: ManyDirectories | undefined,
): Generator<Uint8Array> {
  yield* listOf(directories);
  yield number(0);
  if (privateDirectories !== undefined) yield* listOf(privateDirectories);
}

function* listOf({ count, directories }: ManyDirectories): Generator<Uint8Array> {
  layouts ??= {
    name: compileLayout(struct({ name: str }).shape as StructShape),
    file: compileLayout(file.shape as StructShape),
  };
  const writer = new Writer();
  writer.begin();
  writer.u32(count);
  for (const directory of directories) {
    // What a `Directory` is on the wire: its name and a list of files.
    const { name, latin1 } = directory;
    layouts.name.write(writer, { name, ...(latin1 && { latin1 }) });
    writer.u32(directory.count);
    for (const each of directory.files) {
      layouts.file.write(writer, each);
      if (writer.length < PIECE) continue;
      yield writer.finish();
      writer.begin();
    }
    if (writer.length < PIECE) continue;
    yield writer.finish();
    writer.begin();
  }
  yield writer.finish();
}

function number(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
