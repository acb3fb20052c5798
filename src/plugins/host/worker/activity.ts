import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** The steps that a runner takes when the host says so, apart from calls, and their words in reports. */
const STEPS: Readonly<Record<string, string>> = {
  load: 'its file, while it was loaded',
  configure: 'its config schema',
  migrate: 'a migration of its store',
  setup: 'setup',
  save: 'handover.save',
  restore: 'handover.restore',
  dispose: 'onDispose',
};

const NAMES = Object.keys(STEPS);

/** Which plugin of a worker is running, and what. */
export interface Running {
  /** 0: none, or unknown. */
  readonly seat: number;
  /** Number of the host's call. */
  readonly call?: number;
  /** Words for the step, when it is no call. */
  readonly where?: string;
}

/** Memory that a worker shares with the host, which can read it while the worker does not answer. */
export function activityMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(8);
}

/** @returns what the worker is doing now, or was when it died. */
export function readActivity(memory: SharedArrayBuffer): Running {
  const cells = new Int32Array(memory);
  const seat = Atomics.load(cells, 0);
  const code = Atomics.load(cells, 1);
  if (code > 0) return { seat, call: code };
  const where = STEPS[NAMES[-code - 1] ?? ''];
  return { seat, ...(where === undefined ? {} : { where }) };
}

interface Doing {
  readonly seat: number;
  /** A call's number, or below 0 a step. */
  readonly code: number;
}

/**
 * Notes on the worker's side whose code runs: what the host's messages start directly, and everything that comes of it
 * later through promises and timers.
 */
export class Activity {
  readonly #cells: Int32Array;
  readonly #doing = new AsyncLocalStorage<Doing>();
  /** Callbacks may run inside of others. */
  readonly #outer: (Doing | undefined)[] = [];

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory);
    createHook({
      before: () => this.#enter(this.#doing.getStore()),
      after: () => this.#leave(),
    }).enable();
  }

  /** Whose code is running; 0 when it is nobody's. */
  get seat(): number {
    return this.#doing.getStore()?.seat ?? 0;
  }

  /** Runs what a message of the host asks of a plugin. */
  run(seat: number, message: unknown, run: () => void): void {
    const doing = { seat, code: codeOf(message) };
    this.#enter(doing);
    try {
      this.#doing.run(doing, run);
    } finally {
      this.#leave();
    }
  }

  #enter(doing: Doing | undefined): void {
    this.#outer.push(doing);
    this.#show(doing);
  }

  #leave(): void {
    this.#outer.pop();
    this.#show(this.#outer.at(-1));
  }

  #show(doing: Doing | undefined): void {
    this.#cells[0] = doing?.seat ?? 0;
    this.#cells[1] = doing?.code ?? 0;
  }
}

function codeOf(message: unknown): number {
  if (typeof message !== 'object' || message === null) return 0;
  if ('t' in message && typeof message.t === 'string') {
    const step = NAMES.indexOf(message.t);
    if (step >= 0) return -step - 1;
    // These carry numbers of the plugin's own.
    if (message.t === 'return' || message.t === 'raise') return 0;
  }
  return 'call' in message && typeof message.call === 'number' ? message.call : 0;
}
