import type { RoomRef, Standing } from '../../plugins/api/rooms.ts';

/** What is needed of the network's rooms to name one in an event. */
export interface RoomsView {
  /** Cheap. */
  standing(room: string): Standing;
  /** Builds the whole room. */
  get(room: string): { readonly private: boolean } | undefined;
}

/** Names rooms in events. Whether a room is private is asked once per entry: a busy room has hundreds of people in it. */
export class RoomRefs {
  readonly #rooms: RoomsView;
  readonly #private = new Map<string, boolean>();

  constructor(rooms: RoomsView) {
    this.#rooms = rooms;
  }

  of(name: string): RoomRef {
    let isPrivate = this.#private.get(name);
    if (isPrivate === undefined) {
      const room = this.#rooms.get(name);
      isPrivate = room?.private ?? false;
      if (room !== undefined) this.#private.set(name, isPrivate);
    }
    return { name, private: isPrivate, standing: this.#rooms.standing(name) };
  }

  /** The room was entered or left: it may be another one of the same name now. */
  forget(name: string): void {
    this.#private.delete(name);
  }
}
