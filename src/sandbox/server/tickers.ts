import { bytesOf, type Handlers, markOf, textOf } from './messages.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';
import { broadcast } from './sessions.ts';

/** Longest line on a room wall, in bytes; longer ones are ignored [aioslsk, soulfind]. */
const MAX_TICKER_BYTES = 1024;

/** The wall of a room, for a newcomer. */
export function sendTickers(session: Session, room: Room): void {
  const tickers = [...room.tickers].map(([username, text]) => ({
    username,
    ticker: text.text,
    ...markOf('ticker', text),
  }));
  session.send({ type: 'RoomTickers', room: room.name, tickers });
}

export const tickerHandlers = {
  SetRoomTicker(context, session, request) {
    const room = context.rooms.get(request.room);
    const ticker = textOf(request, 'ticker');
    if (!room?.users.has(session.name) || bytesOf(ticker) > MAX_TICKER_BYTES) return;
    const user = session.name;
    const old = room.tickers.get(user);
    const cautious = context.rules.tickerAlwaysRemovedFirst;
    if (cautious && (old?.text ?? '') === ticker.text) return;
    if (old || cautious) {
      room.tickers.delete(user);
      broadcast(room.users.values(), { type: 'RoomTickerRemoved', room: room.name, username: user });
    }
    if (ticker.text === '') return;
    room.addTicker(user, ticker);
    broadcast(room.users.values(), {
      type: 'RoomTickerAdded',
      room: room.name,
      username: user,
      ticker: ticker.text,
      ...markOf('ticker', ticker),
    });
  },
} satisfies Partial<Handlers>;
