import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { ThreadStart } from './protocol.ts';

export interface WorkerOptions {
  /** For tools that list threads. */
  readonly name: string;
  readonly memoryMb: number;
  readonly start: ThreadStart;
}

/** Starts a thread that runs `worker-main`. */
export function startWorker({ name, memoryMb, start }: WorkerOptions): Worker {
  keepLoopsEndable();
  return new Worker(entry(), {
    name,
    workerData: { start },
    transferList: [start.port, start.compile.port],
    // Those of the process are about the process: `--import tsx`, a test runner's.
    execArgv: [],
    stdin: false,
    // What is printed goes through the port; these catch what Node itself prints.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16 },
  });
}

/**
 * V8 13 and later compile some loops that do nothing but allocate in a way that nothing ends: not `terminate`, not the
 * heap's limit, until the machine has no memory left ([observed] in Node 24.21). Without this one step of its compilers
 * that does not happen; they have others.
 */
function keepLoopsEndable(): void {
  if (Number.parseInt(process.versions.v8, 10) >= 13) setFlagsFromString('--no-maglev-osr');
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
    'const unregister = register();',
    `await import(${JSON.stringify(main)});`,
    'await unregister();',
  ];
  return new URL(`data:text/javascript,${encodeURIComponent(code.join('\n'))}`);
}
