import type { RoomInfo } from '../../../api/index.ts';
import { nearestNames } from '../text/nearest-names.ts';
import type { Moderation } from './rooms.ts';

/** What is wrong with a name that staff typed. */
export interface NameProblem {
  /** What is wrong, as a sentence. */
  readonly text: string;
  /** Whom they probably meant. */
  readonly near?: string;
  /** Whether it makes sense to go on with the name as it was typed. */
  readonly mayGoOn: boolean;
}

/** What the name has to be: a member of the room, an operator of it, or just somebody. */
export type NameKind = 'member' | 'operator' | 'anybody';

/** Checks a name before anything is done with it. Names are case-sensitive, so the wrong case is another person. */
export async function nameProblem(
  bot: Moderation,
  info: RoomInfo | undefined,
  room: string,
  user: string,
  kind: NameKind,
): Promise<NameProblem | undefined> {
  if (user === bot.self.user) return { text: 'That is me.', mayGoOn: false };
  const inside = info?.users.map((one) => one.user) ?? [];
  const members =
    info === undefined ? [] : [...info.members, ...(info.owner === undefined ? [] : [info.owner])];
  if (kind === 'anybody') {
    if (inside.includes(user) || members.includes(user)) return undefined;
    const { exists } = await bot.users.facts(user);
    if (exists !== false) return undefined;
    return problem(`There is no account named ${user}`, nearest(bot, user, [...inside, ...members]), false);
  }
  const among = kind === 'member' ? members : (info?.operators ?? []);
  if (among.includes(user)) return undefined;
  const what = kind === 'member' ? 'a member' : 'an operator';
  return problem(`${user} is not ${what} of ${room}`, nearest(bot, user, among), kind === 'member');
}

function problem(text: string, near: string | undefined, mayGoOn: boolean): NameProblem {
  return near === undefined
    ? { text: `${text}.`, mayGoOn }
    : { text: `${text}; did you mean ${near}?`, near, mayGoOn };
}

function nearest(bot: Moderation, user: string, names: readonly string[]): string | undefined {
  return nearestNames(
    user,
    names.filter((name) => name !== bot.self.user),
    1,
  )[0];
}
