import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { abortError, onAbort } from '../../../platform/abort.ts';
import type { ScanEngine, ScanOutcome, ScanRequest } from '../scan/scan-request.ts';
import type { FromScanThread, ToScanThread } from './protocol.ts';

/** Megabytes of heap that a scan may take, arrays not counted: enough for several million files. */
const MEMORY_MB = 4096;

/** Scans in a thread of its own, that ends with the scan and gives all its memory back. The event loop stays free. */
export class WorkerScanEngine implements ScanEngine {
  scan(
    request: ScanRequest,
    { onProgress, signal }: Parameters<ScanEngine['scan']>[1] = {},
  ): Promise<ScanOutcome> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortError(signal));
        return;
      }
      const start: ToScanThread = { request };
      const worker = new Worker(entry(), {
        name: 'scan of shares',
        workerData: start,
        // Those of the process are about the process.
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      });
      const unabort = onAbort(signal, () => {
        settle(() => reject(abortError(signal!)));
        void worker.terminate();
      });
      const settle = (how: () => void) => {
        unabort();
        how();
      };
      worker.on('message', (message: FromScanThread) => {
        if (message.type === 'progress') onProgress?.(message.progress);
        else if (message.type === 'done') settle(() => resolve(message.outcome));
        else settle(() => reject(new Error(`the scan failed: ${message.message}`)));
      });
      worker.on('error', (error) => settle(() => reject(error)));
      worker.on('exit', (code) => settle(() => reject(new Error(`the scan ended with code ${code}`))));
    });
  }
}

function entry(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./worker-main.js', import.meta.url);
  // Our own sources, unbuilt: a worker does not inherit the loader of the process.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api')).href.replace(
    /\.cjs$/,
    '.mjs',
  );
  const main = new URL('./worker-main.ts', import.meta.url).href;
  const code = [
    `const { register } = await import(${JSON.stringify(tsx)});`,
    'register();',
    `await import(${JSON.stringify(main)});`,
  ];
  return new URL(`data:text/javascript,${encodeURIComponent(code.join('\n'))}`);
}
