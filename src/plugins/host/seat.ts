import type { Channel } from './channel.ts';

/** Why a seat was lost without having been given up. */
export interface SeatLoss {
  /**
   * `hang`: it did not answer; `memory`: above its cap; `exit`: `process.exit` or the like; `crash`: an error that nobody
   * caught; `neighbour`: another plugin in the same worker is to blame.
   */
  readonly cause: 'hang' | 'memory' | 'exit' | 'crash' | 'neighbour';
  /** One line for a person. */
  readonly message: string;
  /** Which step was running, when it was none of the host's calls: `setup`. */
  readonly where?: string;
  /** Number of the host's call that was running, when that is known. */
  readonly call?: number;
}

/** A place in which one plugin's runner lives: in this process, or in a worker. */
export interface Seat {
  readonly channel: Channel;
  /** Resolves when the seat is lost; never when it is given up with `close`. */
  readonly lost: Promise<SeatLoss>;
  /** Memory of the worker; undefined in-process, and before the first report. */
  memory(): { readonly heapBytes: number; readonly externalBytes: number } | undefined;
  /** Gives it up; the worker ends when it was the last one in it. */
  close(): Promise<void>;
}
