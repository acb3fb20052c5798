import type { ClientEvents } from '../../../network/events.ts';
import type { SendOutcome } from '../../../network/governor/traffic.ts';
import type { RoomSnapshot } from '../../../network/rooms/room.ts';
import type { Clock } from '../../../platform/clock.ts';
import { deferred } from '../../../platform/deferred.ts';
import { withTimeout } from '../../../platform/time.ts';
import type { RoomInfo, RoomOutcome, RoomSummary } from '../../../plugins/api/rooms.ts';
import type { RoomsService } from '../../../plugins/host/services.ts';

/** How long the room may take to show our new line on its wall, in milliseconds. */
const TICKER_ECHO_MS = 15_000;

/** How members and operators are changed. */
export type RoomAdminPort = Readonly<
  Record<
    'addMember' | 'removeMember' | 'addOperator' | 'removeOperator',
    (room: string, user: string, options: { readonly origin: string }) => Promise<RoomOutcome>
  >
>;

/** What is needed of the network client. */
export interface RoomsPort {
  readonly username: string;
  readonly rooms: {
    get(name: string): RoomSnapshot | undefined;
    known(): readonly RoomSnapshot[];
    setTicker(room: string, text: string, options: { readonly origin: string }): Promise<SendOutcome>;
  };
  readonly admin: RoomAdminPort;
  on(event: 'room.ticker', handler: (event: ClientEvents['room.ticker']) => void): () => void;
}

/** Rooms as plugins see and change them. */
export class RoomServices implements RoomsService {
  readonly #client: RoomsPort;
  readonly #admin: RoomAdminPort;
  readonly #clock: Clock;

  /** @param admin changes members and operators; the client's own, or what keeps a record of it */
  constructor(client: RoomsPort, clock: Clock, admin: RoomAdminPort = client.admin) {
    this.#client = client;
    this.#admin = admin;
    this.#clock = clock;
  }

  async list(): Promise<readonly RoomSummary[]> {
    return this.#client.rooms.known().map(summaryOf);
  }

  async info(_instance: string, name: string): Promise<RoomInfo | undefined> {
    const room = this.#client.rooms.get(name);
    if (room === undefined) return undefined;
    return {
      ...summaryOf(room),
      ...(room.owner === undefined ? {} : { owner: room.owner }),
      operators: room.operators,
      members: room.members,
      users: room.users.map(({ user, status, stats, country }) => ({ user, status, stats, country })),
      tickers: room.tickers,
    };
  }

  /** The server confirms by showing the line to everybody, us included. */
  async setTicker(instance: string, room: string, ticker: string): Promise<RoomOutcome> {
    const { rooms, username } = this.#client;
    const present = () => rooms.get(room)?.tickers.find(({ user }) => user === username)?.ticker ?? '';
    const wanted = ticker.replaceAll(/[\r\n]+/g, ' ');
    if (rooms.get(room)?.joined === true && present() === wanted) return { state: 'confirmed' };
    const shown = deferred();
    const undo = this.#client.on('room.ticker', (event) => {
      if (event.room === room && event.user === username) shown.resolve();
    });
    try {
      const sent = await rooms.setTicker(room, ticker, { origin: instance });
      if (sent.state === 'dropped') return { state: 'refused', code: sent.code, reason: sent.reason };
      if (sent.state === 'expired') return { state: 'refused', code: 'expired', reason: sent.reason };
      await withTimeout(this.#clock, shown.promise, TICKER_ECHO_MS, () => new Error('no echo')).catch(
        () => {},
      );
      if (present() === wanted) return { state: 'confirmed' };
      return { state: 'unknown', reason: 'the server did not show it in the room' };
    } finally {
      undo();
    }
  }

  addMember(instance: string, room: string, user: string): Promise<RoomOutcome> {
    return this.#admin.addMember(room, user, { origin: instance });
  }

  removeMember(instance: string, room: string, user: string): Promise<RoomOutcome> {
    return this.#admin.removeMember(room, user, { origin: instance });
  }

  addOperator(instance: string, room: string, user: string): Promise<RoomOutcome> {
    return this.#admin.addOperator(room, user, { origin: instance });
  }

  removeOperator(instance: string, room: string, user: string): Promise<RoomOutcome> {
    return this.#admin.removeOperator(room, user, { origin: instance });
  }
}

function summaryOf(room: RoomSnapshot): RoomSummary {
  const { name, private: isPrivate, standing, joined, users } = room;
  return { name, private: isPrivate, standing, joined, userCount: users.length };
}
