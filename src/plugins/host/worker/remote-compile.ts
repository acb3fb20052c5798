import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Compile } from '../loader.ts';
import type { Compiled } from './compiler.ts';

/** Less than what a plugin has for its start. */
const LONGEST_MS = 8_000;

/** How a worker and the host talk about a file while the worker stands still: an import cannot wait in any other way. */
export interface CompileLine {
  readonly port: MessagePort;
  /** One cell: 1 once the answer is in `port`. */
  readonly answered: SharedArrayBuffer;
}

/** In the worker: has a file compiled by the host. @param ask tells the host of it */
export function remoteCompile(
  { port, answered }: CompileLine,
  ask: (options: Parameters<Compile>[0]) => void,
): Compile {
  const cell = new Int32Array(answered);
  return (options) => {
    Atomics.store(cell, 0, 0);
    ask(options);
    const outcome = Atomics.wait(cell, 0, 0, LONGEST_MS);
    const compiled = receiveMessageOnPort(port)?.message as Compiled | undefined;
    if (outcome === 'timed-out' || compiled === undefined)
      throw new Error(`${options.filename ?? 'a file'} was not compiled in ${LONGEST_MS} ms`);
    if ('failure' in compiled) throw new Error(compiled.failure);
    return compiled;
  };
}

/** In the host: answers. */
export function answerCompile({ port, answered }: CompileLine, compiled: Compiled): void {
  port.postMessage(compiled);
  const cell = new Int32Array(answered);
  Atomics.store(cell, 0, 1);
  Atomics.notify(cell, 0);
}
