import {
  type DistributedMessageOf,
  decodeDistributedMessage,
  encodeDistributedMessage,
  relayFrame,
  type ServerResponse,
  type ServerResponseOf,
} from '../../protocol/index.ts';
import { DEFAULT_TREE, type TreeBehaviour } from './behaviour.ts';
import type { Contacts } from './contacts.ts';
import { embedded } from './old-dialects.ts';
import type { PeerSelf } from './peer-self.ts';
import { spoil } from './spoil.ts';
import type { PeerWire, WireEvents, WireMessage } from './wire.ts';

type Search = DistributedMessageOf<'DistribSearch'>;

/** Somebody who may become our parent, and what it has said. */
interface Candidate {
  readonly wire: PeerWire;
  level: number | undefined;
  root: string | undefined;
}

/** Where a peer stands in the search tree. */
export interface BranchView {
  readonly parent: string | undefined;
  /** The server hands it searches. */
  readonly isRoot: boolean;
  readonly level: number;
  readonly root: string;
  readonly children: readonly string[];
}

const SEARCH_CODE = 3;
/** Length field and code of a distributed message. */
const HEADER = 5;

/** A peer's part in the search tree: finds a parent or is handed searches by the server, and passes them to children. */
export class Branch {
  readonly #self: PeerSelf;
  readonly #contacts: Contacts;
  readonly #onSearch: (search: Search) => void;
  /** Whom we asked to be our parent. */
  readonly #wanted = new Set<string>();
  readonly #candidates = new Map<string, Candidate>();
  readonly #children = new Map<string, PeerWire>();
  #parent: Candidate | undefined;
  #isRoot = false;

  constructor(self: PeerSelf, contacts: Contacts, onSearch: (search: Search) => void) {
    this.#self = self;
    this.#contacts = contacts;
    this.#onSearch = onSearch;
  }

  get view(): BranchView {
    const children = [...this.#children.keys()];
    return { parent: this.#parent?.wire.user, isRoot: this.#isRoot, ...this.#place, children };
  }

  /** After each login. */
  begin(): void {
    if (!this.#self.behaviour.tree) return;
    this.#isRoot = false;
    this.#tellServer();
  }

  /** The connection to the server is gone. */
  end(): void {
    this.#dropAll();
    this.#isRoot = false;
  }

  hear(message: ServerResponse): void {
    if (!this.#self.behaviour.tree) return;
    if (message.type === 'PossibleParents') this.#offered(message);
    else if (message.type === 'EmbeddedMessage') this.#handed(message);
    else if (message.type === 'ResetDistributed') {
      this.#dropAll();
      this.#isRoot = false;
      this.#tellServer();
    }
  }

  /** A `D` connection that others wanted: a child, if there is room. */
  adopt(wire: PeerWire): WireEvents | undefined {
    const { user } = wire;
    const inTree = this.#parent !== undefined || this.#isRoot;
    const known = this.#children.has(user) || this.#wanted.has(user) || this.#parent?.wire.user === user;
    if (!this.#self.behaviour.tree || !inTree || this.#isFull || known) return undefined;
    this.#children.set(user, wire);
    // Once the wire is ready.
    queueMicrotask(() => this.#tellPlace(wire));
    if (this.#isFull) this.#self.send({ type: 'AcceptChildren', accept: false });
    return { onMessage: () => {}, onClosed: () => this.#childLeft(user, wire) };
  }

  /** A `D` connection that we wanted: perhaps a parent. */
  consider(wire: PeerWire): WireEvents | undefined {
    if (this.#parent || !this.#wanted.has(wire.user)) return undefined;
    const candidate: Candidate = { wire, level: undefined, root: undefined };
    this.#candidates.set(wire.user, candidate);
    return {
      onMessage: (message, frame) => this.#heard(candidate, message, frame),
      onClosed: () => this.#candidateLeft(candidate),
    };
  }

  get #tree(): TreeBehaviour {
    return this.#self.behaviour.tree ?? DEFAULT_TREE;
  }

  get #isFull(): boolean {
    return this.#children.size >= this.#tree.maxChildren;
  }

  get #place(): { readonly level: number; readonly root: string } {
    const parent = this.#parent;
    return parent
      ? { level: (parent.level ?? 0) + 1, root: parent.root ?? parent.wire.user }
      : { level: 0, root: this.#self.name };
  }

  #offered({ parents }: ServerResponseOf<'PossibleParents'>): void {
    if (this.#parent) return;
    this.#dropCandidates();
    for (const { username, ip, port } of parents) {
      if (username === this.#self.name || this.#children.has(username)) continue;
      this.#wanted.add(username);
      this.#contacts.connect(username, 'D', { ip, port }).catch(() => this.#wanted.delete(username));
    }
  }

  #handed({ distribCode, distribMessage }: ServerResponseOf<'EmbeddedMessage'>): void {
    if (this.#parent || distribCode !== SEARCH_CODE) return;
    if (!this.#isRoot) {
      this.#isRoot = true;
      if (!this.#isFull) this.#self.send({ type: 'AcceptChildren', accept: true });
    }
    const frame = Buffer.alloc(HEADER + distribMessage.length);
    frame.writeUInt32LE(1 + distribMessage.length, 0);
    frame[4] = SEARCH_CODE;
    frame.set(distribMessage, HEADER);
    this.#passOn(frame);
  }

  #heard(candidate: Candidate, message: WireMessage, frame: Uint8Array): void {
    if (message.type === 'DistribBranchLevel') {
      if (message.level < 0) candidate.wire.close();
      else this.#placed(candidate, { level: message.level });
    } else if (message.type === 'DistribBranchRoot') {
      const { username } = message;
      if (username === '' || username === this.#self.name) candidate.wire.close();
      else this.#placed(candidate, { root: username });
    } else this.#searched(candidate, frame);
  }

  /** A parent that moved takes its branch along: only what changed is passed on, or news would double at every level. */
  #placed(candidate: Candidate, said: { readonly level?: number; readonly root?: string }): void {
    const before = this.#place;
    if (said.level === 0) candidate.root = candidate.wire.user;
    Object.assign(candidate, said);
    if (this.#parent !== candidate) return;
    const { level, root } = this.#place;
    if (level !== before.level) {
      this.#self.send({ type: 'BranchLevel', level });
      for (const child of this.#children.values()) this.#tellLevel(child);
    }
    if (root !== before.root) {
      this.#self.send({ type: 'BranchRoot', username: root });
      for (const child of this.#children.values()) this.#tellRoot(child);
    }
  }

  #searched(candidate: Candidate, frame: Uint8Array): void {
    const search = relayFrame('distributed', frame);
    if (!search) return;
    if (!this.#parent && candidate.level !== undefined && candidate.root !== undefined)
      this.#choose(candidate);
    if (this.#parent === candidate) this.#passOn(search);
  }

  #choose(candidate: Candidate): void {
    const { user } = candidate.wire;
    this.#parent = candidate;
    this.#isRoot = false;
    this.#wanted.delete(user);
    this.#candidates.delete(user);
    this.#dropCandidates();
    const { level, root } = this.#place;
    this.#self.send(
      { type: 'HaveNoParent', noParent: false },
      { type: 'BranchRoot', username: root },
      { type: 'BranchLevel', level },
      { type: 'AcceptChildren', accept: !this.#isFull },
    );
    for (const child of this.#children.values()) this.#tellPlace(child);
  }

  #candidateLeft(candidate: Candidate): void {
    const { user } = candidate.wire;
    if (this.#candidates.get(user) === candidate) {
      this.#candidates.delete(user);
      this.#wanted.delete(user);
    }
    if (this.#parent !== candidate) return;
    this.#parent = undefined;
    this.#tellServer();
  }

  #childLeft(user: string, wire: PeerWire): void {
    if (this.#children.get(user) !== wire) return;
    const wasFull = this.#isFull;
    this.#children.delete(user);
    if (wasFull && !this.#isFull && (this.#parent || this.#isRoot))
      this.#self.send({ type: 'AcceptChildren', accept: true });
  }

  /** We have no parent, and nothing that children could want. */
  #tellServer(): void {
    this.#self.send(
      { type: 'HaveNoParent', noParent: true },
      { type: 'BranchRoot', username: this.#self.name },
      { type: 'BranchLevel', level: 0 },
      { type: 'AcceptChildren', accept: false },
    );
  }

  #tellPlace(child: PeerWire): void {
    this.#tellLevel(child);
    this.#tellRoot(child);
  }

  /** What a child is told is the truth, unless the behaviour says otherwise. */
  #tellLevel(child: PeerWire): void {
    const level = this.#tree.level ?? this.#place.level;
    child.send(encodeDistributedMessage({ type: 'DistribBranchLevel', level }));
  }

  #tellRoot(child: PeerWire): void {
    if (this.#tree.omitsRoot && this.#place.level === 0) return;
    const username = this.#tree.root ?? this.#place.root;
    child.send(encodeDistributedMessage({ type: 'DistribBranchRoot', username }));
  }

  /** A search for the children, as it is, and for ourselves. */
  #passOn(search: Uint8Array): void {
    const decoded = decodeDistributedMessage(search.subarray(HEADER - 1));
    if (!decoded.ok || decoded.message.type !== 'DistribSearch') return;
    const { searches } = this.#tree;
    const how = this.#self.behaviour.spoils.search;
    const whole = searches === 'plain' ? search : embedded(search, searches === 'embedded-u8' ? 'u8' : 'u32');
    for (const child of [...this.#children.values()]) {
      child.send(how ? spoil(whole, how, this.#self.random) : whole);
      if (how === 'half') child.silence();
    }
    this.#onSearch(decoded.message);
  }

  #dropCandidates(): void {
    const candidates = [...this.#candidates.values()];
    this.#candidates.clear();
    this.#wanted.clear();
    for (const { wire } of candidates) wire.close();
  }

  #dropAll(): void {
    const parent = this.#parent;
    const children = [...this.#children.values()];
    this.#parent = undefined;
    this.#children.clear();
    this.#dropCandidates();
    parent?.wire.close();
    for (const child of children) child.close();
  }
}
