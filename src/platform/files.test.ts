import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Files, FilesError, filePath } from './files.ts';
import { NodeFiles } from './real/node-files.ts';
import { VirtualClock } from './virtual/virtual-clock.ts';
import { VirtualFiles } from './virtual/virtual-files.ts';

/** What a half must be given from outside, because the port makes no links. */
interface Half {
  readonly files: Files;
  readonly root: string;
  readonly link: (path: string, target: string) => void;
}

const scratch = mkdtempSync(join(tmpdir(), 'seekeeper-files-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function realHalf(): Half {
  const root = mkdtempSync(join(scratch, 'one-'));
  return { files: new NodeFiles(), root, link: (path, target) => symlinkSync(target, path) };
}

function virtualHalf(): Half {
  const files = new VirtualFiles(new VirtualClock());
  files.put('/disk/.keep', '');
  files.drop('/disk/.keep');
  return { files, root: '/disk', link: (path, target) => files.putLink(path, target) };
}

const code = async (work: Promise<unknown>) => {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof FilesError ? error.code : String(error);
  }
};

describe.each([
  ['real', realHalf],
  ['virtual', virtualHalf],
])('the %s half', (_name, make) => {
  const bytes = (text: string) => Buffer.from(text);

  it('appends, reads pieces and cuts', async () => {
    const { files, root } = make();
    const path = filePath(`${root}/a`);
    const writing = await files.openAppend(path);
    await writing.append(bytes('0123456789'));
    await writing.truncate(4);
    await writing.append(bytes('xy'));
    await writing.sync();
    expect(writing.size).toBe(6);
    await writing.close();
    const again = await files.openAppend(path);
    expect(again.size).toBe(6);
    await again.close();
    const reading = await files.openRead(path);
    expect(Buffer.from(await reading.read(2, 3)).toString()).toBe('23x');
    expect(Buffer.from(await reading.read(4, 100)).toString()).toBe('xy');
    expect((await reading.read(6, 1)).length).toBe(0);
    expect(await reading.facts()).toMatchObject({ kind: 'file', size: 6 });
    expect((await reading.facts()).identity).toBe((await files.facts(path)).identity);
    await reading.close();
  });

  it('lists names as bytes, with their kinds', async () => {
    const { files, root, link } = make();
    const odd = Buffer.concat([bytes(`${root}/`), Buffer.from([0x62, 0xff])]);
    await (await files.openAppend(odd)).close();
    await (await files.openAppend(filePath(`${root}/a\\b`))).close();
    await files.makeFolder(filePath(`${root}/folder/below`));
    await files.makeFolder(filePath(`${root}/folder`));
    link(`${root}/link`, 'folder');
    const found = await files.list(filePath(root));
    expect(found.map(({ name, kind }) => [Buffer.from(name).toString('latin1'), kind]).sort()).toEqual([
      ['a\\b', 'file'],
      ['bÿ', 'file'],
      ['folder', 'folder'],
      ['link', 'link'],
    ]);
    expect((await files.facts(odd)).kind).toBe('file');
    expect((await files.list(filePath(`${root}/folder`))).length).toBe(1);
    expect((await files.list(filePath(`${root}/link`))).length).toBe(1);
  });

  it('follows links only when asked where something really is', async () => {
    const { files, root, link } = make();
    const real = Buffer.from(await files.realPath(filePath(root))).toString();
    await files.makeFolder(filePath(`${root}/folder`));
    await (await files.openAppend(filePath(`${root}/folder/file`))).close();
    link(`${root}/link`, 'folder/file');
    link(`${root}/way`, `${root}/folder`);
    link(`${root}/loop`, 'loop');
    expect((await files.facts(filePath(`${root}/link`))).kind).toBe('link');
    expect(await code(files.openRead(filePath(`${root}/link`)))).toBe('ELOOP');
    expect(await code(files.openAppend(filePath(`${root}/link`)))).toBe('ELOOP');
    for (const path of ['link', 'way/file', 'folder/../way/file'])
      expect(Buffer.from(await files.realPath(filePath(`${root}/${path}`))).toString()).toBe(
        `${real}/folder/file`,
      );
    expect(await code(files.realPath(filePath(`${root}/loop`)))).toBe('ELOOP');
    expect(await code(files.realPath(filePath(`${root}/nothing`)))).toBe('ENOENT');
  });

  it('says with the code of the system what does not work', async () => {
    const { files, root } = make();
    await (await files.openAppend(filePath(`${root}/file`))).close();
    await files.makeFolder(filePath(`${root}/folder`));
    const at = (name: string) => filePath(`${root}/${name}`);
    expect([
      await code(files.list(at('nothing'))),
      await code(files.list(at('file'))),
      await code(files.facts(at('nothing'))),
      await code(files.openRead(at('nothing'))),
      await code(files.openRead(at('folder'))),
      await code(files.openAppend(at('nothing/file'))),
      await code(files.rename(at('nothing'), at('other'))),
    ]).toEqual(['ENOENT', 'ENOTDIR', 'ENOENT', 'ENOENT', 'EISDIR', 'ENOENT', 'ENOENT']);
  });

  it('renames over what is there, removes, and counts room', async () => {
    const { files, root } = make();
    for (const name of ['a', 'b']) {
      const file = await files.openAppend(filePath(`${root}/${name}`));
      await file.append(bytes(name));
      await file.close();
    }
    await files.rename(filePath(`${root}/a`), filePath(`${root}/b`));
    const file = await files.openRead(filePath(`${root}/b`));
    expect(Buffer.from(await file.read(0, 9)).toString()).toBe('a');
    await file.close();
    await files.makeFolder(filePath(`${root}/c/d`));
    expect(await code(files.remove(filePath(`${root}/c`)))).toBe('ENOTEMPTY');
    for (const name of ['c/d', 'c', 'b', 'nothing']) await files.remove(filePath(`${root}/${name}`));
    expect(await files.list(filePath(root))).toEqual([]);
    expect(await files.freeBytes(filePath(root))).toBeGreaterThan(0);
  });
});

describe('the virtual half alone', () => {
  it('fails, fills up and takes its time as told', async () => {
    const clock = new VirtualClock();
    const files = new VirtualFiles(clock);
    files.put('/d/a', 'abc');
    files.faults = {
      fails: (operation, path) => (operation === 'read' && path === '/d/a' ? 'EIO' : undefined),
    };
    const file = await files.openRead(filePath('/d/a'));
    expect(await code(file.read(0, 1))).toBe('EIO');
    files.faults = {};
    files.capacity = 5;
    const writing = await files.openAppend(filePath('/d/b'));
    expect(await code(writing.append(Buffer.from('123')))).toBe('ENOSPC');
    expect(await files.freeBytes(filePath('/d'))).toBe(2);
    files.faults = { delayMs: 500 };
    let read = false;
    void file.read(0, 1).then(() => (read = true));
    await clock.advance(499);
    expect(read).toBe(false);
    await clock.advance(1);
    expect(read).toBe(true);
  });
});

it('the real half does not wait for whoever writes into a pipe', async () => {
  const root = mkdtempSync(join(scratch, 'pipe-'));
  const { execFileSync } = await import('node:child_process');
  try {
    execFileSync('mkfifo', [join(root, 'pipe')]);
  } catch {
    return;
  }
  writeFileSync(join(root, 'file'), '');
  expect(readdirSync(root).length).toBe(2);
  const files = new NodeFiles();
  expect((await files.facts(filePath(join(root, 'pipe')))).kind).toBe('other');
  expect(await code(files.openRead(filePath(join(root, 'pipe'))))).toBe('EINVAL');
});
