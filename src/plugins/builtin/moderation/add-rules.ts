import type { Bot, RuleContext, RuleJoin, RuleLine, Verdict } from '../../api/index.ts';
import type { Config } from './config.ts';
import { codeOf, messageOf } from './error-code.ts';
import { judgeAddress } from './rules/addresses.ts';
import { asciiArt } from './rules/ascii-art.ts';
import { caps } from './rules/caps.ts';
import { countries } from './rules/countries.ts';
import { flood } from './rules/flood.ts';
import { joinWaves } from './rules/join-waves.ts';
import { links } from './rules/links.ts';
import { longLines } from './rules/long-lines.ts';
import { mentions } from './rules/mentions.ts';
import { names } from './rules/names.ts';
import { newcomers } from './rules/newcomers.ts';
import { patterns } from './rules/patterns.ts';
import { repeats } from './rules/repeats.ts';
import type { CommonSettings, JoinRule, LineRule, Window } from './rules/rule.ts';
import { type SharesSettings, shares, tooLittle } from './rules/shares.ts';
import { staffLookAlikes } from './rules/staff-look-alikes.ts';
import { words } from './rules/words.ts';

type Moderation = Bot<Config>;
type Pick<S> = (config: Config) => S | undefined;
type Judge<S, What> = (
  what: What,
  context: RuleContext,
  settings: S,
) => Verdict | undefined | Promise<Verdict | undefined>;

/** Adds the rules that are on, in any room. */
export function addRules(bot: Moderation): void {
  const line = <S extends CommonSettings>(rule: LineRule<S>, pick: Pick<S>) =>
    addRule(bot, rule, pick, (what: RuleLine, context, settings) => rule.judge(what, context, settings));
  const join = <S extends CommonSettings>(
    rule: Omit<JoinRule<S>, 'judge'> & { patience?: '60s' },
    pick: Pick<S>,
    judge: Judge<S, RuleJoin>,
  ) => addRule(bot, rule, pick, judge);

  line(flood, ({ rules }) => rules.flood);
  line(repeats, ({ rules }) => rules.repeats);
  line(caps, ({ rules }) => rules.caps);
  line(asciiArt, ({ rules }) => rules.asciiArt);
  line(longLines, ({ rules }) => rules.longLines);
  line(words, ({ rules }) => rules.words);
  line(patterns, ({ rules }) => rules.patterns);
  line(links, ({ rules }) => rules.links);
  line(mentions, ({ rules }) => rules.mentions);
  line(newcomers, ({ rules }) => rules.newcomers);
  join(names, ({ rules }) => rules.names, names.judge);
  join(staffLookAlikes, ({ rules }) => rules.staffLookAlikes, staffLookAlikes.judge);
  join(joinWaves, ({ rules }) => rules.joinWaves, joinWaves.judge);
  join(countries, ({ rules }) => rules.countries, countries.judge);
  join({ ...shares, patience: '60s' }, ({ rules }) => rules.shares, judgeShares(bot));
  join(
    {
      id: 'addresses',
      on: 'join',
      summary: 'Comes from an address that is not admitted',
      version: '1',
      patience: '60s',
    },
    ({ rules }) => rules.addresses,
    judgeAddresses(bot),
  );
}

function addRule<S extends CommonSettings, What extends RuleLine | RuleJoin>(
  bot: Moderation,
  rule: {
    id: string;
    on: What['kind'];
    summary: string;
    version: string;
    window?: (settings: S) => Window;
    /** What asks the network takes as long as the network. */
    patience?: '60s';
  },
  pick: Pick<S>,
  judge: Judge<S, What>,
): void {
  const usual = pick(bot.config);
  const isOn = (settings: S | undefined) => settings?.enabled === true;
  const inside = bot.configuredRooms.filter((room) => isOn(pick(bot.configIn(room))));
  if (!isOn(usual) && inside.length === 0) return;
  const all = [usual, ...inside.map((room) => pick(bot.configIn(room)))].filter(
    (one): one is S => one?.enabled === true,
  );
  const window = rule.window && widest(all.map((settings) => rule.window!(settings)));
  bot.rule({
    id: rule.id,
    summary: rule.summary,
    version: rule.version,
    on: rule.on,
    ...(window !== undefined && {
      window: { within: window.withinMs, lines: window.lines, sameUser: window.sameUser },
    }),
    exempt: usual?.exempt ?? [],
    ...(rule.patience !== undefined && { patience: rule.patience }),
    ...(isOn(usual) ? {} : { rooms: inside }),
    check(what: What, context: RuleContext) {
      const settings = pick(bot.configIn(what.room.name));
      if (settings?.enabled !== true || settings.exemptUsers.includes(what.user)) return undefined;
      return judge(what, context, settings);
    },
  } as Parameters<Moderation['rule']>[0]);
}

function widest(windows: readonly Window[]): Window {
  return {
    withinMs: Math.max(...windows.map(({ withinMs }) => withinMs)),
    lines: Math.max(...windows.map(({ lines }) => lines)),
    sameUser: windows.every(({ sameUser }) => sameUser),
  };
}

/** The numbers of the server first; only who is below is asked, and gets the benefit of the doubt. */
function judgeShares(bot: Moderation): Judge<SharesSettings, RuleJoin> {
  return async (join, context, settings) => {
    const verdict = shares.judge(join, context, settings);
    if (verdict === undefined || !settings.verify) return verdict;
    try {
      return tooLittle(await bot.users.shares(join.user), settings);
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      await bot.why({
        what: 'judge',
        reason: `whether they share enough is not known: their list could not be read (${messageOf(error)})`,
        user: join.user,
        room: join.room.name,
        about: join.id,
      });
      return undefined;
    }
  };
}

/** Where the address may not be known, the rule says so once and is silent. */
function judgeAddresses(bot: Moderation): Judge<NonNullable<Config['rules']['addresses']>, RuleJoin> {
  let refused = false;
  return async ({ user }, _, settings) => {
    if (refused) return undefined;
    try {
      const address = await bot.users.address(user);
      return address === undefined ? undefined : judgeAddress(address, settings);
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      refused = codeOf(error) === 'need-missing';
      if (refused) bot.log.warn('The rule addresses is off: user.address is not granted to this plugin');
      return undefined;
    }
  };
}
