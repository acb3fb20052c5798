import type { Clock, Timer } from '../../platform/clock.ts';
import { PeerError, type PeerLink, type PeerNetwork } from './peer-link.ts';
import type { PeerSendOptions, PeerSendOutcome } from './peer-messaging.ts';

const MiB = 1024 * 1024;

/** What may wait for one user. */
const MAX_PER_USER = 256;
const MAX_USER_BYTES = 4 * MiB;

/** What may wait for all; answers to strangers, who may be slow on purpose, take half of it at most. */
const MAX_BYTES = 64 * MiB;
const MAX_ANSWER_BYTES = MAX_BYTES / 2;

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
  bytes: number;
  /** The link that cannot take more at the moment. */
  full: PeerLink | undefined;
  /** While there is one: when the first of those that wait has waited too long. */
  timer: Timer | undefined;
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
  #answerBytes = 0;

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
      if (!this.#hasRoom(lane, frame.length, options)) {
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
    this.#setFull(link.user, lane, undefined);
    if (this.#network.current(link.user) !== undefined) this.#flush(link.user);
    else for (const waiting of [...lane.waiting]) this.#connect(link.user, waiting);
  }

  #hasRoom(lane: Lane | undefined, bytes: number, { priority }: PeerSendOptions): boolean {
    if (this.#bytes + bytes > MAX_BYTES) return false;
    if (priority === 'answer' && this.#answerBytes + bytes > MAX_ANSWER_BYTES) return false;
    return lane === undefined || (lane.waiting.length < MAX_PER_USER && lane.bytes + bytes <= MAX_USER_BYTES);
  }

  #wait(user: string, waiting: Waiting): void {
    const lane = this.#lanes.get(user) ?? { waiting: [], bytes: 0, full: undefined, timer: undefined };
    this.#lanes.set(user, lane);
    lane.waiting.push(waiting);
    this.#count(lane, waiting, waiting.frame.length);
    const link = this.#network.current(user);
    // A link that is there but full says when it is not.
    if (link !== undefined) this.#setFull(user, lane, link);
    else this.#connect(user, waiting);
  }

  #count(lane: Lane, { options }: Waiting, bytes: number): void {
    lane.bytes += bytes;
    this.#bytes += bytes;
    if (options.priority === 'answer') this.#answerBytes += bytes;
  }

  /** The link takes no more, or (undefined) nothing keeps the lane from moving. */
  #setFull(user: string, lane: Lane, link: PeerLink | undefined): void {
    lane.full = link;
    lane.timer?.cancel();
    lane.timer = undefined;
    if (link === undefined || lane.waiting.length === 0) return;
    const first = Math.min(...lane.waiting.map(({ deadline }) => deadline));
    lane.timer = this.#clock.setTimeout(() => {
      const now = this.#clock.monotonic();
      const reason = `${user} does not read what we send`;
      for (const waiting of lane.waiting.filter(({ deadline }) => deadline <= now))
        this.#settle(user, waiting, { state: 'failed', code: 'timeout', reason });
      this.#setFull(user, lane, link);
    }, first - this.#clock.monotonic());
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
    this.#setFull(user, lane, undefined);
    for (const waiting of [...lane.waiting]) {
      if (waiting.options.signal?.aborted === true) {
        const reason = 'it is not wanted any more';
        this.#settle(user, waiting, { state: 'failed', code: 'cancelled', reason });
        continue;
      }
      const link = this.#network.current(user);
      if (link === undefined) {
        // It was gone before its turn came.
        this.#connect(user, waiting);
      } else if (this.#give(link, waiting.frame, waiting.options)) this.#settle(user, waiting, SENT);
      else {
        this.#setFull(user, lane, link);
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
    this.#count(lane, waiting, -waiting.frame.length);
    if (lane.waiting.length === 0) {
      lane.timer?.cancel();
      this.#lanes.delete(user);
    }
    waiting.settle(outcome);
  }
}

const SENT: PeerSendOutcome = { state: 'sent' };

/** A link whose send buffer holds more gets no more until it is empty. Above the high-water marks of all transports, so that this is reported. */
const FULL_BYTES = 256 * 1024;
