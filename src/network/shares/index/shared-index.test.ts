import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIncoming } from '../../search/incoming-query.ts';
import { wordsOf } from '../../search/words.ts';
import { buildIndex } from './build-index.ts';
import type { ScannedFolder, ScannedShare } from './shared-file.ts';
import { SharedIndex } from './shared-index.ts';

const bytes = (text: string) => Buffer.from(text);

function folder(path: string, names: readonly (string | Uint8Array)[]): ScannedFolder {
  return {
    parts: path === '' ? [] : path.split('/').map(bytes),
    files: names.map((name, i) => ({
      name: typeof name === 'string' ? bytes(name) : name,
      size: i + 1,
      changed: 1000 + i,
      attributes: {},
    })),
  };
}

const share = (
  name: string,
  folders: readonly ScannedFolder[],
  audience: ScannedShare['audience'] = 'everyone',
) => ({
  name,
  audience,
  folders,
});

function indexOf(...shares: ScannedShare[]) {
  const { tables, clashes } = buildIndex(shares);
  return { index: new SharedIndex(tables), clashes };
}

const paths = (index: SharedIndex, query: string, limit = 300) =>
  index.search(readIncoming(query), { limit }).files.map((id) => index.file(id).path);

describe('the index', () => {
  const { index } = indexOf(
    share('Music', [
      folder('Simple Band/Folk Album (2001)', ["01 - It's a Simple-Song.mp3"]),
      folder('Other/rap_album', ['Contributer - Live [demo].flac']),
      folder('Other/Björk', ['片仮名 song.mp3']),
    ]),
    share('Docs', [folder('', ['AC-DC notes.txt'])]),
  );
  const A = "Music\\Simple Band\\Folk Album (2001)\\01 - It's a Simple-Song.mp3";
  const B = 'Music\\Other\\rap_album\\Contributer - Live [demo].flac';
  const C = 'Music\\Other\\Björk\\片仮名 song.mp3';
  const D = 'Docs\\AC-DC notes.txt';

  // The executed comparison with Nicotine+ and aioslsk, where they agree, and our side where they do not.
  it.each([
    ['song simple', [A]],
    ['*imple folk', [A]],
    ['song -flac', [C, A]],
    ['folk-album', [A]],
    ["it's", [A]],
    ['ac-dc', [D]],
    ['acdc', []],
    ['simpl', []],
    ['*imple', []],
    ['-mp3', []],
    ['rap_album', [B]],
    ['ac dc', [D]],
    ['björk', [C]],
    ['bjork', []],
    ['simple band\\folk', [A]],
    ['"folk album"', [A]],
    ['*名 song', [C]],
    ['SONG SIMPLE', [A]],
    ['docs', [D]],
    ['', []],
  ])('answers %j', (query, found) => {
    expect(paths(index, query)).toEqual(found);
  });

  it('finds files and folders by their paths', () => {
    for (const path of [A, B, C, D]) expect(index.file(index.find(path)!).path).toBe(path);
    expect(index.find('Music\\Other\\rap_album\\contributer - live [demo].flac')).toBeUndefined();
    expect(index.find('Music')).toBeUndefined();
    expect(index.find('Music\\..\\Docs\\AC-DC notes.txt')).toBeUndefined();
    const at = index.folder('Music\\Other\\Björk')!;
    const [from, to] = index.filesOf(at);
    expect([index.folderPath(at).text, to - from, index.folderOf(from)]).toEqual([
      'Music\\Other\\Björk',
      1,
      at,
    ]);
  });

  it('stops at the limit, and says so', () => {
    const many = indexOf(
      share('S', [
        folder(
          '',
          Array.from({ length: 50 }, (_, i) => `song ${i}.mp3`),
        ),
      ]),
    ).index;
    expect(many.search(readIncoming('song'), { limit: 10 })).toMatchObject({ cut: true });
    expect(paths(many, 'song', 10)).toHaveLength(10);
    expect(many.search(readIncoming('song'), { limit: 51 }).cut).toBe(false);
  });

  it('passes over what the asker may not see', () => {
    const { index: both } = indexOf(
      share('Open', [folder('', ['song.mp3'])]),
      share('Own', [folder('', ['song.mp3'])], 'buddies'),
    );
    const seen = (audiences: ScannedShare['audience'][]) =>
      both.search(readIncoming('song'), { limit: 9, audiences }).files.map((id) => both.file(id).path);
    expect([seen(['everyone']), seen(['buddies']), seen([])]).toEqual([
      ['Open\\song.mp3'],
      ['Own\\song.mp3'],
      [],
    ]);
  });

  it('keeps names that are no UTF-8, and those with backslashes', () => {
    const odd = Uint8Array.from([0x62, 0xff, 0x2e, 0x6d, 0x70, 0x33]);
    const { index: strange } = indexOf(share('S', [folder('', [odd, 'a\\b.mp3'])]));
    const found = [0, 1].map((id) => strange.file(id));
    expect(found.map(({ path, latin1 }) => [path, latin1])).toEqual([
      ['S\\a＼b.mp3', false],
      ['S\\bÿ.mp3', true],
    ]);
    expect(strange.find('S\\bÿ.mp3', true)).toBe(1);
    expect(strange.find('S\\bÿ.mp3', false)).toBeUndefined();
  });

  it('names what two files would share a path with', () => {
    const { clashes, index: once } = indexOf(
      share('S', [folder('', ['a\\b', 'a＼b'])]),
      share('S', [folder('', ['c'])]),
    );
    expect(clashes.map(({ path }) => path)).toEqual(['S', 'S\\a＼b']);
    expect(once.fileCount).toBe(1);
  });
});

describe('against a plain scan', () => {
  const word = fc.constantFrom('a', 'live', 'song', 'mp3', 'the', 'björk', '01', 'été', '片', 'x_y');
  const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
  const tree = fc.uniqueArray(fc.tuple(name, fc.uniqueArray(name, { minLength: 1, maxLength: 6 })), {
    selector: ([path]) => path,
    maxLength: 8,
  });
  const piece = fc.tuple(
    fc.constantFrom('', '', '', '-', '*'),
    fc.oneof(word, fc.constantFrom('ng', '3', 'k', 'zzz')),
  );
  const query = fc
    .array(piece, { maxLength: 5 })
    .map((pieces) => pieces.map(([op, text]) => op + text).join(' '));

  it('it finds the same, whatever the tree and the query', () => {
    fc.assert(
      fc.property(tree, fc.array(query, { minLength: 1, maxLength: 8 }), (folders, queries) => {
        const { index } = indexOf(
          share(
            'Share',
            folders.map(([path, names]) => folder(path, names)),
          ),
        );
        const all = folders.flatMap(([path, names]) => names.map((each) => `Share\\${path}\\${each}`));
        for (const text of queries) {
          const asked = readIncoming(text);
          const plain = all.filter((path) => {
            const words = wordsOf(path);
            return (
              asked.words.length > 0 &&
              asked.words.every((each) => words.includes(each)) &&
              asked.endings.every((ending) => words.some((each) => each.endsWith(ending))) &&
              !asked.excluded.some((each) => words.includes(each))
            );
          });
          expect(paths(index, text).sort()).toEqual(plain.sort());
        }
        for (const path of all) expect(index.file(index.find(path)!).path).toBe(path);
      }),
      { numRuns: 300 },
    );
  });
});
