import { parseDuration, type Wish, type WishState } from '../../../api/index.ts';
import { counted, fromNow, short, utc } from '../telling/words-for-people.ts';
import { asked } from './adding.ts';
import { type Part, Refusal, usage, visibleWish, wordsOfCall } from './call.ts';
import { page } from './pages.ts';
import { etaLines, listHead, roundText, turnLines } from './plan-text.ts';
import { listLine, resultLine, stateText, wishLine } from './wish-text.ts';

const WISH_STATES: readonly WishState[] = ['active', 'paused', 'snoozed', 'done', 'expired', 'refused'];
const RESULTS = 500;
const DAY_MS = 86_400_000;

export const list: Part = {
  name: 'list',
  aliases: ['ls'],
  usage: '[PAGE] [all | USER | STATE | tag=NAME]',
  what: 'your wishes; for mods also those of everybody, or of somebody',
  async run({ bot }, call) {
    const { caller, console, at } = call;
    const words = wordsOfCall(list, call, 0, 2);
    const number = words.find((word) => /^\d{1,6}$/.test(word));
    const what = words.find((word) => word !== number);
    const state = WISH_STATES.find((one) => one === what?.toLowerCase());
    const tag = /^tag=(.+)$/u.exec(what ?? '')?.[1];
    const everybody = console || what === 'all';
    const user =
      state !== undefined || tag !== undefined || everybody || what === undefined ? undefined : what;
    if (!caller.mod && ((everybody && what === 'all') || (user !== undefined && user !== caller.user)))
      throw new Refusal('Only mods see the wishes of others.');
    const whose = user ?? (everybody ? undefined : caller.user);
    const wishes = await bot.wishlist.list({
      ...(whose === undefined ? {} : { user: whose }),
      ...(state === undefined ? {} : { state: [state] }),
      ...(tag === undefined ? {} : { tag }),
    });
    if (wishes.length === 0)
      return what === undefined
        ? 'There are no wishes. "wish add QUERY" makes one.'
        : 'There is none of that kind.';
    const head = [listHead(wishes.length, await bot.wishlist.plan('1h'))];
    const again = `wish list${what === undefined ? '' : ` ${what}`}`;
    return page(
      head,
      inOrder(wishes).map((wish) => listLine(wish, at, whose === undefined)),
      { number, console, again },
    );
  },
};

/** By number; those of the config, which have names, behind them. */
function inOrder(wishes: readonly Wish[]): readonly Wish[] {
  return [...wishes].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

export const show: Part = {
  name: 'show',
  aliases: ['info'],
  usage: 'ID',
  what: 'everything about one wish',
  async run(desk, call) {
    const [id = ''] = wordsOfCall(show, call, 1, 1);
    const wish = await visibleWish(desk, call, id);
    const { at } = call;
    const { createdAt, lastTurn, lastFind, seen, fruitless, problems, options } = wish;
    return [
      `Wish ${id}: ${wishLine(wish, call.caller.mod)}`,
      `${stateText(wish, at)}; ${counted(seen, 'file', 'files')} remembered`,
      [
        `since ${utc(createdAt)}`,
        lastTurn === undefined ? 'no turn yet' : `last turn ${fromNow(lastTurn, at)}`,
        ...(lastFind === undefined ? [] : [`last find ${fromNow(lastFind, at)}`]),
        ...(fruitless > 0 ? [`${counted(fruitless, 'turn', 'turns')} without a find`] : []),
      ].join(', '),
      ...(desk.declared.has(id) ? ['It stands in config.yaml.'] : []),
      ...(options.note === undefined ? [] : [`Note: ${options.note}`]),
      ...problems.map(({ message }) => `Problem: ${message}.`),
    ];
  },
};

export const results: Part = {
  name: 'results',
  aliases: ['finds'],
  usage: 'ID [PAGE]',
  what: 'what a wish has found, the latest first',
  async run(desk, call) {
    const [id = '', number] = wordsOfCall(results, call, 1, 2);
    const wish = await visibleWish(desk, call, id);
    const found = await desk.bot.wishlist.results(id, { limit: RESULTS });
    if (found.length === 0) return `Wish ${id} has found nothing so far: ${stateText(wish, call.at)}.`;
    const head = [
      `Wish ${id} "${short(wish.options.query, 60)}": ${counted(found.length, 'result', 'results')}`,
    ];
    const lines = found.map((result) => resultLine(result, call.at));
    return page(head, lines, { number, console: call.console, again: `wish results ${id}` });
  },
};

const DROPPED = 5;

export const why: Part = {
  name: 'why',
  usage: 'ID',
  what: 'why a wish finds nothing: what was dropped, by filter, with examples',
  async run(desk, call) {
    const [id = ''] = wordsOfCall(why, call, 1, 1);
    await visibleWish(desk, call, id);
    const { summary, arrived, passed, dropped } = await desk.bot.wishlist.why(id);
    const shown = call.console ? dropped : dropped.slice(0, DROPPED);
    return [
      ...summary,
      `${counted(arrived, 'file', 'files')} came in the last turn, ${passed} passed.`,
      ...shown.map(({ filter, count, examples }) => {
        const [first] = examples;
        const example =
          first === undefined ? '' : ` — ${short(first.path, 120)} (${first.user}): ${first.detail}`;
        return `${filter}: ${count} dropped${example}`;
      }),
      ...(dropped.length > shown.length
        ? [`${dropped.length - shown.length} more filters dropped something.`]
        : []),
    ];
  },
};

export const plan: Part = {
  name: 'plan',
  usage: '[DAYS] [PAGE]',
  what: 'when each of your wishes has its turns',
  async run({ bot }, call) {
    const { caller, console, at } = call;
    const [days = '3', number] = wordsOfCall(plan, call, 0, 2);
    const ms = /^\d{1,3}$/.test(days) ? Number(days) * DAY_MS : parseDuration(days);
    if (ms === undefined || ms < 60_000 || ms > 30 * DAY_MS)
      throw usage({ ...plan, usage: 'DAYS, from 1 to 30' });
    const found = await asked(() => bot.wishlist.plan(ms));
    const mine = new Set(
      (await bot.wishlist.list(caller.mod || caller.user === undefined ? {} : { user: caller.user })).map(
        ({ id }) => id,
      ),
    );
    const own = { ...found, turns: found.turns.filter(({ wish }) => mine.has(wish)) };
    const head = [roundText(found), found.assumption];
    const lines = console ? [...etaLines(own, at), '', ...turnLines(own)] : etaLines(own, at);
    if (own.turns.length === 0) return [...head, 'No wish has a turn in that time.'];
    return page(head, lines, { number, console, again: `wish plan ${days}` });
  },
};
