/**
 * Everything that may leave for the server, by what it costs there. The kind chooses the budget; the key fields
 * choose the bucket within it (a room, a user) and what the repeat guards compare.
 */
export type Traffic =
  /** Acknowledgements of private messages and pings: first in line, never expire. */
  | { readonly kind: 'ack' }
  /** Login and what must be written with it. Paced by the reconnect policy. */
  | { readonly kind: 'login' }
  /** ConnectToPeer, addresses, watches, statuses, tree notices: cheap for the server, many of them. */
  | { readonly kind: 'housekeeping' }
  | { readonly kind: 'room-line'; readonly room: string; readonly text: string }
  | { readonly kind: 'private-line'; readonly user: string; readonly text: string }
  /** `to`: the one user who is asked; the same words to somebody else are no repetition. */
  | { readonly kind: 'search'; readonly query: string; readonly to?: string }
  /** One per interval that the server announced. */
  | { readonly kind: 'wishlist'; readonly query: string }
  /** Membership and operators of private rooms, codes 134–137, 141, 143, 144, 147. */
  | { readonly kind: 'room-admin'; readonly room: string }
  | { readonly kind: 'join'; readonly room: string }
  | { readonly kind: 'ticker'; readonly room: string };

export type TrafficKind = Traffic['kind'];

/** In this order: acknowledgements and pings, moderation, reply to a person, ordinary, bulk. */
export type Priority = 'ack' | 'moderation' | 'reply' | 'ordinary' | 'bulk';

/** What became of a frame. */
export type SendOutcome =
  | { readonly state: 'sent'; readonly at: number }
  /** `reason` is a short sentence for people, `code` is for programs. */
  | { readonly state: 'dropped'; readonly code: DropCode; readonly reason: string }
  | { readonly state: 'expired'; readonly reason: string };

export type DropCode =
  | 'duplicate' // the same text to the same place too soon or too often
  | 'queue-full'
  | 'offline' // not durable and the session ended before its turn
  | 'banned'
  | 'too-long'
  | 'empty'
  | 'not-joined'
  | 'stranger-limit' // private lines to people who never wrote to us
  | 'cancelled'
  | 'shutdown';

export interface SendOptions {
  /** @default 'ordinary' ('ack' for acks, 'moderation' for room-admin, 'reply' never by itself) */
  readonly priority?: Priority;
  /** Not sent after this host time in milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** Who asked, for queues and logs: a plugin instance id or `core`. Fair shares are per origin. */
  readonly origin?: string;
  readonly signal?: AbortSignal;
}
