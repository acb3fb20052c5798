import type { Clock } from '../../platform/clock.ts';
import { PeerError, type PeerLink, type PeerNetwork } from './peer-link.ts';
import type { PeerSendOptions, PeerSendOutcome } from './peer-messaging.ts';

const MAX_PER_USER = 256;
const MAX_BYTES = 64 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;

/** Where messages leave. */
export interface OutboundNetwork extends PeerNetwork {
  /** The proven link of type P with that user, if there is one now. */
  current(user: string): PeerLink | undefined;
}

interface Waiting {
  readonly frame: Uint8Array;
  readonly options: PeerSendOptions;
  /** Monotonic milliseconds. */
  readonly deadline: number;
  readonly settle: (outcome: PeerSendOutcome) => void;
  connecting: boolean;
}

/** What waits for one user. */
interface Lane {
  readonly waiting: Waiting[];
  /** The link that cannot take more at the moment. */
  full: PeerLink | undefined;
}

/**
 * Messages that wait for a connection, or for room in its send buffer; in order per user. What waits is not bound to a
 * link: when another takes its place, it leaves there.
 */
export class Outbound {
  readonly #network: OutboundNetwork;
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();
  readonly #sent: (link: PeerLink, options: PeerSendOptions) => void;
  #bytes = 0;

  /** @param sent told of each message that was given to a link. */
  constructor(
    network: OutboundNetwork,
    clock: Clock,
    sent: (link: PeerLink, options: PeerSendOptions) => void,
  ) {
    this.#network = network;
    this.#clock = clock;
    this.#sent = sent;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether something waits for that user. */
  has(user: string): boolean {
    return this.#lanes.has(user);
  }

  /** Never rejects. */
  send(user: string, frame: Uint8Array, options: PeerSendOptions): Promise<PeerSendOutcome> {
    return new Promise((settle) => {
      const lane = this.#lanes.get(user);
      const link = this.#network.current(user);
      if (lane === undefined && link !== undefined && this.#give(link, frame, options)) {
        settle(SENT);
        return;
      }
      if ((lane?.waiting.length ?? 0) >= MAX_PER_USER || this.#bytes + frame.length > MAX_BYTES) {
        settle({ state: 'failed', code: 'over-budget', reason: 'too many messages wait for connections' });
        return;
      }
      const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
      const deadline = this.#clock.monotonic() + timeoutMs;
      this.#wait(user, { frame, options, deadline, settle, connecting: false });
    });
  }

  /** The send buffer of a link is empty again. */
  drained(link: PeerLink): void {
    const lane = this.#lanes.get(link.user);
    if (lane?.full === link) this.#flush(link.user);
  }

  /** A link took its place among those of its user, or is gone. */
  changed(link: PeerLink): void {
    const lane = this.#lanes.get(link.user);
    if (lane?.full === undefined) return;
    lane.full = undefined;
    if (this.#network.current(link.user) !== undefined) this.#flush(link.user);
    else for (const waiting of [...lane.waiting]) this.#connect(link.user, waiting);
  }

  #wait(user: string, waiting: Waiting): void {
    const lane = this.#lanes.get(user) ?? { waiting: [], full: undefined };
    this.#lanes.set(user, lane);
    lane.waiting.push(waiting);
    this.#bytes += waiting.frame.length;
    const link = this.#network.current(user);
    // A link that is there but full says when it is not.
    if (link !== undefined) lane.full = link;
    else this.#connect(user, waiting);
  }

  #connect(user: string, waiting: Waiting): void {
    if (waiting.connecting) return;
    waiting.connecting = true;
    const { priority, signal } = waiting.options;
    const timeoutMs = Math.max(0, waiting.deadline - this.#clock.monotonic());
    this.#network.connect(user, 'P', { priority, timeoutMs, ...(signal && { signal }) }).then(
      () => {
        waiting.connecting = false;
        this.#flush(user);
      },
      (error: unknown) => {
        const [code, reason] =
          error instanceof PeerError
            ? [error.code, error.message]
            : (['unreachable', String(error)] as const);
        this.#settle(user, waiting, { state: 'failed', code, reason });
      },
    );
  }

  #flush(user: string): void {
    const lane = this.#lanes.get(user);
    if (lane === undefined) return;
    lane.full = undefined;
    for (const waiting of [...lane.waiting]) {
      const link = this.#network.current(user);
      if (link === undefined) {
        // It was gone before its turn came.
        this.#connect(user, waiting);
      } else if (this.#give(link, waiting.frame, waiting.options)) this.#settle(user, waiting, SENT);
      else {
        lane.full = link;
        return;
      }
    }
  }

  /** False if the link is full. A frame that makes it full was taken. */
  #give(link: PeerLink, frame: Uint8Array, options: PeerSendOptions): boolean {
    if (link.bufferedBytes > FULL_BYTES) return false;
    link.send(frame);
    this.#sent(link, options);
    return true;
  }

  #settle(user: string, waiting: Waiting, outcome: PeerSendOutcome): void {
    const lane = this.#lanes.get(user);
    const at = lane?.waiting.indexOf(waiting) ?? -1;
    if (lane === undefined || at < 0) return;
    lane.waiting.splice(at, 1);
    this.#bytes -= waiting.frame.length;
    if (lane.waiting.length === 0) this.#lanes.delete(user);
    waiting.settle(outcome);
  }
}

const SENT: PeerSendOutcome = { state: 'sent' };

/** A link whose send buffer holds more gets no more until it is empty. Above the high-water marks of all transports, so that this is reported. */
const FULL_BYTES = 256 * 1024;
