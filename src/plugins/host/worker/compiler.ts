import { Worker } from 'node:worker_threads';
import type { TransformOptions, TransformResult } from 'jiti';
import type { Clock, Timer } from '../../../platform/clock.ts';
import { type Deferred, deferred } from '../../../platform/deferred.ts';
import { BABEL } from '../transformer.ts';

/** Plugins are loaded in bursts: at the start, and by whoever edits one. */
const IDLE_MS = 2_000;

/** What runs in the thread. It needs none of our modules, so it is there at once. */
const CODE = `
const { parentPort, workerData } = require('node:worker_threads');
const transform = require(workerData);
parentPort.on('message', ([number, options]) => {
  let answer;
  try {
    answer = { code: transform(options).code };
  } catch (error) {
    answer = { failure: String(error?.message ?? error) };
  }
  parentPort.postMessage([number, answer]);
});
`;

/** What became of a file. */
export type Compiled = { readonly code: TransformResult['code'] } | { readonly failure: string };

/**
 * Compiles plugins for all workers in a thread that lives only while there is something to compile: the compiler takes
 * more memory than everything else in a worker, and V8 gives it back for certain only when its thread ends.
 */
export class Compiler {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Deferred<Compiled>>();
  #worker: Worker | undefined;
  #timer: Timer | undefined;
  #next = 1;

  /** @param clock real time */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Never rejects. */
  async compile(options: TransformOptions): Promise<Compiled> {
    this.#timer?.cancel();
    const number = this.#next++;
    const waiting = deferred<Compiled>();
    this.#waiting.set(number, waiting);
    this.#worker ??= this.#start();
    this.#worker.postMessage([number, options]);
    const compiled = await waiting.promise;
    if (this.#waiting.size === 0) {
      this.#timer?.cancel();
      this.#timer = this.#clock.setTimeout(() => this.close(), IDLE_MS);
    }
    return compiled;
  }

  /** Ends the thread. The next file starts another. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    const worker = new Worker(CODE, {
      eval: true,
      name: 'compiler',
      workerData: BABEL,
      execArgv: [],
      stderr: false,
    });
    worker.on('message', ([number, compiled]: [number, Compiled]) => this.#settle(number, compiled));
    worker.on('error', (error) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const number of this.#waiting.keys()) this.#settle(number, { failure: error.message });
    });
    return worker;
  }

  #settle(number: number, compiled: Compiled): void {
    this.#waiting.get(number)?.resolve(compiled);
    this.#waiting.delete(number);
  }
}
