import type { Timer } from '../../platform/clock.ts';
import { RestoreStep } from '../session/restore-steps.ts';
import type { RoomsContext } from './context.ts';
import type { RoomState } from './room-state.ts';

/** Enters the remembered rooms again after each login. */
export class Rejoins {
  readonly #context: RoomsContext;
  readonly #timeoutMs: number;
  readonly #enter: (state: RoomState) => void;
  /** Private rooms that wait for the room list to show that they are still open to us. */
  readonly #unconfirmed = new Set<string>();
  #timer: Timer | undefined = undefined;

  /** @param timeoutMs how long a private room waits for the room list. */
  constructor(context: RoomsContext, timeoutMs: number, enter: (state: RoomState) => void) {
    this.#context = context;
    this.#timeoutMs = timeoutMs;
    this.#enter = enter;
    const { link } = context;
    link.onRestore(RestoreStep.rooms, () => this.#restore());
    link.on('RoomList', ({ rooms, ownedRooms, memberRooms }) => {
      for (const room of [...ownedRooms, ...memberRooms, ...rooms]) this.#confirmed(room);
    });
    link.onLost(() => {
      this.#unconfirmed.clear();
      this.#timer?.cancel();
    });
  }

  /** The room is not wanted any more. */
  forget(room: string): void {
    this.#unconfirmed.delete(room);
  }

  #restore(): void {
    for (const state of [...this.#context.table.values()]) {
      if (!state.wanted || state.joined) continue;
      if (state.entered && state.private) this.#unconfirmed.add(state.name);
      else this.#enter(state);
    }
    if (this.#unconfirmed.size === 0) return;
    this.#timer = this.#context.clock.setTimeout(() => this.#giveUp(), this.#timeoutMs);
  }

  /**
   * Joining a private room that was dissolved while we were away would register its name anew, as ours or even
   * as public for ever, so it waits for the list, which the server sends after each login.
   */
  #confirmed(room: string): void {
    if (!this.#unconfirmed.delete(room)) return;
    const state = this.#context.table.get(room);
    if (state?.wanted && !state.joined) this.#enter(state);
  }

  #giveUp(): void {
    const { emitter, clock } = this.#context;
    const reason =
      'a private room that is not in our room list any more: we were removed, or it was dissolved';
    for (const room of this.#unconfirmed) emitter.emit('room.refused', { room, reason, at: clock.now() });
    this.#unconfirmed.clear();
  }
}
