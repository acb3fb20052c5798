import type { Buffer } from 'node:buffer';
import type { Clock } from '../../platform/clock.ts';
import type { FanOut } from './fan-out.ts';
import { RateMeter } from './rate-meter.ts';
import { RelayBatch } from './relay-batch.ts';

/** Passes searches on as the bytes that came, those that came together in one piece. */
export class Relay {
  /** Searches so far. */
  requests = 0;
  readonly rate: RateMeter;
  readonly batch = new RelayBatch();
  readonly #clock: Clock;
  readonly #fanOut: FanOut;
  readonly #passed: (frames: Buffer, count: number) => void;
  #queued = false;

  /** @param passed called with what was passed on: frames one after the other, and how many. */
  constructor(clock: Clock, fanOut: FanOut, passed: (frames: Buffer, count: number) => void) {
    this.#clock = clock;
    this.#fanOut = fanOut;
    this.#passed = passed;
    this.rate = new RateMeter(clock.monotonic());
  }

  /** Adds a frame to what is passed on next. */
  add(frame: Buffer): void {
    this.batch.add(frame, 0, frame.length);
  }

  /** Passes on what has gathered. */
  flush(): void {
    const { count } = this.batch;
    if (count === 0) return;
    const frames = this.batch.take();
    const now = this.#clock.monotonic();
    this.requests += count;
    this.rate.add(count, now);
    this.#fanOut.send(frames, count, now);
    this.#passed(frames, count);
  }

  /** Passes it on when what is going on now is over: for a source that does not say where its chunks end. */
  flushSoon(): void {
    if (this.#queued || this.batch.count === 0) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.flush();
    });
  }
}
