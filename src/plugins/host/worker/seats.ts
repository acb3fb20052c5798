import type { Clock, Timer } from '../../../platform/clock.ts';
import { RealClock } from '../../../platform/real/real-clock.ts';
import { PluginLoadError } from '../load-error.ts';
import type { FoundPlugin } from '../loader.ts';
import type { Seat } from '../seat.ts';
import type { RuntimeChoice } from '../types.ts';
import type { WireError } from '../wire-error.ts';
import { Compiler } from './compiler.ts';
import { InprocSeat } from './inproc-seat.ts';
import type { HoldTimes } from './turn-gate.ts';
import { WorkerThread } from './worker-thread.ts';

const MEMORY_MB = 128;
const BEAT_MS = 5_000;
const ANSWER_MS = 10_000;
/** Virtual clocks give up after ten seconds of real time. */
const HOLDS: HoldTimes = { startMs: 9_000, turnMs: 3_000 };

export interface SeatsOptions {
  readonly clock: Clock;
  /** Largest value that a plugin may hand over, in bytes. */
  readonly valueBytes: number;
  /** A promise that nobody awaited rejected in a worker, or something threw outside of every handler. */
  readonly unhandled: (id: string, error: WireError) => void;
  /**
   * A line that something in a worker printed.
   * @param ids whose it is; several when that is not known
   * @param lost so many lines before it were left out
   */
  readonly output: (ids: readonly string[], line: string, lost: number) => void;
  /** How long virtual time may wait for a worker, in real time. Tests of workers that hang make it short. */
  readonly holds?: HoldTimes;
}

/** A seat that is wanted. */
export interface SeatRequest {
  readonly id: string;
  readonly found: FoundPlugin;
  /** @default a worker of its own for a file, in-process for anything else */
  readonly runtime?: RuntimeChoice;
}

/** Gives plugins their places, and sees to it that their workers live. */
export class Seats {
  readonly #options: SeatsOptions;
  readonly #watchdog = new RealClock();
  readonly #compiler = new Compiler(this.#watchdog);
  readonly #threads = new Set<WorkerThread>();
  readonly #shared = new Map<string, WorkerThread>();
  /** Those who lost a worker that they shared: from then on each has one of its own. */
  readonly #apart = new Set<string>();
  #timer: Timer | undefined;
  #due = 0;

  constructor(options: SeatsOptions) {
    this.#options = options;
  }

  /** Where a plugin is to run, all things considered. */
  choose({ id, found, runtime }: SeatRequest): RuntimeChoice {
    if (runtime === undefined) return { kind: found.module === undefined ? 'inproc' : 'worker' };
    if (runtime.kind === 'inproc' || !this.#apart.has(id)) return runtime;
    const { memoryMb } = runtime;
    return { kind: 'worker', ...(memoryMb !== undefined && { memoryMb }) };
  }

  /** @throws PluginLoadError `load`: it cannot run where it should. */
  open(request: SeatRequest): Seat {
    const { id, found } = request;
    const choice = this.choose(request);
    if (choice.kind === 'inproc') return new InprocSeat(id, () => found.load(), this.#options.clock);
    if (found.module === undefined) {
      throw new PluginLoadError(id, 'load', found.from, 'only a file or a package can run in a worker');
    }
    const seat = this.#threadFor(id, choice).open(id, found.module);
    if (choice.share !== undefined) {
      void seat.lost.then(() => this.#apart.add(id));
    }
    return seat;
  }

  /** It may share a worker again. */
  together(id: string): void {
    this.#apart.delete(id);
  }

  #threadFor(
    id: string,
    { share, memoryMb = MEMORY_MB }: Extract<RuntimeChoice, { kind: 'worker' }>,
  ): WorkerThread {
    const known = share === undefined ? undefined : this.#shared.get(share);
    if (known?.alive === true) return known;
    const { holds = HOLDS, ...options } = this.#options;
    const thread = new WorkerThread(
      {
        ...options,
        watchdog: this.#watchdog,
        compiler: this.#compiler,
        // Real time cannot be held, and who asks for it costs messages.
        ...(options.clock instanceof RealClock ? {} : { holds }),
        answerMs: ANSWER_MS,
      },
      share ?? id,
      memoryMb,
    );
    this.#threads.add(thread);
    if (share !== undefined) this.#shared.set(share, thread);
    void thread.ended.then(() => {
      this.#threads.delete(thread);
      if (share !== undefined && this.#shared.get(share) === thread) this.#shared.delete(share);
      if (this.#threads.size > 0) return;
      this.#timer?.cancel();
      this.#timer = undefined;
      this.#compiler.close();
    });
    if (this.#timer === undefined) this.#schedule();
    return thread;
  }

  #schedule(): void {
    const { clock } = this.#options;
    this.#due = clock.monotonic() + BEAT_MS;
    this.#timer = clock.setTimeout(() => {
      // A machine that slept, or a process that was stopped: the workers had no time either.
      const lateMs = clock.monotonic() - this.#due;
      for (const thread of this.#threads) thread.beat(lateMs);
      this.#schedule();
    }, BEAT_MS);
  }
}
