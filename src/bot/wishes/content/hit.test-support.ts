import fc from 'fast-check';
import type { FileAttributes, SearchHit } from '../../../plugins/api/search.ts';

/** A hit of a path; everything else has a plain value unless it is given. */
export function hitOf(path: string, given: Partial<SearchHit> = {}): SearchHit {
  const cut = path.lastIndexOf('\\');
  const name = path.slice(cut + 1);
  return {
    user: 'alice',
    verified: true,
    path,
    name,
    folder: path.slice(0, Math.max(0, cut)),
    size: 30_000_000,
    extension: /\.([^.]+)$/u.exec(name)?.[1]?.toLowerCase() ?? '',
    attributes: {},
    slotFree: true,
    speed: 1_000_000,
    queueLength: 0,
    locked: false,
    ref: path,
    ...given,
  };
}

/** Words that differ in what must not matter, and some that look alike and are others. */
export const WORDS = [
  'Café',
  'CAFE',
  'cafe\u0301',
  'Ørsted',
  'orsted',
  'Straße',
  'strasse',
  'live',
  'Live!',
  'remix',
  'мой',
  'мои',
  '東京事変',
  '東京',
  'ガラス',
  'カラス',
  'ＷＩＤＥ',
  'wide',
  '01',
  '1',
  '½',
  '♥',
];

const EXTENSIONS = ['.mp3', '.MP3', '.flac', '.m4a', '.mkv', '.jpg', '.xyz', ''];

const pathText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);
const part = fc
  .array(fc.tuple(pathText, fc.constantFrom(' ', '_', ' - ', '.', '')), { minLength: 1, maxLength: 4 })
  .map((pieces) => pieces.flat().join('').replaceAll('\\', ''));

const path = fc
  .tuple(
    fc.array(part, { maxLength: 3 }),
    part,
    fc.constantFrom('', ' [V0]', ' (VBR)'),
    fc.constantFrom(...EXTENSIONS),
  )
  .map(([folders, name, mark, extension]) => [...folders, `${name}${mark}${extension}`].join('\\'));

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const attributes = fc
  .record({
    bitrate: maybe(fc.constantFrom(0, 128, 192, 245, 320, 1000)),
    duration: maybe(fc.constantFrom(0, 100, 200, 201, 205, 206)),
    vbr: maybe(fc.boolean()),
    sampleRate: maybe(fc.constantFrom(44_100, 96_000)),
    bitDepth: maybe(fc.constantFrom(16, 24)),
  })
  .map(
    (all) =>
      Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as FileAttributes,
  );

/** Any hit. */
export const anyHit: fc.Arbitrary<SearchHit> = fc
  .record({
    path,
    user: fc.constantFrom('alice', 'bob', 'carol'),
    verified: fc.boolean(),
    size: fc.constantFrom(0, 1000, 5_000_000, 30_000_000),
    attributes,
    slotFree: fc.boolean(),
    speed: fc.constantFrom(0, 10_000, 1_000_000, 50_000_000),
    queueLength: fc.constantFrom(0, 5, 10_000),
    locked: fc.boolean(),
  })
  .map(({ path: where, ...given }) => hitOf(where, given));
