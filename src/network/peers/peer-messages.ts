import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import {
  type DecodeResult,
  encodePeerMessage,
  type PeerMessage,
  type PeerMessageOf,
  peekSearchResponse,
} from '../../protocol/index.ts';
import type { Undo } from '../server-link.ts';
import { Answering, type Question } from './answering.ts';
import { Inflater } from './inflater.ts';
import { Outbound, type OutboundNetwork } from './outbound.ts';
import { answersOf, DEFAULT_DESCRIPTION } from './peer-answers.ts';
import { FOLDER_RESPONSE, INFO_RESPONSE, peerTypes, SEARCH_RESPONSE, SHARES_RESPONSE } from './peer-codes.ts';
import type { PeerLink, PeerLinkEvents } from './peer-link.ts';
import type {
  PeerAnswers,
  PeerMessaging,
  PeerRequestOptions,
  PeerSendOptions,
  PeerSendOutcome,
  SearchResponseOffer,
} from './peer-messaging.ts';
import { Requests } from './requests.ts';

const MiB = 1024 * 1024;

/** Largest frame of a search response and of any other message; Nicotine+ takes 16 MiB and 1 MiB. */
const RESULT_CAP = 4 * MiB;
/** What a search response may inflate to: some 50,000 files. */
const RESULT_INFLATED_CAP = 8 * MiB;
const MESSAGE_CAP = MiB;

const REQUEST_MS = 60_000;
const BROWSE_MS = 120_000;

/** After what was sent to a peer we keep the connection that long without traffic. Results are not answered. */
const IDLE_MS = 60_000;
const ANSWERED_IDLE_MS = 10_000;

export interface PeerMessagesOptions {
  /** The connections: a Peers. This takes all its links of type P. */
  readonly network: OutboundNetwork;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** @default shares nothing and says that this is a bot */
  readonly answers?: PeerAnswers;
}

type Handler = (message: never, link: PeerLink) => void;
type Want = (offer: SearchResponseOffer, link: PeerLink) => boolean;

/** Messages between peers: out through whatever connection there is, in to whoever asked for them. */
export class PeerMessages implements PeerMessaging {
  readonly #random: Random;
  readonly #log: Log;
  readonly #outbound: Outbound;
  readonly #requests: Requests;
  readonly #answering: Answering;
  readonly #inflater: Inflater;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #wants = new Set<Want>();
  readonly #leave: Undo;

  constructor(options: PeerMessagesOptions) {
    const { network, clock, random, log } = options;
    this.#random = random;
    this.#log = log;
    this.#outbound = new Outbound(network, clock, (link, { priority }) => {
      const unasked = priority === 'answer' && !this.#requests.has(link.user);
      link.idleAfter(unasked ? ANSWERED_IDLE_MS : IDLE_MS);
    });
    const send = this.#outbound.send.bind(this.#outbound);
    this.#requests = new Requests(clock, send, (user) => network.current(user));
    this.#answering = new Answering(options.answers ?? answersOf(DEFAULT_DESCRIPTION), clock, log);
    this.#inflater = new Inflater(clock);
    this.#leave = network.onIncoming('P', (link) => this.#take(link));
  }

  /** Ends all questions; links are closed by the network. */
  close(): void {
    this.#leave();
    this.#requests.failAll('the client is stopping');
  }

  async send(
    user: string,
    message: PeerMessage | Uint8Array,
    options: PeerSendOptions,
  ): Promise<PeerSendOutcome> {
    if (message instanceof Uint8Array) return this.#outbound.send(user, message, options);
    try {
      return await this.#outbound.send(user, encodePeerMessage(message), options);
    } catch (error) {
      return {
        state: 'failed',
        code: 'refused',
        reason: `${message.type} cannot be encoded: ${String(error)}`,
      };
    }
  }

  on<T extends PeerMessage['type']>(
    type: T,
    handler: (message: PeerMessageOf<T>, link: PeerLink) => void,
  ): Undo {
    const own: Handler = (message, link) => handler(message, link);
    const handlers = this.#handlers.get(type) ?? new Set<Handler>();
    this.#handlers.set(type, handlers.add(own));
    return () => {
      handlers.delete(own);
      if (handlers.size === 0 && this.#handlers.get(type) === handlers) this.#handlers.delete(type);
    };
  }

  onSearchResponse(want: Want): Undo {
    const own: Want = (offer, link) => want(offer, link);
    this.#wants.add(own);
    return () => void this.#wants.delete(own);
  }

  browse(user: string, options: PeerRequestOptions = {}): Promise<PeerMessageOf<'SharedFileListResponse'>> {
    const frame = encodePeerMessage({ type: 'SharedFileListRequest' });
    return this.#requests.ask({ user, code: SHARES_RESPONSE, frame, timeoutMs: BROWSE_MS }, options);
  }

  userInfo(user: string, options: PeerRequestOptions = {}): Promise<PeerMessageOf<'UserInfoResponse'>> {
    const frame = encodePeerMessage({ type: 'UserInfoRequest' });
    return this.#requests.ask({ user, code: INFO_RESPONSE, frame, timeoutMs: REQUEST_MS }, options);
  }

  folderContents(
    user: string,
    folder: string,
    options: PeerRequestOptions = {},
  ): Promise<PeerMessageOf<'FolderContentsResponse'>> {
    const token = this.#random.u32();
    const frame = encodePeerMessage({ type: 'FolderContentsRequest', token, folder });
    return this.#requests.ask({ user, code: FOLDER_RESPONSE, token, frame, timeoutMs: REQUEST_MS }, options);
  }

  /** Questions under way, and bytes of messages that wait to leave. */
  snapshot(): { readonly requests: number; readonly waitingBytes: number } {
    return { requests: this.#requests.size, waitingBytes: this.#outbound.bytes };
  }

  #take(link: PeerLink): boolean {
    const events: PeerLinkEvents = {
      capOf: (code) => this.#cap(link, code),
      onFrame: (code, body) => this.#read(link, code, body),
      onDrain: () => this.#outbound.drained(link),
      onClose: (reason) => {
        this.#outbound.changed(link);
        this.#requests.closed(link, reason);
      },
    };
    link.start(events);
    this.#outbound.changed(link);
    return true;
  }

  #cap(link: PeerLink, code: number): number {
    if (code === SEARCH_RESPONSE) return RESULT_CAP;
    return isReply(code) ? this.#requests.cap(link, code) : MESSAGE_CAP;
  }

  #read(link: PeerLink, code: number, body: Uint8Array): void {
    if (code === SEARCH_RESPONSE) {
      this.#readResult(link, body);
      return;
    }
    const type = peerTypes.get(code);
    if (type === undefined || !(isReply(code) || isQuestion(type) || this.#handlers.has(type))) return;
    const taken = this.#inflater.decode(link, body, (decoded) => {
      if (!decoded.ok) {
        if (isReply(code)) this.#unreadable(link, code);
        this.#undecoded(link, decoded);
      } else if (isReply(code)) {
        if (link.verified) this.#requests.answered(link.user, code, decoded.message);
      } else this.#received(link, decoded.message);
    });
    if (taken) return;
    link.strike('crowded');
    if (isReply(code)) this.#unreadable(link, code);
  }

  #unreadable(link: PeerLink, code: number): void {
    if (link.verified) this.#requests.unreadable(link.user, code);
  }

  #readResult(link: PeerLink, body: Uint8Array): void {
    const peek = peekSearchResponse(body);
    if (!peek.ok) this.#undecoded(link, peek);
    else if (!this.#wanted({ username: peek.username, token: peek.token, bytes: body.length }, link)) {
      link.strike('unwanted-result');
    } else {
      const read = (decoded: DecodeResult<PeerMessage>) => {
        if (decoded.ok) this.#dispatch(link, decoded.message);
        else this.#undecoded(link, decoded);
        this.#finish(link);
      };
      const taken = this.#inflater.decode(link, body, read, RESULT_INFLATED_CAP);
      if (taken) return;
      link.strike('crowded');
    }
    this.#finish(link);
  }

  /** It brought its result; if nothing else is going on with that peer the link is of no more use. */
  #finish(link: PeerLink): void {
    if (!this.#outbound.has(link.user) && !this.#requests.has(link.user)) link.finishSoon();
  }

  #wanted(offer: SearchResponseOffer, link: PeerLink): boolean {
    for (const want of this.#wants) if (want(offer, link)) return true;
    return false;
  }

  #received(link: PeerLink, message: PeerMessage): void {
    if (isAsking(message)) this.#answering.answer(message, link);
    this.#dispatch(link, message);
  }

  #dispatch(link: PeerLink, message: PeerMessage): void {
    for (const handler of [...(this.#handlers.get(message.type) ?? [])]) {
      try {
        handler(message as never, link);
      } catch (error) {
        this.#log.error('A message of a peer could not be dealt with', {
          user: link.user,
          message: message.type,
          error,
        });
      }
    }
  }

  #undecoded(link: PeerLink, failure: Extract<DecodeResult<PeerMessage>, { ok: false }>): void {
    if (failure.reason === 'inflate-limit' || failure.reason === 'item-limit') {
      link.strike('bomb');
      // No honest client makes one, and each costs time.
      link.destroy('it sent a bomb');
    } else link.strike('undecodable');
  }
}

const isReply = (code: number): boolean =>
  code === SHARES_RESPONSE || code === INFO_RESPONSE || code === FOLDER_RESPONSE;

const QUESTIONS: ReadonlySet<string> = new Set<Question['type']>([
  'SharedFileListRequest',
  'UserInfoRequest',
  'FolderContentsRequest',
]);

const isQuestion = (type: string): boolean => QUESTIONS.has(type);
const isAsking = (message: PeerMessage): message is Question => isQuestion(message.type);
