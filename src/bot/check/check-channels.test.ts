import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatDiagnostic } from '../config/diagnostic.ts';
import { loadConfig } from '../config/load-config.ts';
import { checkChannels } from './check-channels.ts';

it('names files that cannot be written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seekeeper-check-'));
  try {
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'there.jsonl'), '');
    const text = [
      'bot: { user: roomkeeper, password: { env: SECRET } }',
      'notify:',
      '  channels:',
      '    good: { kind: jsonl, path: there.jsonl }',
      '    new: { kind: feed, path: new.xml }',
      '    lost: { kind: feed, path: nowhere/feed.xml }',
      '    odd: { kind: jsonl, path: folder }',
      '    al: { kind: pm, user: al }',
    ].join('\n');
    const loaded = loadConfig({ path: join(folder, 'config.yaml'), text, env: { SECRET: 'x' } });
    if (!loaded.ok) throw new Error(loaded.diagnostics.map(formatDiagnostic).join('\n'));
    const found = checkChannels(loaded.config.notify.channels, loaded.source);
    expect(
      found.map(({ path, severity, message }) => [path, severity, message.replaceAll(folder, 'F')]),
    ).toEqual([
      ['notify.channels.lost.path', 'warning', 'the folder F/nowhere does not exist'],
      ['notify.channels.odd.path', 'warning', 'F/folder is no file'],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
