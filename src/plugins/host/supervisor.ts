import type { Clock, Timer } from '../../platform/clock.ts';
import type { SeatLoss } from './seat.ts';
import { oneLine, toWireError } from './wire-error.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** So many failures in this time, and it is not started again. */
const FAILURES = 3;
const WINDOW_MS = 10 * 60_000;

/** What a supervisor works with. */
export interface SupervisorParts {
  readonly clock: Clock;
  /**
   * Loads what is on disk and starts it.
   * @param runs to be called as soon as it runs: it may be lost again before everything else is done
   * @throws Error (as rejection) why that failed
   */
  readonly restart: (runs: () => void) => Promise<void>;
  readonly report: (kind: 'worker' | 'quarantine', where: string, message: string) => void;
  /** It is not started again: what waits for it waits in vain. */
  readonly gaveUp: () => void;
  /** Its state is another one now, or it runs anew. */
  readonly changed: () => void;
}

/**
 * What becomes of one plugin whose worker ended: it is started again, after a wait that doubles with every failure, and
 * not any more after three in ten minutes.
 */
export class Supervisor {
  readonly #parts: SupervisorParts;
  /** When it failed, on the monotonic clock. */
  #failures: number[] = [];
  #state: 'running' | 'restarting' | 'quarantined' = 'running';
  #problem: string | undefined;
  #restarts = 0;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  get state(): 'running' | 'restarting' | 'quarantined' {
    return this.#state;
  }

  /** Why it is not running, in words. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** How often it was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Its seat was lost. @param where what was running, in words */
  lost({ cause, message }: SeatLoss, where: string): void {
    if (this.#stopped) return;
    if (cause === 'neighbour') this.#again(where, message, FIRST_WAIT_MS);
    else this.#failed(where, message);
  }

  /**
   * Starts it now, and forgets its failures.
   * @throws Error (as rejection) why it could not be started; it is quarantined then.
   */
  async release(): Promise<void> {
    if (this.#state === 'running') return;
    this.#timer?.cancel();
    this.#failures = [];
    this.#become('restarting', this.#problem);
    try {
      await this.#restart();
    } catch (error) {
      this.#quarantine(oneLine(toWireError(error).message));
      throw error;
    }
  }

  /** Somebody loaded it anew, and it runs. */
  replaced(): void {
    this.#timer?.cancel();
    this.#failures = [];
    this.#become('running');
  }

  /** It is not wanted any more. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #restart(): Promise<void> {
    await this.#parts.restart(() => {
      this.#restarts++;
      this.#become('running');
    });
  }

  #failed(where: string, message: string): void {
    const now = this.#parts.clock.monotonic();
    this.#failures = [...this.#failures.filter((at) => now - at < WINDOW_MS), now];
    const count = this.#failures.length;
    if (count < FAILURES) {
      this.#again(where, message, Math.min(FIRST_WAIT_MS * 2 ** (count - 1), LONGEST_WAIT_MS));
      return;
    }
    this.#parts.report('worker', where, message);
    this.#quarantine(message);
    const minutes = WINDOW_MS / 60_000;
    this.#parts.report(
      'quarantine',
      where,
      `it failed ${count} times in ${minutes} minutes and is not started again until you release it; the last time: ${message}`,
    );
  }

  #quarantine(problem: string): void {
    this.#parts.gaveUp();
    this.#become('quarantined', problem);
  }

  #again(where: string, message: string, waitMs: number): void {
    this.#become('restarting', message);
    this.#parts.report('worker', where, `${message}; it starts again in ${Math.ceil(waitMs / 1_000)} s`);
    this.#timer = this.#parts.clock.setTimeout(() => {
      this.#restart().catch((error: unknown) => {
        if (!this.#stopped) this.#failed('restart', oneLine(toWireError(error).message));
      });
    }, waitMs);
  }

  #become(state: 'running' | 'restarting' | 'quarantined', problem?: string): void {
    this.#state = state;
    this.#problem = problem;
    this.#parts.changed();
  }
}
