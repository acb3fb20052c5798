import type { ClientEvents } from '../../network/events.ts';
import type { Receipt } from '../../network/lines/receipts.ts';
import type { JournalEntry } from '../store/journal.ts';

/** What the chronicle listens to. */
export interface ChronicleSource {
  on<E extends keyof ClientEvents>(event: E, handler: (value: ClientEvents[E]) => void): () => void;
  readonly lines: { receipt(id: string): Receipt | undefined };
}

/** Where it writes. */
export interface ChronicleJournal {
  record(entry: JournalEntry): void;
  online(at: number): void;
  offline(at: number, reason: string): void;
}

/** Writes down what happens in the rooms, and of private messages who and when, never what. @returns undoes it. */
export function keepChronicle(client: ChronicleSource, journal: ChronicleJournal): () => void {
  const undo = [
    client.on('state', ({ state, was, at }) => {
      if (state.name === 'online') journal.online(at);
      else if (was.name === 'online') journal.offline(at, reasonOf(state));
    }),
    client.on('room.message', ({ room, user, text, own, at }) => {
      journal.record({ at, kind: 'room.line', room, user, text, ...(own ? { detail: { own } } : {}) });
    }),
    client.on('room.join', ({ room, user, stats, country, at }) => {
      journal.record({ at, kind: 'room.join', room, user, detail: { stats, country } });
    }),
    client.on('room.leave', ({ room, user, at }) => journal.record({ at, kind: 'room.leave', room, user })),
    client.on('room.entered', ({ room, again, at }) => {
      journal.record({ at, kind: 'room.entered', room: room.name, detail: { again, ...powersOf(room) } });
    }),
    client.on('room.member', ({ room, user, change, at }) => {
      journal.record({ at, kind: 'room.member', room, user, detail: { change } });
    }),
    client.on('room.operator', ({ room, user, change, at }) => {
      journal.record({ at, kind: 'room.operator', room, user, detail: { change } });
    }),
    client.on('room.exited', ({ room, reason, at }) => {
      journal.record({ at, kind: 'room.exited', room, detail: { reason } });
    }),
    client.on('private.message', ({ user, replayed, at }) => {
      journal.record({ at, kind: 'private.in', user, detail: { replayed } });
    }),
    client.on('line', ({ id, state, at }) => {
      const line = state === 'sent' ? client.lines.receipt(id) : undefined;
      if (line?.kind === 'private') journal.record({ at, kind: 'private.out', user: line.to });
    }),
  ];
  return () => {
    for (const one of undo) one();
  };
}

/** Who has which power there: a back-test has to know. */
function powersOf({ private: isPrivate, owner, operators, members }: ClientEvents['room.entered']['room']) {
  return isPrivate
    ? { private: true, ...(owner !== undefined && { owner }), operators, members }
    : { private: false };
}

function reasonOf(state: ClientEvents['state']['state']): string {
  return state.name === 'offline' ? (state.reason ?? 'offline') : state.name;
}
