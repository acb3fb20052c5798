import type { Args, Bot, CommandContext, RoomInfo, RoomPower } from '../../../api/index.ts';
import type { Config } from '../config.ts';
import { codeOf, messageOf } from '../error-code.ts';
import { nearestNames } from '../text/nearest-names.ts';

export type Moderation = Bot<Config>;

/** What a command knows of its call. */
export type Call = Pick<CommandContext<Args>, 'user' | 'room' | 'source' | 'at'>;

/** Who asks, and from where: somebody may be called like the console. */
export type Who = Pick<Call, 'user' | 'source'>;

/** Something that is to be said instead of being done. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Runs a command; what it refuses is its answer, and so is what the bot refuses. */
export async function answered<T>(run: () => Promise<T>, refused?: () => void): Promise<T | string> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Refusal) {
      refused?.();
      return error.message;
    }
    if (SAYABLE.has(codeOf(error) ?? '')) return sentence(messageOf(error));
    throw error;
  }
}

/** Codes whose messages are for people. */
const SAYABLE = new Set(['invalid', 'not-found', 'conflict', 'too-many', 'failed', 'quota']);

/** Words with which sentences of the bot begin; any other first word may be a name, which keeps its case. */
const FIRST_WORD = /^(?:appeal|case|moderation|no|nothing|snapshot|that|there|this|you|your)\b/;

/** With a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim().replace(FIRST_WORD, (word) => word[0]!.toUpperCase() + word.slice(1));
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** The names of the rooms that the bot has to do with. */
export async function roomNames(bot: Moderation): Promise<readonly string[]> {
  return (await bot.rooms.list()).map(({ name }) => name);
}

/** The room that a command is about because it was said there; what staff say in their own room is about the others. */
export function roomOf(bot: Moderation, { room }: Call): string | undefined {
  return room?.name === bot.config.staff?.room ? undefined : room?.name;
}

/**
 * Where something is to be done, and what else was typed. In a room it is that room; in private, in the room of staff and at the console the room
 * comes first, in quotes when it has spaces; when there is only one, it need not be named.
 */
export async function placeOf(
  bot: Moderation,
  call: Call,
  rest = '',
): Promise<{ readonly room: string; readonly rest: string }> {
  const here = roomOf(bot, call);
  if (here !== undefined) return { room: here, rest: rest.trim() };
  const all = await roomNames(bot);
  const [word, left] = firstWord(rest);
  const exact = all.find((name) => name === word);
  const names = all.filter((name) => name !== bot.config.staff?.room);
  if (exact !== undefined) return { room: exact, rest: left };
  if (names.length === 1 && names[0] !== undefined) return { room: names[0], rest: rest.trim() };
  if (names.length === 0) throw new Refusal('I am in no room.');
  const [near] = nearestNames(word, names, 1);
  if (word !== '' && near !== undefined)
    throw new Refusal(`I know no room ${shownName(word)}; did you mean ${shownName(near)}?`);
  const where = call.source === 'private' ? 'In private' : 'Here';
  throw new Refusal(`Which room? ${where} it comes behind the name: ${names.map(shownName).join(', ')}.`);
}

/** The first word of a text, or what stands in quotes there, and the rest. */
export function firstWord(text: string): readonly [string, string] {
  const quoted = /^\s*["“”„]([^"“”„]*)["“”„]\s*/u.exec(text);
  if (quoted !== null) return [quoted[1]!, text.slice(quoted[0].length).trim()];
  const plain = /^\s*(\S*)\s*/u.exec(text)!;
  return [plain[1]!, text.slice(plain[0].length).trim()];
}

/** A name as it has to be typed. */
export const shownName = (name: string): string => (/\s/u.test(name) ? `"${name}"` : name);

/** Everything about a room, when the bot knows any of it. */
export async function infoOf(bot: Moderation, room: string): Promise<RoomInfo | undefined> {
  return bot.rooms.info(room);
}

/** What the bot could do in a room. */
export async function powerOf(bot: Moderation, room: string): Promise<RoomPower | undefined> {
  return (await bot.cases.power(room)).find((one) => one.room === room);
}

/** Whether somebody may moderate a room: owners and mods of the bot everywhere, those of a private room there. */
export async function mayModerate(bot: Moderation, who: Who, room: string): Promise<boolean> {
  const rank = await rankOf(bot, who, room);
  return rank >= RANKS['mod of the bot'] || (bot.config.operators && rank > RANKS.nobody);
}

/** What somebody is in a room, from little power to much. */
export const RANKS = {
  nobody: 0,
  operator: 1,
  'owner of the room': 2,
  'mod of the bot': 3,
  'owner of the bot': 4,
} as const;

export type Rank = (typeof RANKS)[keyof typeof RANKS];

/** What somebody is in every room. */
export async function rankEverywhere(bot: Moderation, { user, source }: Who): Promise<Rank> {
  if (source === 'cli') return RANKS['owner of the bot'];
  const { roles } = await bot.users.facts(user);
  if (roles.includes('owner')) return RANKS['owner of the bot'];
  return roles.includes('mod') ? RANKS['mod of the bot'] : RANKS.nobody;
}

export async function rankOf(bot: Moderation, who: Who, room: string): Promise<Rank> {
  const everywhere = await rankEverywhere(bot, who);
  if (everywhere !== RANKS.nobody) return everywhere;
  const { user } = who;
  const info = await bot.rooms.info(room);
  if (info?.private !== true) return RANKS.nobody;
  if (info.owner === user) return RANKS['owner of the room'];
  return info.operators.includes(user) ? RANKS.operator : RANKS.nobody;
}
