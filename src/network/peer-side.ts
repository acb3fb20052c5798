import type { Emitter } from '../platform/emitter.ts';
import { SearchTree } from './distributed/search-tree.ts';
import type { ClientEvents } from './events.ts';
import type { SoulseekClientOptions } from './network-options.ts';
import { answersOf, DEFAULT_DESCRIPTION } from './peers/peer-answers.ts';
import { PeerMessages } from './peers/peer-messages.ts';
import { Peers } from './peers/peers.ts';
import type { StatePort } from './ports.ts';
import { SearchAnswering, type UploadStatus } from './search/answering.ts';
import { ExcludedPhrases } from './search/excluded-phrases.ts';
import { RequestStream } from './search/requests/request-stream.ts';
import { SearchRequests } from './search/requests/search-requests.ts';
import { Searches } from './search/searches.ts';
import type { ServerLink } from './server-link.ts';
import type { Users } from './users/users.ts';

export interface PeerSideOptions
  extends Pick<SoulseekClientOptions, 'platform' | 'listen' | 'peers' | 'tree' | 'description'> {
  readonly link: ServerLink;
  readonly users: Users;
  readonly state: StatePort;
  readonly emitter: Emitter<ClientEvents>;
  readonly isJoined: (room: string) => boolean;
}

/** We upload nothing. */
const NO_UPLOADS: UploadStatus = { slotFree: false, avgSpeed: 0, queueLength: 0 };

/** All that a client has to do with other users directly: connections, messages, the search tree, searches both ways. */
export class PeerSide {
  readonly peers: Peers;
  readonly messages: PeerMessages;
  readonly tree: SearchTree;
  readonly searches: Searches;
  readonly requests: SearchRequests;
  readonly answering: SearchAnswering;
  readonly #listen: SoulseekClientOptions['listen'];

  constructor(options: PeerSideOptions) {
    const { link, users, state, emitter, isJoined, description = DEFAULT_DESCRIPTION } = options;
    const { clock, random, transport, log, descriptors } = options.platform;
    this.#listen = options.listen;
    const peers = new Peers({
      link,
      users,
      clock,
      random,
      transport,
      log,
      ...(descriptors !== undefined && { descriptors }),
      ...options.peers,
    });
    this.peers = peers;
    this.messages = new PeerMessages({ network: peers, clock, random, log, answers: answersOf(description) });
    this.tree = new SearchTree({
      link,
      peers,
      clock,
      random,
      log,
      ...(options.tree && { options: options.tree }),
    });
    this.tree.onChange((change) => emitter.emit('tree.changed', change));
    this.searches = new Searches({ link, results: this.messages, clock, random, isJoined });
    const stream = new RequestStream({ link, tree: this.tree });
    this.requests = new SearchRequests({ stream, clock, random, log, state });
    this.answering = new SearchAnswering({
      stream,
      link,
      sink: this.messages,
      clock,
      log,
      phrases: new ExcludedPhrases(link),
      status: () => NO_UPLOADS,
    });
  }

  /** Binds the ports, if there are to be any. Rejects with a ListenError; then none is bound. */
  async open(): Promise<void> {
    if (this.#listen) await this.peers.open({ host: '0.0.0.0', ...this.#listen });
    await this.requests.load();
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.searches.close();
    this.tree.close();
    this.messages.close();
    await this.peers.close();
  }
}
