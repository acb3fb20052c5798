import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What one of our processes is. */
export type Role = 'source' | 'bare' | 'ours' | 'sink';

interface Answer {
  readonly id: number;
  readonly value: unknown;
}

/** A process that does what it is told, one thing at a time. */
export class Worker {
  readonly #child: ChildProcess;
  #id = 0;

  constructor(role: Role) {
    const file = fileURLToPath(new URL('./worker.ts', import.meta.url));
    this.#child = fork(file, [role], { execArgv: process.execArgv });
  }

  /** Calls a function of the worker. */
  call<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    const id = ++this.#id;
    return new Promise<T>((resolve, reject) => {
      const gone = () => reject(new Error(`the process ended during ${name}`));
      const heard = (answer: Answer) => {
        if (answer.id !== id) return;
        this.#child.off('message', heard);
        this.#child.off('exit', gone);
        resolve(answer.value as T);
      };
      this.#child.on('message', heard);
      this.#child.once('exit', gone);
      this.#child.send({ id, name, args });
    });
  }

  end(): void {
    this.#child.disconnect();
  }
}

export interface Usage {
  /** Processor time so far, in seconds. */
  readonly cpu: number;
  /** Peak resident memory, MiB. */
  readonly peak: number;
}
