import type { Random } from '../../platform/random.ts';
import type { PeerMessage, ServerResponse, ServerResponseOf } from '../../protocol/index.ts';
import { encodePeerMessage } from '../../protocol/index.ts';
import { Listening } from '../people/listening.ts';
import { type PersonOptions, type PersonPlatform, SandboxPerson } from '../people/person.ts';
import { Answers, type Asked, type PeerProfile } from './answers.ts';
import {
  DEFAULT_BEHAVIOUR,
  DEFAULT_TREE,
  PEER_KINDS,
  type PeerBehaviour,
  type PeerKind,
  type TreeBehaviour,
} from './behaviour.ts';
import { Branch, type BranchView } from './branch.ts';
import { Contacts } from './contacts.ts';
import { Doors } from './doors.ts';
import { Library } from './library.ts';
import type { PeerSelf } from './peer-self.ts';
import type { PeerWire, WireEvents, WireMessage, WireType } from './wire.ts';

/** The pieces of the platform that a sandbox peer needs. A whole `Platform` fits. */
export interface PeerPlatform extends PersonPlatform {
  readonly random: Random;
}

/** A behaviour in parts; of the tree too only what differs. */
export type SomeBehaviour = Partial<Omit<PeerBehaviour, 'tree'>> & {
  readonly tree?: Partial<TreeBehaviour> | undefined;
};

export interface PeerOptions extends PersonOptions, Partial<PeerProfile> {
  /** What it shares. @default nothing */
  readonly library?: Library;
  /** One of {@link PEER_KINDS}. @default 'honest' */
  readonly kind?: PeerKind;
  /** What differs from the kind. */
  readonly behaviour?: SomeBehaviour;
  /** Address to listen at. @default '0.0.0.0' */
  readonly listenHost?: string;
  /** Port for obfuscated connections; 0 lets the system choose, as it does for `port`. @default 0 */
  readonly obfuscatedPort?: number;
}

/** What another peer said. */
export interface PeerWord {
  readonly type: WireMessage['type'];
  /** Who it is, or claims to be. */
  readonly from: string;
  readonly message: WireMessage;
}

/** An open connection with another peer. */
export interface WireView {
  /** Empty as long as it has not said who it is. */
  readonly user: string;
  readonly type: WireType | undefined;
  readonly incoming: boolean;
  readonly obfuscated: boolean;
}

const LATEST_SEARCHES = 1000;
const PATIENCE_MS = 10_000;

/**
 * Somebody who takes part in the network of peers: listens, connects, shares a library, answers, carries the search tree;
 * well, or in one of the ways in which peers behave badly.
 */
export class SandboxPeer extends SandboxPerson {
  readonly #self: PeerSelf;
  readonly #profile: PeerProfile;
  readonly #doors: Doors;
  readonly #contacts: Contacts;
  readonly #answers: Answers;
  readonly #branch: Branch;
  readonly #words: Listening<PeerWord>;
  #searches: Asked[] = [];
  #speedTold = false;

  constructor(platform: PeerPlatform, name: string, options: PeerOptions) {
    super(platform, name, options);
    const { clock, random, transport } = platform;
    const { description = '', uploadSpeed = 0, uploadSlots = 2, queueLength = 0 } = options;
    this.#profile = { description, uploadSpeed, uploadSlots, queueLength };
    const self: PeerSelf = {
      name,
      clock,
      random,
      transport,
      behaviour: behaviourOf({ ...PEER_KINDS[options.kind ?? 'honest'], ...options.behaviour }),
      library: options.library ?? Library.empty,
      send: (...requests) => this.send(...requests),
    };
    this.#self = self;
    this.#contacts = new Contacts(self, { opened: (wire, theirs) => this.#opened(wire, theirs) });
    this.#answers = new Answers(self, this.#contacts, this.#profile);
    this.#branch = new Branch(self, this.#contacts, (search) =>
      this.#asked({ ...search, user: search.username }),
    );
    this.#words = new Listening<PeerWord>(clock, name, options.remembers);
    const wished = { plain: options.port ?? 0, obfuscated: options.obfuscatedPort ?? 0 };
    this.#doors = new Doors(transport, options.listenHost ?? '0.0.0.0', wished, (connection, obfuscated) =>
      this.#contacts.accept(connection, obfuscated),
    );
  }

  /** May be replaced at any time. */
  get library(): Library {
    return this.#self.library;
  }

  set library(library: Library) {
    this.#self.library = library;
  }

  get behaviour(): PeerBehaviour {
    return this.#self.behaviour;
  }

  /** Changes its ways from now on. Ports stay as they are until the next login after a `close`. */
  behave(changes: SomeBehaviour): void {
    this.#self.behaviour = behaviourOf({ ...this.behaviour, ...changes });
  }

  /** Its open connections with other peers. */
  get wires(): readonly WireView[] {
    return this.#contacts.wires.map(({ user, type, incoming, obfuscated }) => ({
      user,
      type,
      incoming,
      obfuscated,
    }));
  }

  /** The latest thousand searches that reached it, by whichever way. */
  get searches(): readonly Asked[] {
    return this.#searches;
  }

  /** What other peers said, the oldest first; as much as is remembered of the server. */
  get words(): readonly PeerWord[] {
    return this.#words.heard.map(({ message }) => message);
  }

  /** Empties {@link words}. */
  forgetWords(): void {
    this.#words.forget();
  }

  get tree(): BranchView {
    return this.#branch.view;
  }

  override async login(timeoutMs?: number): Promise<ServerResponseOf<'Login'>> {
    await this.#doors.open(this.behaviour);
    const answer = await super.login(timeoutMs);
    if (answer.success) this.#arrived();
    return answer;
  }

  /** Tells a peer something on a `P` connection. Rejects when there is none to be had. */
  async tell(user: string, message: PeerMessage): Promise<void> {
    (await this.#contacts.connect(user, 'P')).send(encodePeerMessage(message));
  }

  /** Opens a connection as its behaviour says, or finds one. Rejects when there is none to be had. */
  async connectTo(user: string, type: WireType = 'P'): Promise<WireView> {
    const { incoming, obfuscated } = await this.#contacts.connect(user, type);
    return { user, type, incoming, obfuscated };
  }

  /** Resolves with what a peer said or says within `timeoutMs`. */
  async untilWord<T extends WireMessage['type']>(
    type: T,
    fits: (message: Extract<WireMessage, { readonly type: T }>, from: string) => boolean = () => true,
    timeoutMs = PATIENCE_MS,
  ): Promise<Extract<WireMessage, { readonly type: T }>> {
    type Wanted = Extract<WireMessage, { readonly type: T }>;
    const isIt = (word: PeerWord) => word.type === type && fits(word.message as Wanted, word.from);
    const { message } = await this.#words.until(isIt, timeoutMs, true, type);
    return message as Wanted;
  }

  /** Breaks all connections with peers; that with the server stays. */
  cutPeers(): void {
    for (const wire of this.#contacts.wires) wire.destroy();
  }

  override async close(): Promise<void> {
    await super.close();
    this.#contacts.close();
    this.#words.closed();
    await this.#doors.close();
  }

  protected override get announced() {
    return this.#doors.ports;
  }

  protected override onHeard(message: ServerResponse): void {
    super.onHeard(message);
    this.#contacts.hear(message);
    this.#answers.hear(message);
    this.#branch.hear(message);
    if (message.type === 'FileSearch') this.#asked({ ...message, user: message.username });
  }

  protected override onServerGone(): void {
    this.#branch.end();
  }

  #arrived(): void {
    const { uploadSpeed } = this.#profile;
    this.#words.reopened();
    this.send({
      type: 'SharedFoldersFiles',
      dirs: this.library.folders.length,
      files: this.library.fileCount,
    });
    // The server makes an average of all reports, so one is enough.
    if (uploadSpeed > 0 && !this.#speedTold) this.send({ type: 'SendUploadSpeed', speed: uploadSpeed });
    this.#speedTold = true;
    this.#branch.begin();
  }

  #opened(wire: PeerWire, theirs: boolean): WireEvents | undefined {
    const takes = this.#takerOf(wire, theirs);
    return (
      takes && {
        onMessage: (message, frame) => {
          this.#heardFrom(wire.user, message);
          takes.onMessage(message, frame);
        },
        onClosed: () => takes.onClosed(),
      }
    );
  }

  #takerOf(wire: PeerWire, theirs: boolean): WireEvents | undefined {
    if (wire.type === 'D') return theirs ? this.#branch.adopt(wire) : this.#branch.consider(wire);
    return { onMessage: (message) => this.#answers.peer(wire, message), onClosed: () => {} };
  }

  #heardFrom(from: string, message: WireMessage): void {
    this.#words.add({ at: this.#self.clock.now(), message: { type: message.type, from, message } });
  }

  #asked({ user, token, query }: Asked): void {
    this.#searches.push({ user, token, query });
    if (this.#searches.length >= 2 * LATEST_SEARCHES) this.#searches = this.#searches.slice(-LATEST_SEARCHES);
    this.#answers.search({ user, token, query });
  }
}

const behaviourOf = ({ tree, ...rest }: SomeBehaviour): PeerBehaviour => ({
  ...DEFAULT_BEHAVIOUR,
  ...rest,
  tree: tree && { ...DEFAULT_TREE, ...tree },
});
