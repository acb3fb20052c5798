import type { Clock, Timer } from '../../../platform/clock.ts';
import type { FileFacts, FilePath, Files } from '../../../platform/files.ts';
import type { FileAttributes } from '../../search/hit.ts';
import { FileBlob } from './file-blob.ts';

/** For one file. A parser that waits longer waits for a disk. */
const TIMEOUT_MS = 10_000;

/** What may be audio, by the ends of names; other files are never opened. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['aac', 'audio/aac'],
  ['aif', 'audio/aiff'],
  ['aiff', 'audio/aiff'],
  ['ape', 'audio/ape'],
  ['flac', 'audio/flac'],
  ['m4a', 'audio/mp4'],
  ['m4b', 'audio/mp4'],
  ['mp3', 'audio/mpeg'],
  ['mpc', 'audio/musepack'],
  ['oga', 'audio/ogg'],
  ['ogg', 'audio/ogg'],
  ['opus', 'audio/ogg'],
  ['wav', 'audio/wav'],
  ['wma', 'audio/x-ms-wma'],
  ['wv', 'audio/wavpack'],
]);

const NONE: FileAttributes = {};

/** Largest number of kbit/s and so on that anybody believes. */
const MAX_VALUE = 0x7fff_ffff;

/** Whether files with this name are looked into. */
export const isAudio = (name: Uint8Array): boolean => typeOf(name) !== undefined;

/**
 * What an audio file says of itself: of lossless ones duration, sample rate and bit depth, of others bitrate, duration and
 * whether the bitrate varies [Nicotine+]. Empty for what is no audio, malformed, or not read in time. Never rejects.
 */
export async function readAttributes(
  { files, clock }: { readonly files: Files; readonly clock: Pick<Clock, 'setTimeout' | 'hold'> },
  file: { readonly path: FilePath; readonly name: Uint8Array; readonly facts: FileFacts },
): Promise<FileAttributes> {
  const type = typeOf(file.name);
  if (type === undefined || file.facts.size === 0) return NONE;
  let timer: Timer | undefined;
  const late = new Promise<FileAttributes>((resolve) => {
    timer = clock.setTimeout(() => resolve(NONE), TIMEOUT_MS);
  });
  try {
    return await Promise.race([parse(files, clock, file, type), late]);
  } catch {
    return NONE;
  } finally {
    timer?.cancel();
  }
}

async function parse(
  files: Files,
  clock: Pick<Clock, 'hold'>,
  { path, facts }: { readonly path: FilePath; readonly facts: FileFacts },
  type: string,
): Promise<FileAttributes> {
  const file = await files.openRead(path);
  // Parsers are loaded when they are first needed, which takes as long as it takes; the disk has time of its own.
  const why = 'an audio file is parsed';
  let hold = clock.hold(why);
  const blob = new FileBlob(
    async (at, length) => {
      hold.release();
      try {
        return await file.read(at, length);
      } finally {
        hold = clock.hold(why);
      }
    },
    facts.size,
    type,
  );
  try {
    const { parseBlob } = await import('music-metadata');
    const { format } = await parseBlob(blob, { duration: false, skipCovers: true, skipPostHeaders: true });
    return attributesOf(format);
  } finally {
    hold.release();
    await file.close();
  }
}

interface Format {
  readonly bitrate?: number | undefined;
  readonly duration?: number | undefined;
  readonly lossless?: boolean | undefined;
  readonly sampleRate?: number | undefined;
  readonly bitsPerSample?: number | undefined;
  readonly codecProfile?: string | undefined;
}

function attributesOf(format: Format): FileAttributes {
  const duration = whole(format.duration);
  if (format.lossless) {
    const sampleRate = whole(format.sampleRate);
    const bitDepth = whole(format.bitsPerSample);
    return {
      ...(duration !== undefined && { duration }),
      ...(sampleRate !== undefined && { sampleRate }),
      ...(bitDepth !== undefined && { bitDepth }),
    };
  }
  const bitrate = whole((format.bitrate ?? 0) / 1000);
  const vbr = varies(format.codecProfile);
  return {
    ...(bitrate !== undefined && { bitrate }),
    ...(duration !== undefined && { duration }),
    ...(vbr !== undefined && { vbr }),
  };
}

/** As a positive whole number; nothing for what is none. */
function whole(value: number | undefined): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const rounded = Math.round(value);
  return rounded > 0 && rounded <= MAX_VALUE ? rounded : undefined;
}

/** `V0`…`V9` and `ABR` vary. */
function varies(profile: string | undefined): boolean | undefined {
  if (profile === undefined) return undefined;
  if (profile === 'CBR') return false;
  return /^(?:V\d|ABR|VBR)/u.test(profile) ? true : undefined;
}

function typeOf(name: Uint8Array): string | undefined {
  const text = Buffer.from(name).toString('latin1');
  const dot = text.lastIndexOf('.');
  return dot < 0 ? undefined : TYPES.get(text.slice(dot + 1).toLowerCase());
}
