import type { Clock } from '../../platform/clock.ts';
import {
  type DecodeResult,
  decodePeerMessage,
  decodePeerMessageAsync,
  type PeerMessage,
} from '../../protocol/index.ts';
import type { PeerLink } from './peer-link.ts';

/** Bodies from this size on are inflated in the thread pool; so is what becomes larger than that, which takes a few milliseconds. */
const LARGE_BYTES = 100 * 1024;
const LARGE_INFLATED_BYTES = 1024 * 1024;

/** Inflated at a time: each may hold its cap of memory. */
const MAX_RUNNING = 4;

/** Bytes that wait for their turn. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

type Then = (decoded: DecodeResult<PeerMessage>) => void;

/** Decodes peer messages, large ones outside the event loop; meanwhile nothing more is read from their links. */
export class Inflater {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #waitingBytes = 0;
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Calls `then` with what was decoded: now, or later and before the link's next frame.
   * @param inflateCap bytes that the body may inflate to. @default that of the protocol layer
   * @returns false if too much waits already: then nothing is decoded
   */
  decode(link: PeerLink, body: Uint8Array, then: Then, inflateCap?: number): boolean {
    if (body.length < LARGE_BYTES) {
      const decoded = decodePeerMessage(body, { inflateCap: LARGE_INFLATED_BYTES });
      if (decoded.ok || decoded.reason !== 'inflate-limit') {
        then(decoded);
        return true;
      }
    }
    if (this.#running < MAX_RUNNING) {
      link.pause();
      this.#run(link, body, then, inflateCap);
      return true;
    }
    if (this.#waitingBytes + body.length > MAX_WAITING_BYTES) return false;
    link.pause();
    this.#waitingBytes += body.length;
    this.#waiting.push(() => {
      this.#waitingBytes -= body.length;
      this.#run(link, body, then, inflateCap);
    });
    return true;
  }

  #run(link: PeerLink, body: Uint8Array, then: Then, inflateCap: number | undefined): void {
    this.#running += 1;
    const hold = this.#clock.hold('a message of a peer is inflated');
    const options = inflateCap === undefined ? {} : { inflateCap };
    void decodePeerMessageAsync(body, options).then((decoded) => {
      hold.release();
      this.#running -= 1;
      this.#waiting.shift()?.();
      try {
        then(decoded);
      } finally {
        link.resume();
      }
    });
  }
}
