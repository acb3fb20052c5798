import type { Bot, Wish } from '../../../api/index.ts';
import type { WishlistConfig } from '../config.ts';
import type { Downloads } from '../slskd/downloads.ts';

/** Why something is not done, for whoever asked. */
export class Refusal extends Error {}

/** What a quota is for. */
export type Standing = 'owner' | 'mod' | 'trusted' | 'everyone';

/** Who calls. */
export interface Caller {
  /** Undefined at the console: nobody in person. */
  readonly user: string | undefined;
  readonly standing: Standing;
  /** Sees and changes the wishes of everybody. */
  readonly mod: boolean;
}

/** What every part of the command works with. */
export interface Desk {
  readonly bot: Bot<WishlistConfig>;
  /** Ids of wishes that stand in the config. */
  readonly declared: ReadonlySet<string>;
  /** Undefined: slskd is not used. */
  readonly downloads: Downloads | undefined;
  /** One after the other for the same person, so that a quota holds. */
  readonly inTurn: <T>(user: string, work: () => Promise<T>) => Promise<T>;
}

/** One call of a part of the command. */
export interface Call {
  readonly caller: Caller;
  /** What stands behind the part's name. */
  readonly rest: string;
  /** Now, milliseconds since the epoch. */
  readonly at: number;
  readonly console: boolean;
  /** A file that was handed over. */
  readonly input: string | undefined;
}

/** A part of the command: `wish add`, `wish list`. */
export interface Part {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What stands behind the name. */
  readonly usage: string;
  readonly what: string;
  readonly modsOnly?: true;
  /** @throws Refusal (as rejection) with what to answer instead. */
  run(desk: Desk, call: Call): Promise<string | readonly string[]>;
}

/** A wish that this person may see. @throws Refusal (as rejection) */
export async function visibleWish({ bot }: Desk, { caller }: Call, id: string): Promise<Wish> {
  const wish = await bot.wishlist.get(id);
  // To others it must look like one that there is not.
  if (wish === undefined || !(caller.mod || wish.options.user === caller.user))
    throw new Refusal(`There is no wish "${id}"; "wish list" shows them.`);
  return wish;
}

/** The same, for changing it. @throws Refusal (as rejection) */
export async function ownWish(desk: Desk, call: Call, id: string): Promise<Wish> {
  const wish = await visibleWish(desk, call, id);
  if (desk.declared.has(id)) throw new Refusal(`Wish ${id} stands in config.yaml: change it there.`);
  return wish;
}

/** The words of `rest`. @throws Refusal that shows the usage when there are fewer than `least` or more than `most`. */
export function wordsOfCall(part: Part, { rest }: Call, least: number, most: number): readonly string[] {
  const words = rest.split(/\s+/u).filter((word) => word !== '');
  if (words.length < least || words.length > most) throw usage(part);
  return words;
}

export function usage({ name, usage: behind }: Pick<Part, 'name' | 'usage'>): Refusal {
  return new Refusal(`Usage: wish ${name}${behind === '' ? '' : ` ${behind}`}`);
}
