import type { SendOptions } from '../governor/traffic.ts';
import type { RoomSnapshot } from './room.ts';

export interface JoinOptions extends SendOptions {
  /** Ask for a private room. Takes effect only when the name is unclaimed and was never public; then we own it. */
  readonly private?: boolean;
}

/** Why a join did not succeed. */
export type JoinRefusal =
  /** Against the name rules: ours, checked before sending, or the server's. */
  | 'bad-name'
  | 'private'
  | 'moderated'
  /** CantCreateRoom, and no notice said why. */
  | 'refused'
  /** Not logged in, or the connection was lost. The room stays remembered and is joined after the next login. */
  | 'offline'
  /** Our own governor did not send it. */
  | 'dropped'
  /** `leave` was called meanwhile. */
  | 'cancelled'
  /** No answer. The room stays remembered; should the server let us in late, we are in. */
  | 'unknown';

export type JoinResult =
  /** `note`: something worth knowing, such as that the room is public although a private one was asked for. */
  | { readonly state: 'joined'; readonly room: RoomSnapshot; readonly note?: string }
  | { readonly state: 'refused'; readonly code: JoinRefusal; readonly reason: string };

export type LeaveResult = 'left' | 'not-joined' | 'unknown';
