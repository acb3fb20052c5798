import type { Timer } from '../../platform/clock.ts';
import type { ServerResponseOf } from '../../protocol/index.ts';
import type { SendOptions, SendOutcome } from '../governor/traffic.ts';
import type { RoomsContext } from './context.ts';
import type { RoomPresence } from './presence.ts';
import type { RoomState } from './room-state.ts';

/** Longest ticker, bytes; the server ignores longer ones silently. */
const MAX_TICKER = 1024;

/**
 * The server replaces a ticker by removing it and adding another, in two messages that follow each other
 * at once. A removal is therefore reported only when no addition came within this time, milliseconds.
 */
const REPLACEMENT_MS = 250;

interface Removal {
  readonly old: string;
  readonly timer: Timer;
}

/** The room walls. */
export class RoomTickers {
  readonly #context: RoomsContext;
  /** Removals that may turn out to be replacements: room -> user. */
  readonly #removals = new Map<string, Map<string, Removal>>();

  constructor(context: RoomsContext, presence: RoomPresence) {
    this.#context = context;
    const { link } = context;
    link.on('RoomTickers', (message) => this.#all(message));
    link.on('RoomTickerAdded', (message) => {
      const ticker = context.text.read(message.room, 'ticker', message.ticker, message.latin1);
      this.#added(message.room, message.username, ticker);
    });
    link.on('RoomTickerRemoved', ({ room, username }) => this.#removed(room, username));
    presence.onExit((state) => this.#forget(state.name));
  }

  async set(room: string, text: string, options?: SendOptions): Promise<SendOutcome> {
    const ticker = text.replace(/[\r\n]+/g, ' ');
    const bytes = Buffer.byteLength(ticker);
    if (bytes > MAX_TICKER) {
      const reason = `a ticker has at most ${MAX_TICKER} bytes, this one has ${bytes}`;
      return { state: 'dropped', code: 'too-long', reason };
    }
    if (!this.#context.table.get(room)?.joined) {
      return {
        state: 'dropped',
        code: 'not-joined',
        reason: `a ticker is set from inside the room: not in ${room}`,
      };
    }
    return this.#context.link.send(
      { type: 'SetRoomTicker', room, ticker },
      { kind: 'ticker', room },
      options,
    );
  }

  #all(message: ServerResponseOf<'RoomTickers'>): void {
    const state = this.#joined(message.room);
    if (!state) return;
    this.#forget(message.room);
    state.tickers.clear();
    for (const { username, ticker, latin1 } of message.tickers) {
      state.tickers.set(username, this.#context.text.read(message.room, 'ticker', ticker, latin1));
    }
  }

  #added(room: string, user: string, ticker: string): void {
    const state = this.#joined(room);
    if (!state) return;
    const removal = this.#takeRemoval(room, user);
    const old = removal?.old ?? state.tickers.get(user);
    // Delete first, so that the newest is last on the wall.
    state.tickers.delete(user);
    if (ticker !== '') state.tickers.set(user, ticker);
    if (ticker !== (old ?? '')) this.#report(room, user, ticker, old);
  }

  #removed(room: string, user: string): void {
    const state = this.#joined(room);
    const old = state?.tickers.get(user);
    if (!state || old === undefined) return;
    state.tickers.delete(user);
    const timer = this.#context.clock.setTimeout(() => {
      this.#takeRemoval(room, user);
      this.#report(room, user, '', old);
    }, REPLACEMENT_MS);
    let removals = this.#removals.get(room);
    if (!removals) {
      removals = new Map();
      this.#removals.set(room, removals);
    }
    removals.set(user, { old, timer });
  }

  #report(room: string, user: string, ticker: string, old: string | undefined): void {
    const { emitter, clock } = this.#context;
    emitter.emit('room.ticker', { room, user, ticker, ...(old !== undefined && { old }), at: clock.now() });
  }

  #takeRemoval(room: string, user: string): Removal | undefined {
    const removals = this.#removals.get(room);
    const removal = removals?.get(user);
    if (!removals || !removal) return undefined;
    removal.timer.cancel();
    removals.delete(user);
    if (removals.size === 0) this.#removals.delete(room);
    return removal;
  }

  #forget(room: string): void {
    for (const removal of this.#removals.get(room)?.values() ?? []) removal.timer.cancel();
    this.#removals.delete(room);
  }

  #joined(room: string): RoomState | undefined {
    const state = this.#context.table.get(room);
    return state?.joined ? state : undefined;
  }
}
