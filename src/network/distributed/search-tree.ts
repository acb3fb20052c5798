import type { Buffer } from 'node:buffer';
import type { Clock } from '../../platform/clock.ts';
import { Emitter } from '../../platform/emitter.ts';
import type { Log } from '../../platform/log.ts';
import type { PeerLink } from '../peers/peer-link.ts';
import type { Undo } from '../server-link.ts';
import { Alarm } from './alarm.ts';
import { Child } from './child.ts';
import { FanOut } from './fan-out.ts';
import { ParentDials } from './parent-dials.ts';
import { Relay } from './relay.ts';
import { SearchBatch } from './search-batch.ts';
import { ServerNotices } from './server-notices.ts';
import type { TreeEffect, TreeEvent } from './tree-events.ts';
import { embeddedSearch, hear, notice } from './tree-frames.ts';
import { type TreeChange, TreeHistory } from './tree-history.ts';
import { treeInputs } from './tree-inputs.ts';
import { TreeLink, type TreeLinkEvents } from './tree-link.ts';
import { step } from './tree-machine.ts';
import { defaultTreeOptions, type SearchTreeOptions, type TreeOptions } from './tree-options.ts';
import { describeTree, type TreeSnapshot } from './tree-snapshot.ts';
import { type Branch, initialState, isFed, refusalOf, type TreeState } from './tree-state.ts';

/**
 * Our place in the distributed search network: finds a parent, passes its searches on to children, and is a branch root
 * when the server feeds us. `step` decides what is done at which event; this class carries it out.
 *
 * Expects that somebody else asks the server for our own statistics after login (WatchUser of ourselves): without them
 * no children are taken.
 */
export class SearchTree {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #options: Required<TreeOptions>;
  readonly #emitter: Emitter<{ search: SearchBatch; change: TreeChange }>;
  readonly #notices: ServerNotices;
  readonly #alarm: Alarm;
  readonly #dials: ParentDials;
  readonly #fanOut: FanOut;
  readonly #relay: Relay;
  readonly #history = new TreeHistory();
  readonly #links = new Map<number, TreeLink>();
  readonly #linkEvents: TreeLinkEvents;
  readonly #undo: readonly Undo[];
  #state: TreeState;
  #parent: TreeLink | undefined;
  /** Who waits to hear whether it becomes our child. */
  #knocking: PeerLink | undefined;

  constructor({ link, peers, clock, random, log, options }: SearchTreeOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#options = { ...defaultTreeOptions, ...options };
    this.#emitter = new Emitter((error, event) =>
      log.error('a handler of the tree failed', { event, error }),
    );
    const { maxChildren, childQueueBytes, childQueueMs, dialTimeoutMs } = this.#options;
    this.#state = initialState(maxChildren);
    this.#alarm = new Alarm(clock, () => this.#check());
    this.#notices = new ServerNotices({ link, clock, random, changed: () => this.#arm() });
    this.#dials = new ParentDials({
      peers,
      timeoutMs: dialTimeoutMs,
      opened: (id, peer) => this.#bind(id, peer),
      failed: (id, why) => this.#apply({ type: 'closed', id, why }),
    });
    this.#fanOut = new FanOut({
      clock,
      maxBytes: childQueueBytes,
      maxMs: childQueueMs,
      overflow: ({ id }) =>
        this.#apply({ type: 'expel', id, problem: 'slow-child', why: 'it does not keep up' }),
      pressure: (on) => this.#pressure(on),
    });
    this.#relay = new Relay(clock, this.#fanOut, (frames, count) => this.#passed(frames, count));
    this.#linkEvents = {
      batch: this.#relay.batch,
      ignored: () => this.#history.count('ignored'),
      frame: (from, code, source, start, end) => this.#frame(from, code, source, start, end),
      flush: () => this.#relay.flush(),
      drained: (child) => this.#fanOut.drained(child),
      closed: ({ id }, why) => {
        this.#forget(id);
        this.#apply({ type: 'closed', id, why });
      },
    };
    this.#undo = treeInputs({
      link,
      peers,
      apply: (event) => this.#apply(event),
      embedded: (code, payload) => this.#embedded(code, payload),
      take: (peer) => this.#take(peer),
      willing: (user) => refusalOf(this.#state, user, true) === undefined,
    });
  }

  /**
   * Calls `handler` for the searches of other people that reach us, once for each received chunk. While nobody listens
   * nothing is decoded. What a handler throws is logged.
   */
  onSearch(handler: (batch: SearchBatch) => void): Undo {
    return this.#emitter.on('search', handler);
  }

  /** Calls `handler` for each change of our place in the tree, after it is made. */
  onChange(handler: (change: TreeChange) => void): Undo {
    return this.#emitter.on('change', handler);
  }

  snapshot(): TreeSnapshot {
    return describeTree({
      state: this.#state,
      link: (id) => this.#links.get(id),
      relay: this.#relay,
      now: this.#clock.monotonic(),
      history: this.#history,
    });
  }

  /** Leaves the tree for good: closes all its connections and listens to nobody any more. */
  close(): void {
    for (const undo of this.#undo) undo();
    this.#apply({ type: 'session-lost', why: 'the client is stopping' });
  }

  /** @param search the frame that an event `search` or `embedded` is about. */
  #apply(event: TreeEvent, search?: Buffer): void {
    this.#relay.flush();
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    if (event.type === 'session-lost') this.#notices.reset();
    for (const effect of effects) this.#perform(effect, search);
    this.#notices.idle(state.online && !isFed(state));
    this.#arm();
    for (const effect of effects) {
      if (effect.type === 'note')
        this.#note({ at: this.#clock.now(), change: effect.change, why: effect.why });
    }
  }

  #perform(effect: TreeEffect, search: Buffer | undefined): void {
    switch (effect.type) {
      case 'tell':
        this.#notices.tell(effect.request);
        return;
      case 'inform':
        this.#fanOut.send(notice(effect), 0, this.#clock.monotonic());
        return;
      case 'dial':
        this.#dials.dial(effect.id, effect);
        return;
      case 'drop':
        this.#drop(effect.id, effect.reason);
        return;
      case 'adopt':
        this.#adopt(effect.id);
        return;
      case 'admit':
        this.#admit(effect.id, effect);
        return;
      case 'refuse':
        this.#history.count(`refused-${effect.reason}`);
        return;
      case 'relay':
        if (search !== undefined) this.#relay.add(search);
        return;
      case 'problem':
        this.#history.count(effect.problem);
        return;
      case 'note':
        return;
    }
  }

  /** A candidate is connected. */
  #bind(id: number, peer: PeerLink): TreeLink {
    const link = new TreeLink(id, peer, this.#clock.now(), this.#linkEvents);
    this.#links.set(id, link);
    peer.start(link);
    return link;
  }

  #frame(from: TreeLink, code: number, source: Buffer, start: number, end: number): void {
    const heard = hear(from.id, code, source, start, end);
    if (heard.kind === 'ignored') this.#history.count('ignored');
    else if (heard.kind === 'unreadable') from.link.strike('undecodable');
    else if (heard.kind === 'update') this.#update(from, heard.event);
    else if (heard.kind === 'search') {
      if (from.isParent) this.#relay.add(heard.frame);
      else this.#apply({ type: 'search', id: from.id }, heard.frame);
    }
  }

  #update(from: TreeLink, event: Extract<TreeEvent, { type: 'level' | 'root' }>): void {
    const before = this.#state.parent;
    this.#apply(event);
    if (!from.isParent || this.#state.parent === before || from.mayUpdate(this.#clock.monotonic())) return;
    const why = 'its place in the tree does not stand still';
    this.#apply({ type: 'expel', id: from.id, problem: 'restless', why });
  }

  #embedded(code: number, payload: Uint8Array): void {
    if (this.#parent !== undefined) return;
    const search = embeddedSearch(code, payload);
    if (search === undefined) {
      this.#history.count('ignored');
      return;
    }
    if (this.#state.isRoot) this.#relay.add(search);
    else this.#apply({ type: 'embedded' }, search);
    // The server's link does not say which came together.
    this.#relay.flushSoon();
  }

  #passed(frames: Buffer, count: number): void {
    if (this.#fanOut.isBehind) this.#arm();
    if (this.#emitter.listenerCount('search') === 0) return;
    this.#emitter.emit('search', new SearchBatch(frames, count, this.#state.self));
  }

  #adopt(id: number): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    link.isParent = true;
    link.since = this.#clock.now();
    link.link.idleAfter(this.#options.silenceMs);
    this.#parent = link;
  }

  #take(peer: PeerLink): boolean {
    const older = this.#state.children.find(({ user }) => user === peer.user);
    const proven = older !== undefined && this.#links.get(older.id)?.link.verified === true;
    this.#knocking = peer;
    this.#apply({ type: 'knock', user: peer.user, supersedes: peer.verified || !proven });
    const admitted = this.#knocking === undefined;
    this.#knocking = undefined;
    return admitted;
  }

  #admit(id: number, branch: Branch): void {
    const peer = this.#knocking;
    if (peer === undefined) return;
    this.#knocking = undefined;
    const child = new Child(id, peer, this.#clock.now(), this.#clock.monotonic());
    this.#bind(id, peer).child = child;
    peer.idleAfter(this.#options.silenceMs);
    peer.send(notice({ level: branch.level, root: branch.root }));
    this.#fanOut.add(child);
  }

  #drop(id: number, reason: string): void {
    if (this.#dials.cancel(id)) return;
    const slow = this.#links.get(id)?.child?.behind === true;
    const link = this.#forget(id)?.link;
    // What waits for somebody slow would keep the connection open for long.
    if (slow) link?.destroy(reason);
    else link?.close(reason);
  }

  /** The link is nothing to us any more. */
  #forget(id: number): TreeLink | undefined {
    const link = this.#links.get(id);
    if (link === undefined) return undefined;
    this.#links.delete(id);
    link.dropped = true;
    if (link === this.#parent) {
      this.#parent = undefined;
      this.#fanOut.forget();
    }
    if (link.child !== undefined) this.#fanOut.remove(link.child);
    return link;
  }

  #pressure(on: boolean): void {
    const parent = this.#parent;
    if (on) parent?.link.pause();
    // Not from inside whatever made a child gain ground: more searches may come at once.
    else if (parent !== undefined) queueMicrotask(() => parent.link.resume());
  }

  #note(change: TreeChange): void {
    this.#history.add(change);
    this.#log.debug('the search tree changed', { change: change.change, why: change.why });
    this.#emitter.emit('change', change);
  }

  #arm(): void {
    this.#alarm.set(Math.min(this.#fanOut.due, this.#notices.due));
  }

  #check(): void {
    const now = this.#clock.monotonic();
    this.#fanOut.check(now);
    if (this.#notices.due <= now) {
      this.#notices.told();
      this.#apply({ type: 'remind' });
    }
    this.#arm();
  }
}
