import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NodeFileWatch } from './node-file-watch.ts';

it('notices a file that is written, replaced and made, and no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seekeeper-watch-'));
  const [a, b, other] = ['a.ts', 'b.ts', 'other.ts'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  try {
    writeFileSync(a, '1');
    const seen = new Set<string>();
    let wake = () => {};
    const stop = new NodeFileWatch().watch([a, b, join(folder, 'nowhere', 'x.ts')], (file) => {
      seen.add(file);
      wake();
    });
    const until = async (done: () => boolean) => {
      while (!done()) await new Promise<void>((resolve) => (wake = resolve));
    };
    writeFileSync(other, '1');
    writeFileSync(a, '2');
    await until(() => seen.has(a));
    seen.clear();
    writeFileSync(other, '3');
    renameSync(other, b);
    await until(() => seen.has(b));
    stop();
    expect(seen.has(other)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('notices what happens in folders, whatever the names, and passes over those that are not there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seekeeper-watch-'));
  try {
    let wake = () => {};
    const told = new Promise<void>((resolve) => (wake = resolve));
    const stop = new NodeFileWatch().watchFolders(
      [Buffer.from(join(folder, 'nowhere')), Buffer.from(folder)],
      () => wake(),
    );
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/b`), Buffer.from([0xff])]), '1');
    await told;
    stop();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
