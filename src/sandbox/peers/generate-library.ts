import type { Random } from '../../platform/random.ts';
import type { FileAttribute } from '../../protocol/index.ts';
import { DOINGS, QUALITIES, THINGS } from './invented.ts';
import { Library, type LibraryFile, type LibraryFolder } from './library.ts';

/** From and to, both included. */
type Span = readonly [number, number];

export interface GeneratedLibrary {
  /** First part of every path. @default 'music' */
  readonly share?: string;
  /** @default 3 */
  readonly artists?: number;
  /** Albums of one artist. @default 1 to 3 */
  readonly albums?: Span;
  /** Tracks on one album. @default 4 to 12 */
  readonly tracks?: Span;
  /** Which part of the albums is locked, 0 to 1. @default 0 */
  readonly locked?: number;
}

const ALBUMS: Span = [1, 3];
const TRACKS: Span = [4, 12];

/** A library of invented artists with files of plausible sizes and attributes. The same generator state gives the same one. */
export function library(random: Random, options: GeneratedLibrary = {}): Library {
  const { share = 'music', artists = 3, albums = ALBUMS, tracks = TRACKS, locked = 0 } = options;
  const pick = <T>(items: readonly T[]): T => items[random.int(0, items.length - 1)]!;
  const folders: LibraryFolder[] = [];
  const seen = new Set<string>();
  for (let artist = 0; artist < artists; artist++) {
    const name = `${pick(QUALITIES)} ${pick(THINGS)}`;
    for (let album = random.int(...albums); album > 0; album--) {
      const title = `${pick(DOINGS)} the ${pick(THINGS)} (${random.int(1968, 2025)})`;
      const path = `${share}\\${name}\\${title}`;
      if (seen.has(path)) continue;
      seen.add(path);
      const medium = pick(MEDIA);
      const files = Array.from({ length: random.int(...tracks) }, (_, index) =>
        track(random, medium, index + 1, `${pick(DOINGS)} ${pick(QUALITIES)} ${pick(THINGS)}`),
      );
      folders.push({ path, files, ...(random.float() < locked && { locked: true }) });
    }
  }
  return new Library(folders);
}

interface Medium {
  readonly extension: string;
  /** Bytes per second. */
  readonly rate: number;
  attributes(seconds: number): readonly FileAttribute[];
}

/** The sets of attributes that are seen in the wild for each kind of file [Nicotine+, aioslsk]. */
const lossy = (kbps: number, vbr: boolean): Medium => ({
  extension: 'mp3',
  rate: kbps * 125,
  attributes: (seconds) => [
    { type: 0, value: kbps },
    { type: 1, value: seconds },
    { type: 2, value: vbr ? 1 : 0 },
  ],
});

const lossless = (hertz: number, bits: number): Medium => ({
  extension: 'flac',
  rate: Math.round((hertz * bits * 2 * 0.6) / 8),
  attributes: (seconds) => [
    { type: 1, value: seconds },
    { type: 4, value: hertz },
    { type: 5, value: bits },
  ],
});

const MEDIA: readonly Medium[] = [
  lossy(320, false),
  lossy(192, false),
  lossy(245, true),
  lossless(44_100, 16),
  lossless(96_000, 24),
];

function track(random: Random, medium: Medium, number: number, title: string): LibraryFile {
  const seconds = random.int(95, 540);
  return {
    name: `${String(number).padStart(2, '0')} - ${title}.${medium.extension}`,
    size: seconds * medium.rate + random.int(0, 40_000),
    attributes: medium.attributes(seconds),
  };
}
