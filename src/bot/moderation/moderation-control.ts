import type { SoulseekClient } from '../../network/client.ts';
import type { Banned } from '../../plugins/api/members.ts';
import type { BotConfig } from '../config/config.ts';
import { ControlError } from '../control/control-error.ts';
import type { PreviewPlace } from './lists/list-preview.ts';
import type { ListStatus } from './lists/subscriptions.ts';

/** What the CLI asks about moderation: the watch lists, who is kept out, who is where. */
export interface ModerationRequest {
  readonly ask: 'lists' | 'banned' | 'places';
}

/** The part that was asked for. */
export interface ModerationAnswer {
  readonly lists?: readonly ListStatus[];
  readonly banned?: readonly Banned[];
  readonly places?: readonly PreviewPlace[];
}

export interface ModerationFacts {
  readonly config: Pick<BotConfig, 'roles' | 'moderation'>;
  readonly rooms: Pick<SoulseekClient['rooms'], 'known'>;
  readonly lists: () => readonly ListStatus[];
  readonly banned: () => readonly Banned[];
}

/** @throws ControlError `protocol` for what nobody asks */
export function controlModeration(facts: ModerationFacts, request: unknown): ModerationAnswer {
  const ask: unknown =
    typeof request === 'object' && request !== null && 'ask' in request ? request.ask : undefined;
  switch (ask) {
    case 'lists':
      return { lists: facts.lists() };
    case 'banned':
      return { banned: facts.banned() };
    case 'places':
      return { places: placesOf(facts) };
    default:
      throw new ControlError('protocol', 'Ask moderation for lists, banned or places');
  }
}

function placesOf({ config: { roles, moderation }, rooms }: ModerationFacts): readonly PreviewPlace[] {
  const everywhere = [...roles.owner, ...roles.mod, ...moderation.staff.users];
  return rooms.known().map(({ name, users, members, owner, operators }) => ({
    room: name,
    people: [...new Set([...users.map(({ user }) => user), ...members])],
    staff: [...new Set([...everywhere, ...operators, ...(owner === undefined ? [] : [owner])])],
  }));
}
