import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NodeFiles } from '../../../platform/real/node-files.ts';
import { RealClock } from '../../../platform/real/real-clock.ts';
import { wav } from '../audio.test-support.ts';
import { SharedIndex } from '../index/shared-index.ts';
import { LocalScanEngine } from '../scan/scan-all.ts';
import type { ScanRequest } from '../scan/scan-request.ts';
import { WorkerScanEngine } from './worker-scan-engine.ts';

const root = mkdtempSync(join(tmpdir(), 'seekeeper-scan-'));
beforeAll(() => {
  mkdirSync(join(root, 'music/band'), { recursive: true });
  writeFileSync(join(root, 'music/band/a.wav'), wav(2));
  writeFileSync(join(root, 'music/band/b.txt'), 'text');
});
afterAll(() => rmSync(root, { recursive: true }));

const request = (indexFile: string): ScanRequest => ({
  shares: [{ name: 'Music', folder: join(root, 'music'), audience: 'everyone' }],
  indexFile: join(root, indexFile),
  attributes: true,
  now: 1_000,
  keepMissingMs: 0,
});

it('a thread of its own finds what this one does, and saves it', async () => {
  const files = new NodeFiles();
  const progress: string[] = [];
  const engine = new WorkerScanEngine();
  const there = await engine.scan(request('there'), { onProgress: ({ share }) => progress.push(share) });
  const here = await new LocalScanEngine({ files, clock: new RealClock() }).scan(request('here'));
  expect(there).toEqual(here);
  expect(there.report.files).toBe(2);
  expect(new SharedIndex(there.tables).file(0).attributes).toEqual({
    duration: 2,
    sampleRate: 8_000,
    bitDepth: 16,
  });
  expect(progress.length).toBeGreaterThan(0);
  expect((await engine.scan(request('there'))).report.shares[0]!.read).toBe(0);
});

it('ends when told', async () => {
  const ending = new AbortController();
  const scan = new WorkerScanEngine().scan(request('there'), { signal: ending.signal });
  ending.abort(new Error('enough'));
  await expect(scan).rejects.toThrow('enough');
  await expect(new WorkerScanEngine().scan(request('there'), { signal: ending.signal })).rejects.toThrow(
    'enough',
  );
});
