import type { Order } from './acts.ts';
import { type Moderation, RANKS, rankOf } from './rooms.ts';

/**
 * Why somebody may not order this though they moderate the room. The bot may own a room, and its word must not give operators
 * what only owners can do: make operators, or put out each other.
 */
export async function overreach(
  bot: Moderation,
  { act, room, user, actor, source }: Order,
): Promise<string | undefined> {
  if (act !== 'op' && act !== 'deop' && act !== 'remove') return undefined;
  const rank = await rankOf(bot, { user: actor, source }, room);
  if (act !== 'remove' && rank < RANKS['owner of the room'])
    return `Only the owner of ${room}, and owners and mods of the bot, make operators.`;
  const theirs = await rankOf(bot, { user, source: 'room' }, room);
  if (rank > theirs || rank === RANKS['owner of the bot']) return undefined;
  switch (theirs) {
    case RANKS['owner of the bot']:
      return `${user} is an owner of the bot: only owners can order that.`;
    case RANKS['mod of the bot']:
      return `${user} is a mod of the bot: only its owners can order that.`;
    default:
      return `${user} is an operator of ${room}: only its owner, and owners and mods of the bot, can order that.`;
  }
}
