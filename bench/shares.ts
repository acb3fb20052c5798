import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readIncoming } from '../src/network/search/incoming-query.ts';
import { buildIndex } from '../src/network/shares/index/build-index.ts';
import type { ScannedFolder } from '../src/network/shares/index/shared-file.ts';
import { SharedIndex } from '../src/network/shares/index/shared-index.ts';
import { LocalScanEngine } from '../src/network/shares/scan/scan-all.ts';
import type { ScanReport } from '../src/network/shares/scan/scan-request.ts';
import { shareKey } from '../src/network/shares/share-folder.ts';
import { Shares } from '../src/network/shares/shares.ts';
import { saveIndex } from '../src/network/shares/stored/stored-index.ts';
import { WorkerScanEngine } from '../src/network/shares/worker/worker-scan-engine.ts';
import { filePath } from '../src/platform/files.ts';
import { nullLog } from '../src/platform/null-log.ts';
import { collectGarbage } from '../src/platform/real/collect-garbage.ts';
import { NodeFiles } from '../src/platform/real/node-files.ts';
import { RealClock } from '../src/platform/real/real-clock.ts';
import type { Benchmark, BenchmarkResult } from './benchmark.ts';

const FILES = 1_000_000;
const FILES_PER_FOLDER = 12;
const SCANNED = 20_000;
const QUERIES = 20_000;
const MiB = 1024 * 1024;

/** The same names in every run: words as often as words are in a language. */
class Names {
  #seed = 12_345;
  readonly words = Array.from({ length: 200_000 }, (_, i) => `w${i.toString(36)}`);

  random(): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return this.#seed / 0x7fff_ffff;
  }

  word(): string {
    return this.words[Math.min(this.words.length - 1, Math.floor(this.words.length ** this.random()))]!;
  }
}

function library(names: Names): ScannedFolder[] {
  const folders: ScannedFolder[] = [];
  for (let n = 0; n < FILES; ) {
    const album = `${names.word()} ${names.word()} ${1950 + Math.floor(names.random() * 75)} ${n}`;
    const parts = [`${names.word()} ${names.word()}`, album].map((part) => Buffer.from(part));
    const files = Array.from({ length: Math.min(FILES_PER_FOLDER, FILES - n) }, (_, i) => ({
      name: Buffer.from(
        `${String(i + 1).padStart(2, '0')} - ${names.word()} ${names.word()} ${names.word()}.mp3`,
      ),
      size: 1_000_000 + n++,
      changed: 0,
      attributes: { bitrate: 320, duration: 200 },
    }));
    folders.push({ parts, files });
  }
  return folders;
}

function queriesOf(names: Names): string[] {
  const kinds: (() => string)[] = [
    () => `${names.word()} ${names.word()}`,
    () => `${names.word()} ${names.word()} mp3`,
    () => `${names.word()} *${names.word().slice(-2)}`,
    () => `${names.word()} -${names.word()} -mp3`,
    () =>
      `music ${names.words[Math.floor(names.random() * 300)]} ${names.words[Math.floor(names.random() * 300)]}`,
  ];
  const mix = [0, 0, 0, 0, 0, 1, 1, 2, 3, 4];
  const hard = ['a', '1', 'mp3', 'mp3 *zz9', 'music mp3 -w1', names.words.slice(0, 3_000).join(' ')];
  return [...Array.from({ length: QUERIES }, (_, i) => kinds[mix[i % mix.length]!]!()), ...hard];
}

const seconds = (since: number) => (performance.now() - since) / 1000;
const shown = (value: number, digits = 1) => value.toFixed(digits);

/** Runs `work` and says for how long it held up the event loop at most, in milliseconds. */
async function watched<T>(
  work: () => Promise<T>,
): Promise<readonly [result: T, took: number, blocked: number]> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await new Promise<void>((done) => setTimeout(done, 50));
  delay.enable();
  const since = performance.now();
  const result = await work();
  const took = seconds(since);
  await new Promise<void>((done) => setTimeout(done, 5));
  delay.disable();
  return [result, took, delay.max / 1e6];
}

async function scanRate(root: string): Promise<string[]> {
  for (let i = 0; i < SCANNED; i++) {
    const folder = join(root, 'music', `artist ${i % 40}`, `album ${i % 2_000}`);
    if (i < 2_000) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${i} song.mp3`), 'x');
  }
  const request = (name: string, attributes: boolean) => ({
    shares: [{ name: 'Music', folder: join(root, 'music'), audience: 'everyone' as const }],
    indexFile: join(root, name),
    attributes,
    now: 1,
    keepMissingMs: 0,
  });
  const rate = (report: ScanReport, took: number) => `${Math.round(report.files / took)} files/s`;
  const local = new LocalScanEngine({ files: new NodeFiles(), clock: new RealClock() });
  const [first, took] = await watched(() => local.scan(request('a', false)));
  const [, tookAudio] = await watched(() => local.scan(request('b', true)));
  const [again, tookAgain] = await watched(() => local.scan(request('b', true)));
  const [there, tookThere, blocked] = await watched(() => new WorkerScanEngine().scan(request('b', true)));
  return [
    `scan of ${SCANNED} files: ${rate(first.report, took)}; opening each as audio ${rate(first.report, tookAudio)}; ` +
      `again, unchanged ${rate(again.report, tookAgain)}`,
    `in a thread of its own, its start included: ${rate(there.report, tookThere)}, event loop held up ${shown(blocked)} ms at most`,
  ];
}

async function measure(root: string): Promise<BenchmarkResult> {
  const details = await scanRate(root);
  const names = new Names();
  const share = { name: 'Music', folder: join(root, 'music'), audience: 'everyone' as const };
  let since = performance.now();
  const { tables } = buildIndex([{ ...share, folders: library(names) }]);
  details.push(`index of ${FILES} files made in ${shown(seconds(since))} s (names included)`);
  const index = new SharedIndex(tables);
  const perFile = index.bytes / FILES;

  const times = queriesOf(names).map((query) => {
    const asked = performance.now();
    index.search(readIncoming(query), { limit: 300 });
    return performance.now() - asked;
  });
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))]!;
  details.push(
    `search: p50 ${shown(at(0.5), 3)} ms, p99 ${shown(at(0.99), 2)} ms, worst ${shown(at(1), 2)} ms`,
    `index: ${shown(perFile)} bytes/file`,
  );

  const files = new NodeFiles();
  const indexFile = join(root, 'million');
  since = performance.now();
  await saveIndex(files, filePath(indexFile), {
    tables,
    shares: [{ name: share.name, key: shareKey(share) }],
    attributes: true,
    at: 1,
  });
  details.push(
    `saved in ${shown(seconds(since))} s, ${shown(statSync(indexFile).size / MiB)} MiB on the disk`,
  );
  const shares = new Shares({
    clock: new RealClock(),
    log: nullLog,
    files,
    folders: [share],
    indexFile,
    engine: { scan: () => new Promise(() => {}) },
  });
  const [, started, startBlocked] = await watched(() => shares.start());
  details.push(
    `start from the saved index: ${shown(started, 2)} s until ${shares.counts.files} files can be searched, ` +
      `event loop held up ${shown(startBlocked)} ms at most`,
  );

  collectGarbage();
  let most = process.memoryUsage.rss();
  const before = most;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  const [list, took, blocked] = await watched(() => shares.browse('somebody'));
  clearInterval(sampling);
  const [, again] = await watched(() => shares.browse('somebody else'));
  details.push(
    `browse list: ${shown(took)} s, ${shown(list.length / MiB)} MiB compressed, at most ${shown((most - before) / MiB)} MiB more ` +
      `resident, event loop held up ${shown(blocked)} ms at most; for the next who asks ${shown(again * 1000, 2)} ms`,
  );
  shares.close();
  return {
    figure: `p99 ${shown(at(0.99), 2)} ms, ${shown(perFile)} bytes/file, list held up ${shown(blocked)} ms`,
    unit: `of ${FILES} files`,
    budget: 'p99 < 5 ms, <= 200 bytes/file, held up <= 50 ms',
    ok: at(0.99) < 5 && perFile <= 200 && blocked <= 50,
    details,
  };
}

export const shares: Benchmark = {
  name: 'shares',
  summary: `scan a folder; search, store and list an index of ${FILES} files`,
  async run() {
    const root = mkdtempSync(join(tmpdir(), 'seekeeper-bench-shares-'));
    try {
      return await measure(root);
    } finally {
      rmSync(root, { recursive: true });
    }
  },
};
