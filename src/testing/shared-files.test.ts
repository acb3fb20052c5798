import { expect, it } from 'vitest';
import { libraryOf } from './shared-files.ts';

it('puts files into their folders, locked ones apart', () => {
  const { folders } = libraryOf([
    'music\\a\\1.mp3',
    { path: 'music\\a\\2.mp3', size: 5, attributes: { bitrate: 320, vbr: true, bitDepth: 16 } },
    { path: 'music\\a\\3.mp3', locked: true },
    'music\\b\\1.mp3',
  ]);
  expect(folders.map(({ path, locked, files }) => [path, locked, files.length])).toEqual([
    ['music\\a', false, 2],
    ['music\\a', true, 1],
    ['music\\b', false, 1],
  ]);
  expect(folders[0]!.files[1]).toEqual({
    name: '2.mp3',
    size: 5,
    attributes: [
      { type: 0, value: 320 },
      { type: 2, value: 1 },
      { type: 5, value: 16 },
    ],
  });
});

it.each(['song.mp3', 'music/song.mp3', '\\song.mp3', 'music\\'])('refuses %s', (path) => {
  expect(() => libraryOf([path])).toThrow(/is no remote path/);
});
