import type { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import type { SearchHit } from '../../src/plugins/api/search.ts';

/** Files of one folder, and people who have the same file. */
const FOLDER_FILES = 10;
const OWNERS = 2;

/** A result as wishes remember them: the same index gives the same file, two neighbours at different people. */
export function hitOf(wish: number, index: number, random: SeededRandom): SearchHit {
  const file = Math.floor(index / OWNERS);
  const owner = index % OWNERS;
  const folder = `music\\invented artist ${wish}\\album ${Math.floor(file / FOLDER_FILES)}`;
  const name = `${String((file % FOLDER_FILES) + 1).padStart(2, '0')} - song number ${file}.flac`;
  const user = `user${(Math.floor(file / FOLDER_FILES) * 7919 + owner * 104_729 + wish) % 100_000}`;
  return {
    user,
    verified: true,
    path: `${folder}\\${name}`,
    name,
    folder,
    size: 20_000_000 + file * 997,
    extension: 'flac',
    attributes: { duration: 180 + (file % 120), sampleRate: 44_100, bitDepth: 16 },
    slotFree: random.float() < 0.5,
    speed: random.int(100_000, 5_000_000),
    queueLength: random.int(0, 40),
    locked: false,
    ref: '',
  };
}
