import type { Clock } from '../../platform/clock.ts';
import {
  type DecodeResult,
  decodePeerMessage,
  decodePeerMessageAsync,
  type PeerMessage,
} from '../../protocol/index.ts';
import type { PeerLink } from './peer-link.ts';

/** Bodies from this size on are inflated in the thread pool. */
const LARGE_BYTES = 100 * 1024;

/** Inflated at a time: each may hold its cap of memory. */
const MAX_RUNNING = 4;

/** Decodes peer messages, large ones outside the event loop; meanwhile nothing more is read from their links. */
export class Inflater {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `then` with what was decoded: now, or later and before the link's next frame. */
  decode(link: PeerLink, body: Uint8Array, then: (decoded: DecodeResult<PeerMessage>) => void): void {
    if (body.length < LARGE_BYTES) {
      then(decodePeerMessage(body));
      return;
    }
    link.pause();
    const run = (): void => {
      this.#running += 1;
      const hold = this.#clock.hold('a message of a peer is inflated');
      void decodePeerMessageAsync(body).then((decoded) => {
        hold.release();
        this.#running -= 1;
        this.#waiting.shift()?.();
        try {
          then(decoded);
        } finally {
          link.resume();
        }
      });
    };
    if (this.#running < MAX_RUNNING) run();
    else this.#waiting.push(run);
  }
}
