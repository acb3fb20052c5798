import type { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import type { WishOptions } from '../../src/plugins/api/wishlist.ts';
import { hasPhrase, type ModelFile, pathOf, wordsIn } from './matching.ts';

/** A wish, and in words of our own which files it wants of those whose owners answer its search. */
export interface ModelWish {
  readonly id: string;
  readonly options: WishOptions;
  /** In every search that is made for it, and in none for another one. */
  readonly key: string;
  /** Registered with a handler in the plugin's setup, or added once. */
  readonly registered: boolean;
  /** Also the same music from somebody else. */
  readonly sources: boolean;
  /** Also when a folder with it is much fuller than before. */
  readonly better: boolean;
  wants(file: ModelFile): boolean;
  /** So many files of one folder that pass everything else. */
  readonly folderFiles: number;
}

/** Music that somebody may share, without its place. */
export type Track = Omit<ModelFile, 'folder'>;

/** One wish with the music that belongs to it, and what looks alike. */
export interface Shelf {
  readonly wish: ModelWish;
  /** Folders that an owner may keep it in. */
  readonly folders: readonly string[];
  readonly tracks: readonly Track[];
}

const ONSETS = 'b br d dr f fl g gr h j k kl l m n p pl r s st t tr v w z'.split(' ');
const VOWELS = 'a e i o u ai ou'.split(' ');
const CODAS = 'n l r s k nd rt mp th x'.split(' ');
const TITLES =
  'Harbour Window Winter Signal Lantern Orchard Railway Mirror Thunder Paper Copper Garden Island Meadow Velvet Compass Shadow River Engine Summer'.split(
    ' ',
  );

/** An invented word that was not there before. */
function invent(random: SeededRandom, taken: Set<string>): string {
  for (;;) {
    const pick = (list: readonly string[]) => list[random.int(0, list.length - 1)]!;
    const word = pick(ONSETS) + pick(VOWELS) + pick(CODAS) + pick(VOWELS) + pick(CODAS);
    if (taken.has(word)) continue;
    taken.add(word);
    return word;
  }
}

interface Kind {
  readonly options: (artist: string, key: string) => Omit<WishOptions, 'id'>;
  readonly wants?: (file: ModelFile, artist: string, key: string) => boolean;
  readonly folderFiles?: number;
  readonly sources?: false;
  readonly better?: true;
}

const extension = ({ name }: ModelFile): string => name.slice(name.lastIndexOf('.') + 1);
const has = (text: string, word: string): boolean => wordsIn(text).includes(word);

/** What people wish for, one kind after the other. */
const KINDS: readonly Kind[] = [
  { options: (artist, key) => ({ query: `${artist} ${key}` }), better: true },
  {
    options: (artist, key) => ({ query: `${artist} ${key}`, filter: { class: ['lossless'] } }),
    wants: (file) => extension(file) === 'flac',
  },
  {
    options: (artist, key) => ({ query: `${key} ${artist}`, filter: { ext: ['mp3'], minBitrate: 256 } }),
    wants: (file) => extension(file) === 'mp3' && (file.bitrate ?? 0) >= 256,
  },
  {
    options: (artist, key) => ({ query: `${artist} ${key}`, filter: { name: { not: ['live', 'demo'] } } }),
    wants: (file) => !has(file.name, 'live') && !has(file.name, 'demo'),
  },
  {
    options: (artist, key) => ({ query: `${artist} ${key}`, filter: { minFolderFiles: 3 } }),
    folderFiles: 3,
  },
  {
    options: (artist, key) => ({ query: `"${artist} ${key}"` }),
    wants: (file, artist, key) => hasPhrase(pathOf(file), [artist, key]),
  },
  { options: (artist, key) => ({ query: `${artist} ${key} -live`, priority: 10 }) },
  {
    options: (artist, key) => ({
      query: `${artist} ${key}`,
      filter: { minDuration: 120 },
    }),
    wants: (file) => file.duration >= 120,
    sources: false,
  },
  {
    options: (artist, key) => ({
      query: `${artist} ${key}`,
      filter: { duration: 240, durationTolerance: 30 },
      atMost: '6h',
    }),
    wants: (file) => Math.abs(file.duration - 240) <= 30,
  },
  { options: (artist, key) => ({ query: `${artist} ${key} björn`, every: '1h' }) },
  {
    options: (artist, key) => ({
      query: `${artist} ${key}`,
      filter: { path: { any: ['vinyl', 'remaster'] }, locked: 'exclude' },
    }),
    wants: (file) => file.locked !== true && (has(pathOf(file), 'vinyl') || has(pathOf(file), 'remaster')),
  },
  {
    options: (artist, key) => ({
      query: `${artist} ${key}`,
      priority: 1,
      filter: { patterns: ['\\b19[89]\\d\\b'], maxSize: 30_000_000 },
    }),
    wants: (file) => /\b19[89]\d\b/.test(pathOf(file)) && file.size <= 30_000_000,
  },
];

/** Invents wishes, and music for them. The same seed gives the same. */
export function catalogue(random: SeededRandom, wishes: number): readonly Shelf[] {
  const taken = new Set(TITLES.map((title) => title.toLowerCase()));
  return Array.from({ length: wishes }, (_, i) => shelf(random.fork(`shelf ${i}`), i, taken));
}

function shelf(random: SeededRandom, index: number, taken: Set<string>): Shelf {
  const kind = KINDS[index % KINDS.length]!;
  const [artist, key] = [invent(random, taken), invent(random, taken)];
  const id = `w${String(index).padStart(2, '0')}-${key}`;
  const { sources = true, better = false } = kind;
  const wish: ModelWish = {
    id,
    key,
    options: { id, ...kind.options(artist, key), tell: { sources, better }, data: { index } },
    registered: index % 2 === 0,
    sources,
    better,
    wants: (file) => kind.wants?.(file, artist, key) ?? true,
    folderFiles: kind.folderFiles ?? 1,
  };
  const name = wordsIn(wish.options.query).includes('björn') ? ['björn ', 'bjorn '] : [''];
  const folders = name.flatMap((more) => [
    `music\\${more}${artist}\\${key}`,
    `shared\\${more}${artist} ${key} (1987)`,
    `share\\${more}${artist} - ${key} vinyl`,
    `Musik\\${key}\\${more}${artist} remaster 1994`,
    // Nearly, but no.
    `music\\${more}${artist}s\\${key}`,
    `music\\${more}${artist}`,
  ]);
  const tracks = Array.from({ length: random.int(5, 11) }, (_, i) => track(random, i));
  return { wish, folders, tracks };
}

function track(random: SeededRandom, index: number): Track {
  const pick = (list: readonly string[]) => list[random.int(0, list.length - 1)]!;
  const title = `${String(index + 1).padStart(2, '0')} ${pick(TITLES)} ${pick(TITLES)}`;
  const version = pick(['', '', '', ' live', ' demo']);
  const duration = random.int(60, 420);
  if (random.float() < 0.5)
    return { name: `${title}${version}.flac`, duration, size: duration * 110_000 + random.int(0, 99_999) };
  const bitrate = [128, 192, 256, 320][random.int(0, 3)]!;
  return {
    name: `${title}${version}.mp3`,
    duration,
    bitrate,
    size: duration * bitrate * 125 + random.int(0, 9999),
  };
}
