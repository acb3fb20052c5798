import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { WebAndFiles } from './list-source.ts';
import { loadList } from './load-list.ts';
import { makeKeys } from './signature.ts';
import { signList } from './verified-list.ts';

const dir = mkdtempSync(join(tmpdir(), 'lists-'));
afterAll(() => rmSync(dir, { recursive: true }));

const NOW = Date.parse('2026-06-01T00:00:00Z');
const keys = makeKeys();
const signed = (include: readonly { from: string; key: string }[] = []) =>
  signList(
    {
      'seekeeper-list': 1,
      name: 'friends',
      issued: '2026-05-31T00:00:00Z',
      expires: '2026-06-30T00:00:00Z',
      entries: [{ user: 'spammer', reason: 'ads' }],
      include: [...include],
    },
    keys.secret,
  );
const web = new WebAndFiles(
  {
    request: async ({ url }) => ({
      status: 200,
      headers: {},
      url,
      body: Buffer.from(signed([{ from: 'own.json', key: keys.public }])),
    }),
  },
  dir,
);

it('reads files that end, and no others', async () => {
  writeFileSync(join(dir, 'own.json'), signed());
  expect(await web.read('own.json')).toBe(signed());
  writeFileSync(join(dir, 'large.json'), Buffer.alloc(1024 * 1024 + 1, 32));
  await expect(web.read('large.json')).rejects.toMatchObject({ code: 'too-large' });
  await expect(web.read('/dev/zero')).rejects.toMatchObject({ code: 'unreadable' });
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  await expect(web.read('pipe')).rejects.toMatchObject({ message: 'pipe is no file' });
  await expect(web.read('.')).rejects.toMatchObject({ code: 'unreadable' });
  await expect(web.read('none.json')).rejects.toMatchObject({ code: 'unreadable' });
  await expect(web.read('http://example.org/a.json')).rejects.toMatchObject({ code: 'unreadable' });
});

it('a list from the web cannot name files of this machine; one beside the config can', async () => {
  writeFileSync(join(dir, 'own.json'), signed());
  const remote = await loadList('https://example.org/a.json', keys.public, web, NOW);
  expect(remote.problems).toEqual(['own.json: a list from the web may not name files of this machine']);
  writeFileSync(join(dir, 'top.json'), signed([{ from: 'own.json', key: keys.public }]));
  const local = await loadList('top.json', keys.public, web, NOW);
  expect([local.problems, local.entries.length]).toEqual([[], 2]);
});
