import type { PeerMessage, PeerMessageOf, SearchResponsePeek } from '../../protocol/index.ts';
import type { Undo } from '../server-link.ts';
import type { DialPriority, PeerFailure, PeerLink } from './peer-link.ts';

export interface PeerSendOptions {
  readonly priority: DialPriority;
  /** How long it may wait, for a connection and for room in its send buffer, in milliseconds. @default 30000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What became of a message. `sent`: handed to an open connection with that user; whether it was read nobody says. */
export type PeerSendOutcome =
  | { readonly state: 'sent' }
  | { readonly state: 'failed'; readonly code: PeerFailure; readonly reason: string };

export interface PeerRequestOptions {
  /** @default 'person' */
  readonly priority?: DialPriority;
  /** For connection and answer together, in milliseconds. @default 60000; 120000 for lists of shares */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A search response of which only the beginning was read. `username` is what it says of itself: trust `link.user` instead. */
export type SearchResponseOffer = Pick<SearchResponsePeek, 'username' | 'token'> & {
  /** Bytes of the compressed response. */
  readonly bytes: number;
};

/** Messages on `P` connections, found, opened and closed as needed. */
export interface PeerMessaging {
  /**
   * Sends one message (or a frame encoded before) on a verified connection with that user, opening one if there is none.
   * Messages to one user keep their order. Never rejects.
   */
  send(user: string, message: PeerMessage | Uint8Array, options: PeerSendOptions): Promise<PeerSendOutcome>;
  /**
   * Calls `handler` for each message of that type. `link.user` is only proven if `link.verified`; to answer on the same
   * link encode and `link.send`. Types that nobody asked for are not decoded. FileSearchResponse comes only if wanted,
   * see `onSearchResponse`; lists of shares, user infos and folders only as results of the requests below.
   */
  on<T extends PeerMessage['type']>(
    type: T,
    handler: (message: PeerMessageOf<T>, link: PeerLink) => void,
  ): Undo;
  /**
   * Asked for every search response before it is inflated; it is decoded, and given to the handlers of
   * FileSearchResponse, if anybody asked says true. Without any it is dropped.
   */
  onSearchResponse(want: (offer: SearchResponseOffer, link: PeerLink) => boolean): Undo;
  /** A user's list of shares. Rejects with a PeerError. */
  browse(user: string, options?: PeerRequestOptions): Promise<PeerMessageOf<'SharedFileListResponse'>>;
  /** What a user says of itself. Rejects with a PeerError. */
  userInfo(user: string, options?: PeerRequestOptions): Promise<PeerMessageOf<'UserInfoResponse'>>;
  /** One shared folder of a user. Rejects with a PeerError. */
  folderContents(
    user: string,
    folder: string,
    options?: PeerRequestOptions,
  ): Promise<PeerMessageOf<'FolderContentsResponse'>>;
}

/** Answers to what peers ask of us. Each may take its time; a rejection leaves the peer without an answer. */
export interface PeerAnswers {
  /** Must say that this is a bot: the network's rules ask for it. */
  userInfo(link: PeerLink): Answer<'UserInfoResponse'>;
  /** The whole list, or a frame that was encoded before. */
  shares(link: PeerLink): Answer<'SharedFileListResponse'>;
  /** One folder; undefined if there is no such folder (then the answer has zero folders). */
  folder(name: string, link: PeerLink): FolderAnswer | Promise<FolderAnswer>;
}

type Answer<T extends PeerMessage['type']> = Reply<T> | Promise<Reply<T>>;
type Reply<T extends PeerMessage['type']> = Bare<PeerMessageOf<T>> | Uint8Array;
type Bare<M> = M extends PeerMessage ? Omit<M, 'type'> : never;
type FolderAnswer = PeerMessageOf<'FolderContentsResponse'>['folders'] | undefined;
