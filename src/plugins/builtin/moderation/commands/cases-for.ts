import type { Case, CaseQuery } from '../../../api/index.ts';
import { type Moderation, mayModerate, RANKS, rankEverywhere, roomNames, type Who } from './rooms.ts';

/**
 * Cases that somebody may see, the latest first. Whoever moderates some rooms only is asked for room by room: the cases of a
 * quiet room are not lost behind those of a busy one.
 * @param here a room to which it is confined
 */
export async function casesFor(
  bot: Moderation,
  who: Who,
  here: string | undefined,
  query: Omit<CaseQuery, 'room'> & { readonly limit: number },
): Promise<readonly Case[]> {
  if (here === undefined && (await rankEverywhere(bot, who)) >= RANKS['mod of the bot'])
    return bot.cases.list(query);
  const found: Case[] = [];
  for (const room of here === undefined ? await roomNames(bot) : [here])
    if (await mayModerate(bot, who, room)) found.push(...(await bot.cases.list({ ...query, room })));
  return found.sort((a, b) => b.id - a.id).slice(0, query.limit);
}
