import type { Wish, WishOptions, WishProblem, WishState } from '../../../api/index.ts';
import { dataOf } from '../declared.ts';
import { queryFold } from '../options/query.ts';
import { applied, type Given, type Settings } from '../options/read-options.ts';
import { isPluginError } from '../plugin-error.ts';
import { checkTarget, TargetError, targetOf } from '../telling/targets.ts';
import { counted, short } from '../telling/words-for-people.ts';
import { type Call, type Desk, Refusal, type Standing } from './call.ts';
import { isHopeless } from './wish-text.ts';

/** A wish before it is one. */
export interface Request {
  readonly query: string;
  readonly given: readonly Given[];
}

/** What came of it. */
export interface Added {
  readonly wish: Wish;
  /** What is doubtful about it. */
  readonly warnings: readonly WishProblem[];
}

/** States of wishes that take no turns any more. They count: one that goes on again must not be beyond the quota. */
const OVER: readonly WishState[] = ['done', 'expired', 'refused'];

/** Checks and adds a wish. @throws Refusal (as rejection) with what is wrong */
export async function addWish(desk: Desk, call: Call, request: Request): Promise<Added> {
  const { paused, options } = await checkedOptions(desk, call, request);
  const { user } = options;
  return desk.inTurn(user ?? '', async () => {
    await checkPlace(
      desk,
      call,
      options,
      (await desk.bot.wishlist.list(user === undefined ? {} : { user })).map(placeOf),
    );
    const warnings = await checkedProblems(desk, options);
    const wish = await asked(async () => desk.bot.wishlist.add({ ...options, id: await nextId(desk) }));
    return { wish: paused ? await desk.bot.wishlist.pause(wish.id) : wish, warnings };
  });
}

/** A number that no wish ever had: who remembers one must not meet another under it. */
async function nextId({ bot }: Desk): Promise<string> {
  for (;;) {
    const id = String(await bot.store.update<number>('last-id', (last = 0) => last + 1));
    if ((await bot.wishlist.get(id)) === undefined) return id;
  }
}

/** What would be added. @throws Refusal (as rejection) */
export async function checkedOptions(
  desk: Desk,
  call: Call,
  { query, given }: Request,
): Promise<{ readonly options: WishOptions; readonly paused: boolean }> {
  if (query === '') throw new Refusal('What is to be searched for? wish add QUERY [options]');
  const { paused, id, ...settings } = applied({}, given, call.at);
  if (id !== undefined) throw new Refusal('id= is for wishes in config.yaml; here they get a number.');
  const options = { ...owned(call, settings), query } as WishOptions;
  await checkTargets(desk, call, options);
  return { options, paused: paused === true };
}

/** Puts the name of whoever wishes in. @throws Refusal */
function owned({ caller }: Call, settings: Settings): Settings {
  const { user } = settings;
  if (user !== undefined && user !== caller.user && !caller.mod)
    throw new Refusal('for= is for mods: you can wish for yourself.');
  const wisher = user ?? caller.user;
  return wisher === undefined ? settings : { ...settings, user: wisher };
}

/** @throws Refusal (as rejection) for somebody or something that may not be told. */
export async function checkTargets(
  { bot }: Desk,
  { caller }: Call,
  options: Pick<WishOptions, 'user' | 'data'>,
): Promise<void> {
  const { to } = dataOf(options);
  const { channels, announce } = bot.config;
  const wisher = options.user;
  if (to === undefined && wisher === undefined && bot.config.to.length === 0)
    throw new Refusal('Who is to be told? Say for=USER, or to=pm:USER, or to=CHANNEL.');
  const known = (await bot.notify.channels()).map(({ name }) => name);
  for (const target of to ?? []) {
    try {
      checkTarget(targetOf(target), { mod: caller.mod, wisher, channels, rooms: announce, known });
    } catch (error) {
      if (error instanceof TargetError) throw new Refusal(sentence(error.message));
      throw error;
    }
  }
}

/** A wish that takes a place: one that there is, or one that is to come. */
export interface Place {
  /** `wish 3`, `line 7`. */
  readonly name: string;
  readonly options: WishOptions;
  readonly over: boolean;
}

export const placeOf = ({ id, options, state }: Wish): Place => ({
  name: `wish ${id}`,
  options,
  over: OVER.includes(state),
});

/** @throws Refusal (as rejection) for what is there already, and above the quota. */
export async function checkPlace(
  { bot }: Desk,
  { caller }: Call,
  options: WishOptions,
  taken: readonly Place[],
): Promise<void> {
  const { user } = options;
  const mine = taken.filter((place) => place.options.user === user);
  const twin = mine.find((place) => sameWish(place.options, options));
  if (twin !== undefined) throw new Refusal(`That is ${twin.name} already.`);
  if (user === undefined) return;
  const standing = user === caller.user ? caller.standing : await standingOf({ bot }, user);
  const quota = bot.config.quota[standing];
  if (mine.length < quota) return;
  const whose = user === caller.user ? 'You have' : `${user} has`;
  const over = mine.filter((place) => place.over).map(({ name }) => name.replace(/^wish /u, ''));
  const which = over.length === 0 ? 'one' : `one that is over (${short(over.join(', '), 60)})`;
  throw new Refusal(
    `${whose} ${counted(mine.length, 'wish', 'wishes')}, and ${quota} is the most. Remove ${which} first.`,
  );
}

/** What somebody is, by the config. */
export async function standingOf({ bot }: Pick<Desk, 'bot'>, user: string): Promise<Standing> {
  const { roles } = await bot.users.facts(user);
  return (['owner', 'mod', 'trusted'] as const).find((role) => roles.includes(role)) ?? 'everyone';
}

/** The same query, whom it asks and what it wants included; how often and who is told do not matter. */
function sameWish(a: WishOptions, b: WishOptions): boolean {
  const essence = ({ query, scope = 'network', filter = {}, profile }: WishOptions) =>
    JSON.stringify([queryFold(query), scope, sorted(filter), profile]);
  return essence(a) === essence(b);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value)
    .map(([key, inner]) => [key, sorted(inner)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** @returns what is doubtful. @throws Refusal (as rejection) for what can never match. */
export async function checkedProblems({ bot }: Desk, options: WishOptions): Promise<readonly WishProblem[]> {
  const problems = await asked(() => bot.wishlist.check(options));
  const hopeless = problems.filter(isHopeless);
  if (hopeless.length > 0) throw new Refusal(hopeless.map(({ message }) => sentence(message)).join(' '));
  return problems;
}

/** What the engine refuses in words for people; everything else is a fault of ours. */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isPluginError(error, 'invalid', 'bad-pattern', 'too-many', 'conflict', 'not-found')) throw error;
    // What the engine calls an option is not what people type.
    const said = error.message
      .replace(/^bot\.wishlist[^:]*: /u, '')
      .replace(/^atMost\b/u, 'at-most=')
      .replace(/\bevery$/u, 'every=');
    throw new Refusal(sentence(said));
  }
}

/** With a capital letter, unless it begins with an option, and without a full stop. */
export function capital(text: string): string {
  const first = /^[a-z-]+=/u.test(text) ? text.slice(0, 1) : text.slice(0, 1).toUpperCase();
  return `${first}${text.slice(1).replace(/\.+$/u, '')}`;
}

/** As a sentence of its own. */
export function sentence(text: string): string {
  return `${capital(text)}${text.endsWith('?') ? '' : '.'}`;
}
