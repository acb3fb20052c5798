import type { SoulseekClient } from '../../network/client.ts';
import type { AnyEvent } from '../../plugins/api/events.ts';
import type { EventTranslator } from './events.ts';

/** How things stand, for a plugin that comes late. Nothing before the bot begins to connect: there is nothing to tell. */
export function currentState(
  client: Pick<SoulseekClient, 'state' | 'rooms'>,
  events: EventTranslator,
  now: number,
): readonly AnyEvent[] {
  const { state } = client;
  if (state.name === 'offline') return [];
  return [
    events.standing(state.name, now),
    ...client.rooms.known().flatMap(({ name, joined }) => (joined ? [events.inside(name, now)] : [])),
  ];
}
