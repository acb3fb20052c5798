import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { definePlugin } from '../api/index.ts';
import { fakeHost } from './testing/fake-services.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'named-'));
  const home = join(folder, 'node_modules', 'seekeeper-plugin-lyrics');
  mkdirSync(join(home, 'lib'), { recursive: true });
  const manifest = {
    name: 'seekeeper-plugin-lyrics',
    version: '1.0.0',
    type: 'module',
    exports: './lib/index.js',
  };
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(home, 'lib', 'index.js'),
    `import { definePlugin } from 'seekeeper';
export default definePlugin({ name: 'lyrics', setup: (bot) => void bot.command({ name: 'lyrics', summary: 'x', run: () => 'la' }) });`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mine = definePlugin({ name: 'mine', setup() {} });

describe('a plugin by name', () => {
  it.each([
    ['its short name', { named: 'lyrics' }],
    ['its package', { package: 'seekeeper-plugin-lyrics' }],
  ])('is the package, by %s', async (_, use) => {
    const { host } = fakeHost({ baseDir: folder });
    const info = await host.load({ id: 'lyrics', use, runtime: { kind: 'inproc' } });
    expect(info).toMatchObject({ name: 'lyrics', commands: ['lyrics'] });
    expect(info.file).toContain('seekeeper-plugin-lyrics');
    await host.close('over');
  });

  it('is the built-in first', async () => {
    const { host } = fakeHost({ baseDir: folder, builtins: { lyrics: mine } });
    expect(await host.load({ id: 'a', use: { named: 'lyrics' } })).toMatchObject({ name: 'mine' });
    await host.close('over');
  });

  it('says where it was looked for', async () => {
    const { host } = fakeHost({ baseDir: folder, builtins: { greeter: mine } });
    await expect(host.load({ id: 'a', use: { named: 'greter' } })).rejects.toThrow(
      /\(package seekeeper-plugin-greter\): there is no built-in plugin "greter"; did you mean greeter\?, and this package is not installed/,
    );
  });
});
