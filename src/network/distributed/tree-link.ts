import type { Buffer } from 'node:buffer';
import type { PeerLink, PeerLinkEvents } from '../peers/peer-link.ts';
import type { Child } from './child.ts';
import type { RelayBatch } from './relay-batch.ts';
import { RelayRun } from './relay-run.ts';
import { SEARCH } from './tree-frames.ts';

/** Level and root may change that often in a minute: in a loop of clients that do not see it they count up for ever. */
const MAX_UPDATES = 60;
const UPDATE_WINDOW_MS = 60_000;

// Used from beginning to end within one call, so one serves all.
const run = new RelayRun();

/** What a connection tells the tree. */
export interface TreeLinkEvents {
  /** Where searches of the parent go. */
  readonly batch: RelayBatch;
  /** A search of the parent that cannot be relayed. */
  ignored(): void;
  /** Any frame but a search of the parent. */
  frame(link: TreeLink, code: number, source: Buffer, start: number, end: number): void;
  /** All frames of a chunk were delivered. */
  flush(): void;
  drained(child: Child): void;
  closed(link: TreeLink, reason: string): void;
}

/** A `D` connection and what it is to us. */
export class TreeLink implements PeerLinkEvents {
  readonly id: number;
  readonly link: PeerLink;
  /** Milliseconds since the epoch since when it is what it is. */
  since: number;
  isParent = false;
  child: Child | undefined;
  /** We have let go of it: nothing that it still says counts. */
  dropped = false;
  readonly #events: TreeLinkEvents;
  #updates = 0;
  #windowStart = 0;

  constructor(id: number, link: PeerLink, since: number, events: TreeLinkEvents) {
    this.id = id;
    this.link = link;
    this.since = since;
    this.child = undefined;
    this.#events = events;
  }

  /** Counts a change of its branch; false when there were too many in a short time. */
  mayUpdate(now: number): boolean {
    if (now - this.#windowStart >= UPDATE_WINDOW_MS) {
      this.#windowStart = now;
      this.#updates = 0;
    }
    return ++this.#updates <= MAX_UPDATES;
  }

  /** Takes the parent's searches that follow this one with it. */
  onSpan(code: number, source: Buffer, start: number, end: number): number {
    if (this.dropped) return end;
    if (this.isParent && code === SEARCH) return this.#searches(source, start, end);
    this.#events.frame(this, code, source, start, end);
    return end;
  }

  onBatch(): void {
    this.#events.flush();
  }

  onDrain(): void {
    if (this.child !== undefined) this.#events.drained(this.child);
  }

  onClose(reason: string): void {
    if (!this.dropped) this.#events.closed(this, reason);
  }

  #searches(source: Buffer, start: number, end: number): number {
    const taken = run.find(source, start, source.length);
    if (taken < end) {
      this.#events.ignored();
      return end;
    }
    this.#events.batch.add(source, start, taken, run.count);
    return taken;
  }
}
