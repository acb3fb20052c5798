import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { nullLog } from '../../platform/null-log.ts';
import { NodeFiles } from '../../platform/real/node-files.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { SharesWorld } from './shares.test-support.ts';
import { Shares } from './shares.ts';

const PIECES = [
  '..',
  '.',
  '...',
  '\\',
  '/',
  '\\\\',
  '%2e%2e',
  '%2e%2e%2f',
  '%5c',
  '\0',
  'Music',
  'Own',
  'music',
  'MUSIC',
  'band',
  'secret',
  'song one.mp3',
  'state',
  'shares.index',
  'C:',
  '\\\\?\\C:\\',
  '\\\\.\\pipe\\',
  'CON',
  'NUL',
  'COM1',
  '/etc/passwd',
  '/secret/secret.txt',
  'file:///',
  '~',
  '\uff3c',
  '\u2025',
  '\uff0e\uff0e',
  '\u015c\u012e\u012e',
  '\u012e\u012e\u012f',
  'ÿ',
  'Ã¿',
  '\ud800',
  ' ',
  '\r\n',
  'x'.repeat(5_000),
];

const path = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 5 })), {
  maxLength: 9,
});

describe('nothing outside the shares', () => {
  let world: SharesWorld;
  const shared = ['/music/band/song one.mp3', '/music/top.mp3', '/music/a\\..\\b.mp3', '/music/linked/x.mp3'];
  beforeEach(async () => {
    world = new SharesWorld();
    for (const name of shared) world.files.put(name, '1');
    world.files.put('/own/own.mp3', '1');
    world.files.put('/secret/secret.txt', 'secret');
    world.files.put('/music/.hidden', 'secret');
    world.files.putLink('/music/out', '/secret');
    world.files.putLink('/music/out.txt', '../secret/secret.txt');
    await world.started();
  });

  it('is found, whatever the spelling', async () => {
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.constantFrom('', '\\', '/'),
        fc.boolean(),
        async (pieces, between, latin1) => {
          for (const asked of [pieces.join(between), `Music\\${pieces.join(between)}`]) {
            const found = await world.shares.find(asked, latin1, 'somebody');
            if (found.ok) expect(shared).toContain(Buffer.from(found.file.path).toString());
            const folder = world.shares.folder(asked, 'somebody');
            if (folder) expect(folder[0]!.name).toMatch(/^Music(?:\\|$)/u);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is in the index, and all that is there can be had', async () => {
    expect(world.search('secret').open).toEqual([]);
    const index = world.shares.index;
    const real: string[] = [];
    for (let id = 0; id < index.fileCount; id++) {
      const { path: asked, latin1 } = index.file(id);
      const found = await world.shares.find(asked, latin1, 'friend');
      if (found.ok) real.push(Buffer.from(found.file.path).toString());
    }
    expect(real.sort()).toEqual([...shared, '/own/own.mp3'].sort());
  });

  it('is found when folders become links after the scan', async () => {
    world.files.drop('/music/linked');
    world.files.putLink('/music/linked', '/secret');
    world.files.put('/secret/x.mp3', '1');
    expect(await world.shares.find('Music\\linked\\x.mp3', false, 'somebody')).toEqual({
      ok: false,
      reason: 'gone',
    });
    world.files.drop('/music/top.mp3');
    world.files.putLink('/music/top.mp3', '/secret/x.mp3');
    expect(await world.shares.find('Music\\top.mp3', false, 'somebody')).toEqual({
      ok: false,
      reason: 'gone',
    });
  });
});

describe('on a real disk', () => {
  const root = mkdtempSync(join(tmpdir(), 'seekeeper-shares-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('links out are no way out, before and after the scan', async () => {
    mkdirSync(join(root, 'music/band'), { recursive: true });
    mkdirSync(join(root, 'secret'));
    mkdirSync(join(root, 'state'));
    writeFileSync(join(root, 'secret/a.txt'), '1');
    writeFileSync(join(root, 'music/band/a.txt'), '1');
    writeFileSync(join(root, 'music/b.txt'), '1');
    symlinkSync('../secret', join(root, 'music/out'));
    symlinkSync('..', join(root, 'music/band/loop'));
    symlinkSync('b.txt', join(root, 'music/c.txt'));
    const shares = new Shares({
      clock: new VirtualClock(),
      log: nullLog,
      files: new NodeFiles(),
      folders: [{ name: 'Music', folder: join(root, 'music'), audience: 'everyone' }],
      indexFile: join(root, 'state/index'),
    });
    await shares.rescan();
    const index = shares.index;
    const paths = Array.from({ length: index.fileCount }, (_, id) => index.file(id).path);
    expect(paths).toEqual(['Music\\b.txt', 'Music\\c.txt', 'Music\\band\\a.txt']);
    const find = (asked: string) => shares.find(asked, false, undefined);
    expect(await find('Music\\c.txt')).toMatchObject({ ok: true, file: { size: 1 } });
    expect(await find('Music\\band\\a.txt')).toMatchObject({ ok: true });
    for (const asked of [
      'Music\\out\\a.txt',
      'Music\\..\\secret\\a.txt',
      'Music\\band/../../../secret/a.txt',
    ])
      expect(await find(asked)).toEqual({ ok: false, reason: 'not-shared' });
    renameSync(join(root, 'music/band'), join(root, 'elsewhere'));
    symlinkSync('../secret', join(root, 'music/band'));
    expect(await find('Music\\band\\a.txt')).toEqual({ ok: false, reason: 'gone' });
    shares.close();
  });
});
