import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { canonical, fingerprint, hasChanged } from './fingerprint.ts';
import { fakeHost } from './testing/fake-services.ts';
import type { LoadRequest } from './types.ts';

const request: LoadRequest = { id: 'p', use: { builtin: 'x' }, config: { a: 1, b: [1, 2] } };

it.each<[string, Partial<LoadRequest>, boolean]>([
  ['the same', {}, false],
  ['keys in another order', { config: { b: [1, 2], a: 1 } }, false],
  ['another order in a list', { config: { a: 1, b: [2, 1] } }, true],
  ['what is different in a room', { rooms: { den: { a: 2 } } }, true],
  ['what it may', { grant: ['room.read'] }, true],
  ['where it runs', { runtime: { kind: 'worker' } }, true],
  ['its time', { handlerMs: 1 }, true],
  ['where it comes from', { use: { builtin: 'y' } }, true],
])('%s: changed %#', (_what, difference, changed) => {
  expect(hasChanged(fingerprint(request, []), { ...request, ...difference })).toBe(changed);
});

it('canonical tells apart what is not the same', () => {
  expect(canonical({ a: { b: null } })).toBe('{"a":{"b":null}}');
  expect(canonical([{ b: 1, a: 2 }])).toBe('[{"a":2,"b":1}]');
  expect(canonical('1')).not.toBe(canonical(1));
});

it('a host knows which of its plugins have other files now', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seekeeper-print-'));
  try {
    const file = join(folder, 'x.ts');
    const helper = join(folder, 'helper.ts');
    const code = `import { definePlugin } from 'seekeeper'; import { word } from './helper.ts';
      export default definePlugin({ name: 'x', setup(bot) { bot.command({ name: word, summary: 's', run: () => word }); } });`;
    writeFileSync(helper, `export const word: string = 'one';`);
    writeFileSync(file, code);
    const { host } = fakeHost({ baseDir: folder });
    const load: LoadRequest = { id: 'p', use: { path: './x.ts' }, runtime: { kind: 'inproc' } };
    expect(host.changed(load)).toBe(true);
    await host.load(load);
    expect([host.changed(load), [...host.filesOf('p')].sort()]).toEqual([false, [helper, file]]);
    writeFileSync(file, code);
    expect(host.changed(load)).toBe(false);
    writeFileSync(helper, `export const word: string = 'two';`);
    expect(host.changed(load)).toBe(true);
    expect((await host.reload(load)).commands).toEqual(['two']);
    expect(host.changed(load)).toBe(false);
    rmSync(helper);
    expect(host.changed(load)).toBe(true);
    await expect(host.reload(load)).rejects.toThrow(/helper/);
    expect([host.changed(load), host.list()[0]?.commands]).toEqual([true, ['two']]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
