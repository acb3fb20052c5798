import type { ServerResponseOf } from '../../protocol/index.ts';
import type { SendOptions } from '../governor/traffic.ts';
import { RestoreStep } from '../session/restore-steps.ts';
import { Replies } from '../users/replies.ts';
import type { RoomsContext } from './context.ts';

/** A line of the room list. `users`: how many are inside now, not how many belong to it. */
interface ListedRoom {
  readonly name: string;
  readonly users: number;
}

/** The four lists of RoomList. */
export interface RoomListing {
  /** Public rooms. The list that the server sends by itself after login has only those with five users or more. */
  readonly public: readonly ListedRoom[];
  /** Private rooms that we own. */
  readonly owned: readonly ListedRoom[];
  /** Private rooms that we are a member of, without our own. */
  readonly member: readonly ListedRoom[];
  /** Those of `member` where we are operator. */
  readonly operated: readonly string[];
  /** Host time of arrival, milliseconds since the epoch. */
  readonly at: number;
}

/** The room list: the latest, and a new one on request. */
export class RoomLists {
  readonly #context: RoomsContext;
  readonly #replies: Replies<RoomListing>;
  #latest: RoomListing | undefined = undefined;

  constructor(context: RoomsContext, timeoutMs: number) {
    this.#context = context;
    this.#replies = new Replies(context.link, context.clock, timeoutMs);
    context.link.on('RoomList', (message) => this.#received(message));
    context.link.onRestore(RestoreStep.roomList, () => void this.refresh());
    context.link.onLost(() => (this.#latest = undefined));
  }

  get latest(): RoomListing | undefined {
    return this.#latest;
  }

  async refresh(options?: SendOptions): Promise<RoomListing | undefined> {
    const answer = await this.#replies.ask('', { type: 'RoomList' }, options);
    return answer.state === 'answered' ? answer.value : undefined;
  }

  #received(message: ServerResponseOf<'RoomList'>): void {
    const at = this.#context.clock.now();
    this.#latest = {
      public: zip(message.rooms, message.roomUserCounts),
      owned: zip(message.ownedRooms, message.ownedRoomUserCounts),
      member: zip(message.memberRooms, message.memberRoomUserCounts),
      operated: [...new Set(message.operatedRooms)],
      at,
    };
    this.#replies.answer('', this.#latest);
    this.#context.emitter.emit('room.list', { at });
  }
}

/** Two parallel columns, the second perhaps short; a name that comes twice counts once. */
function zip(names: readonly string[], counts: readonly number[]): ListedRoom[] {
  const rooms = new Map<string, ListedRoom>();
  for (const [i, name] of names.entries()) rooms.set(name, { name, users: counts[i] ?? 0 });
  return [...rooms.values()];
}
