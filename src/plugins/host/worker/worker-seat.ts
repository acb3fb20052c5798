import type { Clock } from '../../../platform/clock.ts';
import { deferred } from '../../../platform/deferred.ts';
import type { Channel } from '../channel.ts';
import { checkPlain } from '../plain.ts';
import type { Seat, SeatLoss } from '../seat.ts';
import { logBounded } from './log-bounded.ts';

/** Around a value of the largest size: the call, the registration. */
const ENVELOPE = 65_536;
/** What may hold everything that a plugin stores. */
const WHOLE_STORE = new Set<unknown>(['migrated', 'saved']);
const WHOLE_STORE_BYTES = 256 * 1_048_576;

/** What a seat needs of its worker. */
export interface SeatWorker {
  post(seat: number, message: unknown): void;
  memory(): { readonly heapBytes: number; readonly externalBytes: number } | undefined;
  leave(seat: number): Promise<void>;
}

/** One plugin's place in a worker, as the host holds it. */
export class WorkerSeat implements Seat {
  readonly number: number;
  readonly id: string;
  /** Bounded. */
  readonly channel: Channel;
  readonly #channel: SeatChannel;
  readonly #worker: SeatWorker;
  readonly #lost = deferred<SeatLoss>();

  constructor(number: number, id: string, worker: SeatWorker, valueBytes: number, clock: Clock) {
    this.number = number;
    this.id = id;
    this.#worker = worker;
    this.#channel = new SeatChannel((message) => worker.post(number, message), valueBytes);
    this.channel = logBounded(this.#channel, clock);
  }

  get lost(): Promise<SeatLoss> {
    return this.#lost.promise;
  }

  memory(): { readonly heapBytes: number; readonly externalBytes: number } | undefined {
    return this.#worker.memory();
  }

  async close(): Promise<void> {
    this.channel.close();
    await this.#worker.leave(this.number);
  }

  /** A message of the plugin. @throws Error when it is none, or one that the runner would never send. */
  deliver(message: unknown): void {
    this.#channel.deliver(message);
  }

  /** Its worker has ended. */
  lose(loss: SeatLoss): void {
    this.channel.close();
    this.#lost.resolve(loss);
  }
}

class SeatChannel implements Channel {
  readonly #send: (message: unknown) => void;
  readonly #valueBytes: number;
  #receive: ((message: unknown) => void) | undefined;
  #open = true;

  constructor(send: (message: unknown) => void, valueBytes: number) {
    this.#send = send;
    this.#valueBytes = valueBytes;
  }

  post(message: unknown): void {
    if (this.#open) this.#send(message);
  }

  onMessage(receive: (message: unknown) => void): void {
    this.#receive = receive;
  }

  close(): void {
    this.#open = false;
  }

  deliver(message: unknown): void {
    if (!this.#open) return;
    if (typeof message !== 'object' || message === null || !('t' in message))
      throw new Error('it is no message');
    const maxBytes = WHOLE_STORE.has(message.t) ? WHOLE_STORE_BYTES : this.#valueBytes + ENVELOPE;
    checkPlain(message, 'it', maxBytes, 'copy');
    this.#receive?.(message);
  }
}
