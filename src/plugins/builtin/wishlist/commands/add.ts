import type { Wish, WishChange, WishOptions } from '../../../api/index.ts';
import { applied, givenBy, readLine, type Settings } from '../options/read-options.ts';
import { fromNow } from '../telling/words-for-people.ts';
import { addWish, asked, capital, checkedOptions, checkedProblems, checkTargets } from './adding.ts';
import { type Call, type Desk, ownWish, type Part, Refusal, usage, visibleWish } from './call.ts';
import { roundText } from './plan-text.ts';
import { wishLine } from './wish-text.ts';

export const add: Part = {
  name: 'add',
  aliases: ['new'],
  usage: 'QUERY [option=value …]',
  what: 'wishes for something: rare ep -live ext=flac not="radio edit"',
  async run(desk, call) {
    const { wish, warnings } = await addWish(desk, call, readLine(call.rest));
    const plan = await desk.bot.wishlist.plan('1h');
    return [
      `Wish ${wish.id}: ${wishLine(wish, call.caller.mod)}`,
      `${firstTurn(wish, call.at)} ${roundText(plan)}`,
      ...warnings.map(({ message }) => `Note: ${message}.`),
    ];
  },
};

function firstTurn({ state, nextTurn }: Wish, now: number): string {
  if (state === 'paused') return 'It is paused; "wish resume" begins.';
  return nextTurn === undefined
    ? 'It has no turn yet.'
    : `Its first turn comes ${fromNow(Math.max(nextTurn, now), now)}.`;
}

export const edit: Part = {
  name: 'edit',
  aliases: ['change'],
  usage: 'ID [new query] [option=value …]',
  what: 'changes a wish; option= with nothing behind it takes the option away',
  async run(desk, call) {
    const [, id = '', rest = ''] = /^(\S+)\s*(.*)$/su.exec(call.rest) ?? [];
    if (rest === '') throw usage(edit);
    const wish = await ownWish(desk, call, id);
    const { query, given } = readLine(rest);
    const keys = given.map(({ spec }) => spec.key);
    if (keys.includes('paused')) throw new Refusal(`Say "wish pause ${id}" or "wish resume ${id}".`);
    if (keys.includes('id')) throw new Refusal('A wish keeps its number.');
    if (keys.includes('for') && !call.caller.mod) throw new Refusal('for= is for mods.');
    const { query: old, ...options } = wish.options;
    const before: Settings = { ...options, id: undefined };
    const after = applied(before, given, call.at);
    const next = { ...after, query: query === '' ? old : query } as WishOptions;
    if (keys.includes('to') || keys.includes('for')) await checkTargets(desk, call, next);
    const warnings = await checkedProblems(desk, next);
    const changed = await asked(() => desk.bot.wishlist.change(id, changeOf(before, next)));
    return [
      `Wish ${id}: ${wishLine(changed, call.caller.mod)}`,
      ...warnings.map(({ message }) => `Note: ${message}.`),
    ];
  },
};

/** What is different, each as a whole; what is gone is null. */
function changeOf(before: Settings, { query, ...after }: WishOptions): WishChange {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const now = after as Settings;
  const changed = [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
  return { query, ...Object.fromEntries(changed.map((key) => [key, now[key] ?? null])) };
}

export const test: Part = {
  name: 'test',
  aliases: ['check'],
  usage: 'QUERY [option=value …], or ID PATH',
  what: 'says what a wish would be worth, or whether a path passes the filter of one; stores nothing',
  async run(desk, call) {
    const [, id = '', path = ''] = /^(\S+)\s+(.*)$/su.exec(call.rest) ?? [];
    if (/^\d+$/.test(id) || desk.declared.has(id)) return testPath(desk, call, id, path);
    const { options } = await checkedOptions(desk, call, readLine(call.rest));
    const problems = await asked(() => desk.bot.wishlist.check(options));
    const { query, ...settings } = options;
    const reads = givenBy(settings).filter(({ spec }) => spec.key !== 'for');
    return [
      `Searches for: ${query}`,
      ...reads.map(({ spec, parts }) => `${spec.key}: ${spec.what} — ${parts.join(', ')}`),
      ...problems.map(({ message }) => `Note: ${message}.`),
      `${problems.length === 0 ? 'Nothing is wrong with it. ' : ''}${roundText(await desk.bot.wishlist.plan('1h'))}`,
    ];
  },
};

/** A path is taken as it stands, but for quotes around all of it: a shell's words with spaces come so. */
const unquoted = (text: string): string => /^"(.*)"$/su.exec(text)?.[1] ?? text;

async function testPath(desk: Desk, call: Call, id: string, typed: string): Promise<string> {
  const wish = await visibleWish(desk, call, id);
  const path = unquoted(typed.trim()).replaceAll('/', '\\');
  if (path === '') throw usage(test);
  const name = path.slice(path.lastIndexOf('\\') + 1);
  const dot = name.lastIndexOf('.');
  const verdict = await asked(() =>
    desk.bot.wishlist.test(wish.options, {
      user: '',
      verified: true,
      path,
      name,
      folder: path.slice(0, Math.max(0, path.length - name.length - 1)),
      size: 0,
      extension: dot < 0 ? '' : name.slice(dot + 1).toLowerCase(),
      attributes: {},
      slotFree: true,
      speed: 0,
      queueLength: 0,
      locked: false,
      ref: '',
    }),
  );
  if (verdict.passes) return 'It passes, as far as a path alone tells.';
  return `It does not pass ${verdict.filter ?? 'the filter'}: ${capital(verdict.detail ?? 'no reason given')}.`;
}
