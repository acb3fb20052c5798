import type { Timer } from '../clock.ts';
import { ChunkQueue } from './chunk-queue.ts';
import type { Link } from './link.ts';
import { type NetCore, tripMs } from './net-core.ts';

/** Most bytes handed over at once, as a socket's read buffer would. */
const MAX_CHUNK = 65_536;
const NEVER = -1;

/** The end that sends into a pipe. */
export interface PipeSource {
  /** The send buffer, reported full before, is empty. */
  onDrained(): void;
  /** The end of the stream is on its way. */
  onAllSent(): void;
}

/** The end that a pipe delivers to. Each method is called from a timer, one per call. */
export interface PipeSink {
  /** Takes data now? A pipe must be told with `arm()` when this becomes true. */
  readonly readable: boolean;
  readonly closed: boolean;
  onBytes(chunk: Uint8Array): void;
  onFin(): void;
  onReset(): void;
  /** Bytes came although this end is gone: the sender must hear of it. */
  refuse(): void;
}

/**
 * One direction of a connection, as TCP would do it: a send buffer, a window of bytes that are under way or wait at
 * the receiver, and at the end a FIN or a reset. At most one timer delivers and one acknowledges, however many chunks
 * are under way.
 */
export class Pipe {
  readonly #core: NetCore;
  readonly #link: Link;
  readonly #buffer = new ChunkQueue();
  readonly #flight = new ChunkQueue();
  #source!: PipeSource;
  #sink!: PipeSink;
  #lastDue = 0;
  #busyUntil = 0;
  #finDue = NEVER;
  #resetDue = NEVER;
  #finDelivered = false;
  #ended = false;
  #full = false;
  #delivery: Timer | undefined;
  #acknowledgement: Timer | undefined;

  /** @param notBefore nothing arrives earlier than this (monotonic): the receiver does not know of the connection yet. */
  constructor(core: NetCore, link: Link, notBefore: number) {
    this.#core = core;
    this.#link = link;
    this.#lastDue = notBefore;
  }

  join(source: PipeSource, sink: PipeSink): void {
    this.#source = source;
    this.#sink = sink;
  }

  /** Bytes in the send buffer. */
  get buffered(): number {
    return this.#buffer.bytes;
  }

  /** The end of the stream has left the send buffer. */
  get finSent(): boolean {
    return this.#finDue !== NEVER;
  }

  /** Bytes have arrived that the receiver did not take. */
  get hasUnread(): boolean {
    return !this.#flight.isEmpty && this.#flight.firstDue <= this.#core.clock.monotonic();
  }

  /** @returns false when the send buffer is above its high-water mark. */
  write(bytes: Uint8Array): boolean {
    if (this.#fitsAtOnce(bytes.length)) {
      this.#flight.push(bytes, this.#arrival(bytes.length));
      this.arm();
      return true;
    }
    this.#buffer.push(bytes, 0);
    this.#send();
    if (this.#buffer.bytes > this.#core.highWaterMark) this.#full = true;
    return !this.#full;
  }

  /** Most writes need no send buffer. */
  #fitsAtOnce(size: number): boolean {
    const { windowBytes, maxSegment } = this.#core;
    return (
      this.#buffer.isEmpty &&
      !this.#full &&
      size <= windowBytes - this.#flight.bytes &&
      size <= MAX_CHUNK &&
      maxSegment === Infinity
    );
  }

  /** Sends what is buffered, then a FIN. */
  end(): void {
    this.#ended = true;
    this.#send();
  }

  /** The sender is gone: its buffer is lost, what is under way arrives, then a FIN. */
  abandon(): void {
    this.#dropBuffer();
    this.end();
  }

  /** What is under way arrives if it is read in time, then a reset. */
  reset(): void {
    this.#dropBuffer();
    this.#ended = true;
    if (this.#resetDue !== NEVER) return;
    this.#resetDue = this.#arrival(0);
    this.arm();
  }

  /** Forgets everything; nothing arrives any more. */
  clear(): void {
    this.#dropBuffer();
    this.#flight.clear();
    this.#finDue = NEVER;
    this.#resetDue = NEVER;
    this.#delivery?.cancel();
    this.#delivery = undefined;
  }

  /** The link works again: what was lost is sent again. */
  healed(): void {
    if (!this.#buffer.isEmpty) this.#acknowledge();
    this.arm();
  }

  /** Sets the delivery timer if there is something to deliver and no timer yet. */
  arm(): void {
    if (this.#delivery !== undefined || this.#link.cut) return;
    const due = this.#nextDue();
    if (due === NEVER) return;
    this.#delivery = this.#core.clock.setTimeout(this.#deliver, due - this.#core.clock.monotonic());
  }

  #nextDue(): number {
    const { readable, closed } = this.#sink;
    if (!this.#flight.isEmpty && (readable || closed)) return this.#flight.firstDue;
    if (closed) return NEVER;
    return this.#finIsNext ? this.#finDue : this.#resetDue;
  }

  /** A reset never comes before the FIN: it is sent instead of one, or after it. */
  get #finIsNext(): boolean {
    return this.#finDue !== NEVER && !this.#finDelivered && this.#sink.readable;
  }

  readonly #deliver = (): void => {
    this.#delivery = undefined;
    if (this.#link.cut) return;
    const due = this.#nextDue();
    if (due === NEVER) return;
    const now = this.#core.clock.monotonic();
    if (due > now) {
      this.arm();
      return;
    }
    const sink = this.#sink;
    if (!this.#flight.isEmpty && sink.closed) {
      this.#flight.clear();
      sink.refuse();
    } else if (!this.#flight.isEmpty && sink.readable) {
      const chunk = this.#receive(now);
      // Armed first: the receiver may throw, and the rest must still come.
      this.arm();
      sink.onBytes(chunk);
    } else if (this.#finIsNext) {
      this.#finDelivered = true;
      this.arm();
      sink.onFin();
    } else {
      sink.onReset();
    }
  };

  #receive(now: number): Uint8Array {
    // Segments keep their boundaries when the net was asked to cut everything up; else they coalesce as in a kernel.
    const chunk =
      this.#core.maxSegment < Infinity
        ? Buffer.from(this.#flight.take(MAX_CHUNK)!)
        : this.#flight.takeDue(now, MAX_CHUNK)!;
    this.#core.counters.bytes += chunk.length;
    if (!this.#buffer.isEmpty) this.#acknowledge();
    return chunk;
  }

  #acknowledge(): void {
    this.#acknowledgement ??= this.#core.clock.setTimeout(this.#acknowledged, tripMs(this.#core, this.#link));
  }

  readonly #acknowledged = (): void => {
    this.#acknowledgement = undefined;
    if (this.#link.cut) return;
    this.#send();
    if (!this.#buffer.isEmpty) return;
    const wasFull = this.#full;
    this.#full = false;
    if (this.#ended) this.#source.onAllSent();
    else if (wasFull) this.#source.onDrained();
  };

  /** Moves bytes from the send buffer onto the link, as far as the window reaches. */
  #send(): void {
    const core = this.#core;
    for (;;) {
      const room = core.windowBytes - this.#flight.bytes;
      if (room <= 0) break;
      const size = core.maxSegment < Infinity ? core.random.int(1, core.maxSegment) : MAX_CHUNK;
      const segment = this.#buffer.take(Math.min(room, size));
      if (segment === undefined) break;
      this.#flight.push(segment, this.#arrival(segment.length));
    }
    if (this.#ended && this.#buffer.isEmpty && this.#finDue === NEVER) this.#finDue = this.#arrival(0);
    this.arm();
  }

  /** When `size` bytes sent now arrive; never before what was sent earlier. */
  #arrival(size: number): number {
    const start = Math.max(this.#core.clock.monotonic(), this.#busyUntil);
    this.#busyUntil = start + (size * 1000) / this.#link.bytesPerSecond;
    this.#lastDue = Math.max(this.#lastDue, this.#busyUntil + tripMs(this.#core, this.#link));
    return this.#lastDue;
  }

  #dropBuffer(): void {
    this.#buffer.clear();
    this.#full = false;
    this.#acknowledgement?.cancel();
    this.#acknowledgement = undefined;
  }
}
