import { RoomState } from './room-state.ts';

/** Rooms by name, in the order in which they were first heard of. */
export class RoomTable {
  readonly #rooms = new Map<string, RoomState>();

  get(name: string): RoomState | undefined {
    return this.#rooms.get(name);
  }

  ensure(name: string): RoomState {
    let state = this.#rooms.get(name);
    if (!state) {
      state = new RoomState(name);
      this.#rooms.set(name, state);
    }
    return state;
  }

  values(): IterableIterator<RoomState> {
    return this.#rooms.values();
  }

  /** Drops a room that nothing ties us to, so that passing through many rooms leaves nothing behind. */
  release(state: RoomState, me: string): void {
    if (state.joined || state.wanted || state.leaving || state.standing(me) !== 'visitor') return;
    this.#rooms.delete(state.name);
  }
}
