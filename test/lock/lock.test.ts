import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AlreadyRunningError, acquireStoreLock } from '../../src/bot/lock/store-lock.ts';

const HOLDER = fileURLToPath(new URL('./hold-lock.ts', import.meta.url));
let folder: string;
let store: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  store = join(folder, 'bot.db');
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  rmSync(folder, { recursive: true });
});

const start = (path: string): ChildProcess => {
  const child = fork(HOLDER, [path], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  children.push(child);
  return child;
};
const answer = async (child: ChildProcess): Promise<string> => String((await once(child, 'message'))[0]);
const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
};

it('is held once per process, and free again after release', () => {
  const lock = acquireStoreLock(store);
  for (let i = 0; i < 2; i++) expect(() => acquireStoreLock(store)).toThrow(AlreadyRunningError);
  lock.release();
  lock.release();
  acquireStoreLock(store).release();
});

it('is one lock whatever links lead to the store', () => {
  writeFileSync(store, '');
  symlinkSync(store, join(folder, 'link.db'));
  symlinkSync(folder, join(folder, 'sub'));
  const lock = acquireStoreLock(join(folder, 'link.db'));
  expect(() => acquireStoreLock(store)).toThrow(AlreadyRunningError);
  expect(() => acquireStoreLock(join(folder, 'sub', 'bot.db'))).toThrow(AlreadyRunningError);
  acquireStoreLock(join(folder, 'other.db')).release();
  lock.release();
});

it('says when its folder is not there', () => {
  expect(() => acquireStoreLock(join(folder, 'no', 'bot.db'))).toThrow(
    expect.objectContaining({ code: 'unwritable' }),
  );
});

it('of two processes that race, one gets it; its pid is told; and it is free once that one is killed', async () => {
  const racers = [start(store), start(store)];
  const answers = await Promise.all(racers.map(answer));
  expect([...answers].sort()).toEqual(['already-running', 'held']);
  const winner = racers[answers.indexOf('held')]!;
  for (let i = 0; i < 2; i++) {
    expect(() => acquireStoreLock(store)).toThrow(
      expect.objectContaining({ pid: winner.pid, message: expect.stringContaining(`pid ${winner.pid}`) }),
    );
  }
  await kill(winner);
  const lock = acquireStoreLock(store);
  expect(await answer(start(store))).toBe('already-running');
  for (const name of ['bot.db.lock', 'bot.db-pid']) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  lock.release();
});
