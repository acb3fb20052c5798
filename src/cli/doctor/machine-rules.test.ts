import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireStoreLock } from '../../bot/lock/store-lock.ts';
import { openStore } from '../../bot/store/store.ts';
import { nullLog } from '../../platform/null-log.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { type MachineFacts, machineFacts } from './machine-facts.ts';
import { nodeRule, silentRule, spaceRule, storeRule } from './machine-rules.ts';
import { diagnose } from './run-doctor.ts';

const GIB = 1024 ** 3;
const store = {
  path: '/x/bot.db',
  exists: true,
  folderWritable: true,
  writable: true,
  mode: 0o600,
  bytes: 4096,
  freeBytes: 9 * GIB,
};
const well: MachineFacts = { node: '22.20.0', platform: 'linux', store };
const withStore = (more: object): MachineFacts => ({ ...well, store: { ...store, ...more } });

it.each([
  [nodeRule, well, 'ok', /22\.20/],
  [nodeRule, { ...well, node: '20.19.0' }, 'ok', /20\.19/],
  [nodeRule, { ...well, node: '20.18.3' }, 'problem', /too old/],
  [nodeRule, { ...well, node: '18.20.0' }, 'problem', /too old/],
  [storeRule, well, 'ok', /4 KiB/],
  [storeRule, withStore({ exists: false }), 'ok', /not there yet/],
  [storeRule, withStore({ folderWritable: false }), 'problem', /no file can be written/],
  [storeRule, withStore({ writable: false }), 'problem', /cannot be read/],
  [storeRule, withStore({ unreadable: 'file is not a database' }), 'problem', /no database/],
  [storeRule, withStore({ mode: 0o644 }), 'warning', /others may read/],
  [storeRule, { ...withStore({ mode: 0o666 }), platform: 'win32' as const }, 'ok', /bot\.db/],
  [spaceRule, well, 'ok', /9 GiB/],
  [spaceRule, withStore({ freeBytes: 100 * 1024 * 1024 }), 'warning', /100 MiB/],
  [spaceRule, withStore({ freeBytes: 1 }), 'problem', /1 bytes/],
  [spaceRule, withStore({ freeBytes: undefined }), 'ok', /does not tell/],
  [silentRule, well, 'problem', /no bot runs/],
  [silentRule, withStore({ locked: { pid: 42 } }), 'problem', /process 42.*does not answer/],
] as const)('%o %#', (rule, facts, level, what) => {
  const finding = rule(facts);
  expect(finding).toMatchObject({ level, what: expect.stringMatching(what) as unknown });
  expect(finding.todo === undefined).toBe(level === 'ok');
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('looks at a store, whole, damaged and held', async () => {
  const path = join(folder, 'bot.db');
  expect(machineFacts(path, { lock: true }).store).toMatchObject({ exists: false, folderWritable: true });
  const open = await openStore({ path, clock: new RealClock(), log: nullLog });
  await open.close();
  expect(storeRule(machineFacts(path, { lock: true })).level).toBe('ok');
  chmodSync(path, 0o644);
  expect(storeRule(machineFacts(path, { lock: true })).level).toBe('warning');
  const lock = acquireStoreLock(path);
  expect(machineFacts(path, { lock: true }).store.locked).toEqual({ pid: process.pid });
  expect(machineFacts(path, { lock: false }).store).not.toHaveProperty('locked');
  lock.release();
  // What is in its log could bring it back.
  for (const more of ['-wal', '-shm']) rmSync(`${path}${more}`, { force: true });
  writeFileSync(path, 'certainly no database, and long enough to be told from an empty one'.repeat(40));
  expect(storeRule(machineFacts(path, { lock: true })).level).toBe('problem');
});

it('says what is wrong with a config, and that no bot runs', async () => {
  const path = join(folder, 'config.yaml');
  writeFileSync(path, 'bot: { user: keeper, password: x }\nrooms: [1]\n');
  const wrong = await diagnose(path);
  expect(wrong.map(({ about, level }) => [about, level])).toContainEqual(['config', 'problem']);
  writeFileSync(path, 'bot: { user: keeper, password: { env: NOWHERE } }\nrooms: [indie]\n');
  const silent = await diagnose(path);
  expect(silent.filter(({ level }) => level === 'problem')).toMatchObject([
    { about: 'bot', what: 'no bot runs with this config' },
  ]);
});
