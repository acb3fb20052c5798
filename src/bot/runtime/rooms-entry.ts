import type { ClientEvents } from '../../network/events.ts';
import type { JoinOptions, JoinResult } from '../../network/rooms/join-result.ts';
import type { Log } from '../../platform/log.ts';
import type { RoomConfig } from '../config/config.ts';

/** What is needed of the network client. */
export interface EntryPort {
  readonly rooms: { join(name: string, options: JoinOptions): Promise<JoinResult> };
  on<E extends 'room.entered' | 'room.refused' | 'room.exited' | 'room.standing'>(
    event: E,
    handler: (value: ClientEvents[E]) => void,
  ): () => void;
}

/**
 * Brings the bot into its rooms, and remembers why it is not in one. After that the network keeps it there; where it was not let
 * in it tries again once somebody has made it a member.
 */
export class RoomsEntry {
  readonly #client: EntryPort;
  readonly #rooms: readonly RoomConfig[];
  readonly #log: Log;
  readonly #problems = new Map<string, string>();

  constructor(client: EntryPort, rooms: readonly RoomConfig[], log: Log) {
    this.#client = client;
    this.#rooms = rooms;
    this.#log = log;
    client.on('room.entered', ({ room }) => void this.#problems.delete(room.name));
    client.on('room.refused', ({ room, reason }) => void this.#problems.set(room, reason));
    client.on('room.exited', ({ room, reason }) => void this.#problems.set(room, EXITED[reason]));
    client.on('room.standing', ({ room, change }) => {
      if (change === 'member') this.#letIn(room);
    });
  }

  /** Why the bot is not in a room; undefined when it is, or nobody said. */
  problem(room: string): string | undefined {
    return this.#problems.get(room);
  }

  /** Resolves when every room has answered. */
  async enter(): Promise<void> {
    await Promise.all(this.#rooms.map((room) => this.#enterOne(room)));
  }

  /** Somebody made the bot a member of a room that had not let it in, or had put it out. */
  #letIn(name: string): void {
    const room = this.#rooms.find((each) => each.name === name);
    if (room !== undefined && this.#problems.has(name)) void this.#enterOne(room);
  }

  async #enterOne(room: RoomConfig): Promise<void> {
    const result = await this.#client.rooms.join(room.name, { private: room.private });
    if (result.state === 'joined') {
      const { standing, private: isPrivate } = result.room;
      const note = result.note === undefined ? {} : { note: result.note };
      this.#log.info('Entered a room', { room: room.name, private: isPrivate, standing, ...note });
    } else {
      this.#problems.set(room.name, result.reason);
      this.#log.warn('Not let into a room', { room: room.name, reason: result.reason });
    }
  }
}

const EXITED: Readonly<Record<ClientEvents['room.exited']['reason'], string>> = {
  left: 'the bot left it',
  removed: 'the bot was removed from it',
  dissolved: 'it was dissolved',
  disconnected: 'the connection was lost',
};
