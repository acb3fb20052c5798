import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { VirtualFiles } from '../../../platform/virtual/virtual-files.ts';
import type { ShareFolder } from '../share-folder.ts';
import { type ScanTools, scanShare } from './scan-share.ts';

let files: VirtualFiles;
beforeEach(() => {
  files = new VirtualFiles(new VirtualClock());
});

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

async function scan(share: Partial<ShareFolder> = {}, tools: Partial<ScanTools> = {}) {
  const { folders, notes } = await scanShare(
    { name: 'S', folder: '/s', audience: 'everyone', ...share },
    { files, attributesOf: () => ({}), ...tools },
  );
  const paths = folders.flatMap(({ parts, files: found }) =>
    found.map(({ name }) => [...parts, name].map(text).join('/')),
  );
  return { paths: paths.sort(), notes };
}

describe('a scan', () => {
  it('finds files with their sizes, whatever bytes their names are', async () => {
    files.put('/s/a.mp3', '123');
    files.put(Buffer.concat([Buffer.from('/s/x/b'), Buffer.from([0xff, 0x5c])]), '1');
    files.put('/s/x/y/z/片.mp3', '');
    files.put('/other/c', '1');
    const { folders } = await scanShare(
      { name: 'S', folder: '/s', audience: 'everyone' },
      { files, attributesOf: ({ facts }) => ({ duration: facts.size }) },
    );
    expect(folders.map(({ parts }) => parts.map(text).join('/'))).toEqual(['', 'x', 'x/y/z']);
    expect(folders[0]!.files).toEqual([
      { name: Buffer.from('a.mp3'), size: 3, changed: expect.any(Number), attributes: { duration: 3 } },
    ]);
    expect([...folders[1]!.files[0]!.name]).toEqual([0x62, 0xff, 0x5c]);
  });

  it('leaves out what is hidden, unless told otherwise', async () => {
    for (const path of ['.a', '.git/b', 'c', 'd/.e']) files.put(`/s/${path}`, '');
    expect((await scan()).paths).toEqual(['c']);
    expect((await scan({ hidden: true })).paths).toEqual(['.a', '.git/b', 'c', 'd/.e']);
  });

  it('takes globs for paths and for last parts; those that leave out win', async () => {
    for (const path of [
      'a.mp3',
      'a.txt',
      'x/b.mp3',
      'x/keep/c.flac',
      'x/Incoming/d.mp3',
      'y/e.mp3',
      'y/[f].mp3',
    ])
      files.put(`/s/${path}`, '');
    expect((await scan({ include: ['*.mp3'] })).paths).toEqual([
      'a.mp3',
      'x/Incoming/d.mp3',
      'x/b.mp3',
      'y/[f].mp3',
      'y/e.mp3',
    ]);
    expect((await scan({ include: ['x/**'], exclude: ['Incoming', '*.txt'] })).paths).toEqual([
      'x/b.mp3',
      'x/keep/c.flac',
    ]);
    expect((await scan({ exclude: ['x/**', '\\[f\\].mp3'] })).paths).toEqual(['a.mp3', 'a.txt', 'y/e.mp3']);
  });

  it('follows links within the share, once, and none out of it', async () => {
    files.put('/s/real/a', '1');
    files.put('/s/real/deep/b', '1');
    files.put('/secret/c', '1');
    files.put('/s.more/d', '1');
    files.putLink('/s/file', 'real/a');
    files.putLink('/s/folder', 'real');
    files.putLink('/s/zwice', 'real');
    files.putLink('/s/real/deep/loop', '../..');
    files.putLink('/s/self', 'self');
    files.putLink('/s/out', '/secret');
    files.putLink('/s/up', '../secret/c');
    files.putLink('/s/beside', '/s.more');
    files.putLink('/s/dead', 'nothing');
    const { paths, notes } = await scan();
    expect(paths).toEqual(['file', 'folder/a', 'folder/deep/b', 'real/a', 'real/deep/b']);
    expect(notes.links).toBeGreaterThanOrEqual(6);
  });

  it('does not show through a link what globs and dots leave out', async () => {
    files.put('/s/private/a', '1');
    files.put('/s/private/deep/b', '1');
    files.put('/s/.hidden/c', '1');
    files.put('/s/open/private/d', '1');
    files.put('/s/open/e', '1');
    files.putLink('/s/one', 'private');
    files.putLink('/s/two', 'private/deep');
    files.putLink('/s/three', 'private/a');
    files.putLink('/s/four', '.hidden/c');
    files.putLink('/s/five', 'open');
    expect((await scan({ exclude: ['private'] })).paths).toEqual(['five/e', 'open/e']);
  });

  it('takes a share that is itself a link', async () => {
    files.put('/disk/music/a', '1');
    files.putLink('/s', '/disk/music');
    expect((await scan()).paths).toEqual(['a']);
  });

  it('names what it cannot read and goes on', async () => {
    for (const path of ['a/1', 'b/2', 'c']) files.put(`/s/${path}`, '');
    files.faults = {
      fails: (operation, path) =>
        (operation === 'list' && path === '/s/a') || (operation === 'facts' && path === '/s/c')
          ? 'EACCES'
          : undefined,
    };
    const { paths, notes } = await scan();
    expect(paths).toEqual(['b/2']);
    expect(notes).toMatchObject({
      unreadable: 2,
      ailing: 0,
      unreadableFirst: [
        { path: 'c', code: 'EACCES' },
        { path: 'a', code: 'EACCES' },
      ],
    });
  });

  it('rejects when the share itself is away, or goes while it is scanned', async () => {
    await expect(scan()).rejects.toMatchObject({ name: 'DiskAwayError', code: 'ENOENT' });
    files.put('/s/a', '');
    files.faults = { fails: (operation) => (operation === 'list' ? 'EIO' : undefined) };
    await expect(scan()).rejects.toMatchObject({ name: 'DiskAwayError', code: 'EIO' });
    files.faults = {};
    const going = scan(
      {},
      {
        attributesOf: () => {
          files.drop('/s');
          files.put('/s/b', '');
          return {};
        },
      },
    );
    await expect(going).rejects.toMatchObject({ name: 'DiskAwayError', code: 'ENODEV' });
  });

  it('keeps to its limits', async () => {
    files.put('/s/1/2/3/a', '');
    files.put('/s/1/2/b', '');
    expect(await scan({}, { limits: { depth: 2 } })).toMatchObject({
      paths: ['1/2/b'],
      notes: { deep: 1, full: false },
    });
    for (let i = 0; i < 10; i++) files.put(`/s/many/${i}`, '');
    const { paths, notes } = await scan({}, { limits: { files: 5 } });
    expect([paths.length, notes.full]).toEqual([5, true]);
  });

  it('tells how far it is, and ends when told', async () => {
    for (let i = 0; i < 5_000; i++) files.put(`/s/${i % 50}/${i}`, '');
    const told: number[] = [];
    await scan({}, { onProgress: (_folders, found) => told.push(found) });
    expect(told.length).toBeGreaterThan(2);
    const ending = new AbortController();
    const ended = scan({}, { signal: ending.signal, onProgress: () => ending.abort(new Error('enough')) });
    await expect(ended).rejects.toThrow('enough');
  });
});
