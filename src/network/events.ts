import type { TreeChange } from './distributed/tree-history.ts';
import type { DropCode, TrafficKind } from './governor/traffic.ts';
import type { LineState } from './ports.ts';
import type { Notice } from './rooms/notices.ts';
import type { RoomSnapshot } from './rooms/room.ts';
import type { SessionState } from './session/state.ts';
import type { UserStats, UserStatus } from './users/user.ts';

/** Why we are no longer in a room. */
export type LeftReason = 'left' | 'removed' | 'dissolved' | 'disconnected';

/** Every event of SoulseekClient. All values are plain data; `at` is host time in milliseconds since the epoch. */
export interface ClientEvents {
  state: { readonly state: SessionState; readonly was: SessionState; readonly at: number };
  /** A line in a room that we are in; our own lines included (`own`), as the server echoes them. */
  'room.message': {
    readonly room: string;
    readonly user: string;
    readonly text: string;
    readonly own: boolean;
    readonly at: number;
  };
  /** A line from the feed of all public rooms; lines of joined rooms come here a second time. */
  'feed.message': {
    readonly room: string;
    readonly user: string;
    readonly text: string;
    readonly at: number;
  };
  /** We entered a room. `again` after a reconnect. */
  'room.entered': { readonly room: RoomSnapshot; readonly again: boolean; readonly at: number };
  'room.exited': { readonly room: string; readonly reason: LeftReason; readonly at: number };
  /** The server would not let us in; `notice` is its explanation when one came. */
  'room.refused': { readonly room: string; readonly reason: string; readonly at: number };
  'room.join': {
    readonly room: string;
    readonly user: string;
    readonly status: UserStatus;
    readonly stats: UserStats;
    readonly country: string;
    readonly at: number;
  };
  'room.leave': { readonly room: string; readonly user: string; readonly at: number };
  'room.ticker': {
    readonly room: string;
    readonly user: string;
    readonly ticker: string;
    readonly old?: string;
    readonly at: number;
  };
  /** Somebody added to or removed from a private room's members. Who did it is not in the protocol. */
  'room.member': {
    readonly room: string;
    readonly user: string;
    readonly change: 'added' | 'removed';
    readonly at: number;
  };
  'room.operator': {
    readonly room: string;
    readonly user: string;
    readonly change: 'added' | 'removed';
    readonly at: number;
  };
  /** Our own standing in a private room changed. */
  'room.standing': {
    readonly room: string;
    readonly change: 'member' | 'not-member' | 'operator' | 'not-operator';
    readonly at: number;
  };
  /** The list of rooms arrived. Counts are users inside. */
  'room.list': { readonly at: number };
  'user.status': {
    readonly user: string;
    readonly status: UserStatus;
    readonly was?: UserStatus;
    readonly privileged: boolean;
    readonly at: number;
  };
  'user.stats': { readonly user: string; readonly stats: UserStats; readonly at: number };
  /** A private message, stored and acknowledged. `key` identifies it for ever; `id` only within days. */
  'private.message': {
    readonly key: string;
    readonly id: number;
    readonly user: string;
    readonly text: string;
    /** When it was sent, by the server's clock, milliseconds since the epoch. */
    readonly sentAt: number;
    readonly replayed: boolean;
    readonly at: number;
  };
  /** A private message from `server`, parsed. It comes only here, never as `private.message`. */
  notice: {
    /** As of `private.message`: the inbox has it too. */
    readonly key: string;
    readonly notice: Notice;
    readonly at: number;
  };
  /** An announcement to everybody from the server's admins. */
  announcement: { readonly text: string; readonly at: number };
  /** The inbox refuses to store: private messages are not acknowledged until it works again (`blocked` false). */
  'messages.blocked': {
    readonly blocked: boolean;
    readonly reason: string;
    readonly waiting: number;
    readonly at: number;
  };
  /** A queued line moved on. */
  line: { readonly id: string; readonly state: LineState; readonly detail?: string; readonly at: number };
  /** A frame did not leave: the governor's reason. `code` is that of SendOutcome, or `expired`. */
  'traffic.dropped': {
    readonly kind: TrafficKind;
    readonly origin: string;
    readonly code: DropCode | 'expired';
    readonly reason: string;
    readonly at: number;
  };
  'privileges.left': { readonly seconds: number; readonly at: number };
  'wishlist.interval': { readonly seconds: number; readonly at: number };
  'excluded.phrases': { readonly phrases: readonly string[]; readonly at: number };
  /** Our place in the search tree changed. */
  'tree.changed': TreeChange;
  /** Garbage from the server: reported once per kind and then with counts. */
  problem: { readonly kind: string; readonly detail: string; readonly count: number; readonly at: number };
}

export type ClientEventName = keyof ClientEvents;
