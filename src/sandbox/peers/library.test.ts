import { expect, test } from 'vitest';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { library } from './generate-library.ts';
import { Library } from './library.ts';

/** The files of the comparison in the protocol notes, which Nicotine+ and aioslsk were asked about. */
const compared = new Library([
  {
    path: 'Music\\Simple Band\\Folk Album (2001)',
    files: [{ name: "01 - It's a Simple-Song.mp3", size: 1 }],
  },
  { path: 'Music\\Other\\rap_album', files: [{ name: 'Contributer - Live [demo].flac', size: 2 }] },
  { path: 'Music\\Other\\Björk', files: [{ name: '片仮名 song.mp3', size: 3 }] },
  { path: 'Docs', files: [{ name: 'AC-DC notes.txt', size: 4 }] },
]);
const found = (query: string) => compared.search(query).open.map((file) => Number(file.size) - 1);

test.each<[string, number[]]>([
  ['song simple', [0]],
  ['SONG Simple', [0]],
  ['simpl', []],
  ['*imple folk', [0]],
  ['*imple', []],
  ['song -flac', [0, 2]],
  ['song -mp3', []],
  ['-mp3', []],
  ['rap_album', [1]],
  ["it's", [0]],
  ['its', []],
  ['ac-dc', [3]],
  ['ac dc', [3]],
  ['acdc', []],
  ['björk', [2]],
  ['bjork', []],
  ['simple band\\folk', [0]],
  ['simple,song', [0]],
  ['*仮名 song', [2]],
  ['', []],
  ['- *', []],
])('a search for %j', (query, files) => {
  expect(found(query)).toEqual(files);
});

test('results name whole paths, folders bare names; what is locked is apart, what is excluded is left out', () => {
  const shared = new Library([
    { path: 'a\\open', files: [{ name: 'Rain Song.mp3', size: 7, attributes: [{ type: 0, value: 320 }] }] },
    { path: 'a\\shut', files: [{ name: 'rain song.mp3', size: 8 }], locked: true },
  ]);
  const { open, locked } = shared.search('rain song');
  expect(open).toEqual([
    {
      code: 1,
      filename: 'a\\open\\Rain Song.mp3',
      size: 7n,
      extension: '',
      attributes: [{ type: 0, value: 320 }],
    },
  ]);
  expect(locked.map((file) => file.filename)).toEqual(['a\\shut\\rain song.mp3']);
  expect(shared.directories().open.map((d) => [d.name, d.files[0]!.filename])).toEqual([
    ['a\\open', 'Rain Song.mp3'],
  ]);
  expect([shared.directory('a\\open')?.files.length, shared.directory('a\\shut')]).toEqual([1, undefined]);
  expect(shared.search('rain song', ['open\\rain']).open).toEqual([]);
  expect(shared.fileCount).toBe(2);
});

test('at most 300 results', () => {
  const files = Array.from({ length: 400 }, (_, i) => ({ name: `song ${i}.mp3`, size: i }));
  expect(new Library([{ path: 'a', files }]).search('song').open).toHaveLength(300);
});

test('a generated library repeats from its seed, and can be searched for anything in it', () => {
  const make = (seed: number) => library(new SeededRandom(seed), { share: 's', artists: 5, locked: 0.5 });
  expect(make(1).folders).toEqual(make(1).folders);
  expect(make(1).folders).not.toEqual(make(2).folders);
  const shared = make(1);
  expect(shared.folders.some((folder) => folder.locked)).toBe(true);
  expect(shared.folders.some((folder) => !folder.locked)).toBe(true);
  for (const { path, files } of shared.folders) {
    expect(path).toMatch(/^s\\\S+ \S+\\.+ \(\d{4}\)$/);
    for (const { name, size, attributes } of files) {
      const { open, locked } = shared.search(name);
      expect([...open, ...locked].map((file) => file.filename)).toContain(`${path}\\${name}`);
      const seconds = attributes!.find(({ type }) => type === 1)!.value;
      expect(size / seconds).toBeGreaterThan(20_000);
    }
  }
});
