import type { SoulseekClient } from '../../../network/client.ts';
import type { Power } from '../../../plugins/api/cases.ts';
import type { RoomPeople } from '../people.ts';
import { powerIn, powerText, type RoomFacts } from './power.ts';

/** What is needed of the network client. */
export type PowerClient = Pick<SoulseekClient, 'username' | 'state' | 'rooms' | 'on'>;

const NOBODY: RoomPeople = { private: false, operators: new Set(), members: new Set() };

/** What the bot may do in each room, as things are now. */
export class PowerBook {
  readonly #client: PowerClient;
  readonly #refusals = new Map<string, NonNullable<RoomFacts['refusal']>>();

  constructor(client: PowerClient) {
    this.#client = client;
  }

  /** Begins to listen. @returns undoes it. */
  listen(): () => void {
    const undo = [
      this.#client.on('room.entered', ({ room }) => void this.#refusals.delete(room.name)),
      this.#client.on('room.refused', ({ room, reason }) => {
        const before = this.#refusals.get(room)?.moderators;
        this.#refusals.set(room, { reason, ...(before !== undefined && { moderators: before }) });
      }),
      this.#client.on('notice', ({ notice }) => {
        if (notice.kind !== 'moderated') return;
        this.#refusals.set(notice.room, { reason: notice.text, moderators: notice.moderators });
      }),
    ];
    return () => {
      for (const one of undo) one();
    };
  }

  facts(room: string): RoomFacts {
    const known = this.#client.rooms.get(room);
    const refusal = this.#refusals.get(room);
    return {
      room,
      joined: known?.joined ?? false,
      private: known?.private ?? false,
      standing: known?.standing ?? 'visitor',
      ...(refusal !== undefined && { refusal }),
    };
  }

  power(room: string): Power {
    return powerIn(this.facts(room));
  }

  text(room: string): string {
    const facts = this.facts(room);
    return powerText(powerIn(facts), facts);
  }

  /** Whether it is known who has which power in a room. */
  knows(room: string): boolean {
    return this.#client.rooms.get(room) !== undefined;
  }

  /** Who has which power in a room now. */
  people(room: string): RoomPeople {
    const known = this.#client.rooms.get(room);
    if (known === undefined) return NOBODY;
    return {
      private: known.private,
      ...(known.owner !== undefined && { owner: known.owner }),
      operators: new Set(known.operators),
      members: new Set(known.members),
    };
  }

  get online(): boolean {
    return this.#client.state.name === 'online';
  }
}
