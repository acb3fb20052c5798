/** The thread that scans: one request comes as `workerData`, words of progress and the outcome go back. */
import { parentPort, workerData } from 'node:worker_threads';
import { NodeFiles } from '../../../platform/real/node-files.ts';
import { RealClock } from '../../../platform/real/real-clock.ts';
import { arraysOf } from '../index/tables.ts';
import { LocalScanEngine } from '../scan/scan-all.ts';
import type { FromScanThread, ToScanThread } from './protocol.ts';

const tell = (message: FromScanThread, transfer: readonly ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer);

const { request } = workerData as ToScanThread;
try {
  const engine = new LocalScanEngine({ files: new NodeFiles(), clock: new RealClock() });
  const outcome = await engine.scan(request, {
    onProgress: (progress) => tell({ type: 'progress', progress }),
  });
  const buffers = new Set(arraysOf(outcome.tables).map(({ buffer }) => buffer as ArrayBuffer));
  tell({ type: 'done', outcome }, [...buffers]);
} catch (error) {
  tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
