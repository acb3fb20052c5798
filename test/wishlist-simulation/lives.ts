import type { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import type { Shelf } from './catalogue.ts';
import type { ModelFile } from './matching.ts';

/** From when to when somebody means to be online; milliseconds from the start. */
export interface Stay {
  readonly from: number;
  readonly to: number;
}

/** A library as it is from a time on. */
export interface Version {
  readonly at: number;
  readonly files: readonly ModelFile[];
}

/** What somebody does during the whole simulation, decided beforehand. */
export interface Life {
  readonly name: string;
  /** In order, apart from each other. */
  readonly stays: readonly Stay[];
  /** In order; the first one at 0. */
  readonly versions: readonly Version[];
  /** Milliseconds between a search and the answer. */
  readonly answersAfterMs: number;
  readonly kind: 'honest' | 'firewalled' | 'portless' | 'waits for pending';
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;

export interface LivesOptions {
  readonly random: SeededRandom;
  readonly people: number;
  readonly durationMs: number;
  readonly shelves: readonly Shelf[];
}

/** Invents people: some are always there, most for some hours a day, a few seldom; they come, go, and change what they share. */
export function lives({ random, people, durationMs, shelves }: LivesOptions): readonly Life[] {
  return Array.from({ length: people }, (_, i) => {
    const own = random.fork(`person ${i}`);
    return {
      name: `person${String(i).padStart(3, '0')}`,
      stays: stays(own.fork('stays'), durationMs),
      versions: versions(own.fork('library'), durationMs, shelves),
      answersAfterMs: own.float() < 0.1 ? own.int(10_000, 4 * MINUTE) : own.int(0, 3000),
      kind: kindOf(own.float()),
    };
  });
}

function kindOf(chance: number): Life['kind'] {
  if (chance < 0.15) return 'firewalled';
  if (chance < 0.25) return 'portless';
  return chance < 0.35 ? 'waits for pending' : 'honest';
}

function stays(random: SeededRandom, durationMs: number): Stay[] {
  const begins = random.float() < 0.25 ? random.int(0, durationMs) : random.int(0, 10 * MINUTE);
  const ends = random.float() < 0.15 ? random.int(begins, durationMs) : durationMs;
  const habit = random.float();
  const nextGap = () => (habit < 0.3 ? random.int(2, 30) * MINUTE : random.int(10, 20) * HOUR);
  const nextStay = () => (habit < 0.3 ? random.int(20, 72) * HOUR : random.int(20, 600) * MINUTE);
  const all: Stay[] = [];
  let at = begins + (habit < 0.3 ? 0 : random.int(0, 12 * HOUR));
  while (at < ends) {
    const to = Math.min(at + nextStay(), ends);
    if (to - at >= MINUTE) all.push({ from: at, to });
    at = to + nextGap() + (habit > 0.85 ? random.int(1, 4) * DAY : 0);
  }
  return all;
}

function versions(random: SeededRandom, durationMs: number, shelves: readonly Shelf[]): Version[] {
  const pick = <T>(list: readonly T[]) => list[random.int(0, list.length - 1)]!;
  const library = new Map<string, ModelFile>();
  const put = (file: ModelFile) => library.set(`${file.folder}\\${file.name}`, file);
  const addFrom = ({ folders, tracks }: Shelf, count: number) => {
    const folder = pick(folders);
    // What is locked is locked as a folder.
    const locked = random.float() < 0.05 && ![...library.values()].some((file) => file.folder === folder);
    const first = random.int(0, tracks.length - 1);
    const isLocked = locked || [...library.values()].some((f) => f.folder === folder && f.locked === true);
    for (let i = 0; i < count; i++)
      put({ ...tracks[(first + i) % tracks.length]!, folder, ...(isLocked ? { locked: true } : {}) });
  };
  for (let i = random.int(5, 25); i > 0; i--)
    put({
      folder: 'music\\other',
      name: `song ${random.u32()}.mp3`,
      size: 5_000_000,
      duration: 200,
      bitrate: 192,
    });
  // Some wishes are for what nobody has at first.
  const early = shelves.filter((_, i) => i % 5 !== 4);
  const likes = random.float() < 0.5 ? 0 : random.int(1, 3);
  for (let i = 0; i < likes; i++) addFrom(pick(early), random.int(1, 4));
  const all: Version[] = [{ at: 0, files: [...library.values()] }];
  let at = 0;
  for (;;) {
    at += random.int(2 * HOUR, 4 * DAY);
    if (at >= durationMs) return all;
    change(random, library, () => addFrom(pick(shelves), random.int(1, 3)));
    all.push({ at, files: [...library.values()] });
  }
}

/** Adds, removes or renames something. */
function change(random: SeededRandom, library: Map<string, ModelFile>, add: () => void): void {
  const files = [...library].filter(([, { folder }]) => folder !== 'music\\other');
  const what = random.float();
  const [path, file] = files[random.int(0, Math.max(0, files.length - 1))] ?? [];
  if (what < 0.5 || path === undefined || file === undefined) {
    add();
    return;
  }
  if (what < 0.65) {
    library.delete(path);
    return;
  }
  if (what < 0.75) {
    for (const [other, { folder }] of files) if (folder === file.folder) library.delete(other);
    return;
  }
  const rename = (from: string, changed: ModelFile) => {
    library.delete(from);
    library.set(`${changed.folder}\\${changed.name}`, changed);
  };
  if (what < 0.88) {
    const dot = file.name.lastIndexOf('.');
    rename(path, { ...file, name: `${file.name.slice(0, dot)} take two${file.name.slice(dot)}` });
    return;
  }
  for (const [other, each] of files)
    if (each.folder === file.folder) rename(other, { ...each, folder: `${each.folder}\\sorted` });
}
