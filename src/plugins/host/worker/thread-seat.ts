import type { MessagePort } from 'node:worker_threads';
import { type Channel, notCopied } from '../channel.ts';
import { type FromThread, WINDOW } from './protocol.ts';

/**
 * The plugin's end of the channel, in the worker. It sends as much as the host has dealt with; the rest waits here, in the
 * worker's own memory.
 */
export class ThreadSeat implements Channel {
  readonly #port: MessagePort;
  readonly #seat: number;
  readonly #answered: () => void;
  #receive: ((message: unknown) => void) | undefined;
  #credit = WINDOW;
  #waiting: unknown[] = [];
  #open = true;

  /** @param answered a step of loading was answered */
  constructor(port: MessagePort, seat: number, answered: () => void) {
    this.#port = port;
    this.#seat = seat;
    this.#answered = answered;
  }

  /** Messages that the host has no room for yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  post(message: unknown): void {
    if (!this.#open) return;
    try {
      if (this.#credit > 0) this.#send(message);
      else this.#waiting.push(structuredClone(message));
    } catch (cause) {
      throw notCopied(message, cause);
    }
    if (isAnswer(message)) this.#answered();
  }

  onMessage(receive: (message: unknown) => void): void {
    this.#receive = receive;
  }

  close(): void {
    this.#open = false;
    this.#waiting = [];
  }

  deliver(message: unknown): void {
    if (this.#open) this.#receive?.(message);
  }

  /** The host has dealt with so many. */
  refill(count: number): void {
    this.#credit += count;
    for (const message of this.#waiting.splice(0, this.#credit)) this.#send(message);
  }

  #send(message: unknown): void {
    this.#port.postMessage({ w: 'message', seat: this.#seat, message } satisfies FromThread);
    this.#credit--;
  }
}

function isAnswer(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    't' in message &&
    (message.t === 'loaded' || message.t === 'failed')
  );
}
