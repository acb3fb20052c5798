import { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import type { Case } from '../../src/plugins/api/cases.ts';
import { type Bot, definePlugin } from '../../src/plugins/api/index.ts';
import moderation from '../../src/plugins/builtin/moderation/index.ts';
import type { ServerRequest } from '../../src/protocol/index.ts';
import { type TestBot, testBot } from '../../src/testing/index.ts';
import {
  argument,
  BANNED_WORD,
  crowd,
  fastTypist,
  linkWave,
  lookAlikes,
  loudStaff,
  OWNER,
  PRIVATE,
  PUBLIC,
  REGULARS,
  ROBBED,
  ROGUE,
  repeatWave,
  rogueOperator,
  STAFF,
  smallTalk,
  THROWAWAY,
  troublemakers,
} from './people.ts';
import { type RuleScore, type ScoredCase, scoreRules } from './score.ts';
import { type Scheduled, Story } from './story.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Days, 10 at least. */
  readonly days: number;
  /** The most that rules may do. */
  readonly mode: 'shadow' | 'suggest' | 'live';
}

/** What came out of it. */
export interface SimulationReport {
  readonly options: SimulationOptions;
  readonly acts: number;
  readonly cases: readonly Case[];
  readonly scores: readonly RuleScore[];
  /** Promises that were broken, in words. Empty: none. */
  readonly broken: readonly string[];
  /** Everything that the bot did to somebody, as `room user consequence`. */
  readonly deeds: readonly string[];
}

const BOT = 'warden';
/** Banned long before, whom the rogue operator brings back. */
const OUTCAST = 'outcast';
const TROUBLE = ['flooder', 'shouter', 'painter', 'poet', 'pinger', 'swearer'];
const DEED = /^(warn|warn-room|ignore|remove)/;

/** The rules under judgement, in force. */
const RULES = [
  'flood',
  'repeats',
  'caps',
  'ascii-art',
  'long-lines',
  'mentions',
  'words',
  'links',
  'join-waves',
  'staff-look-alikes',
];

/** Weeks in two rooms: what the rules see, and what comes of it. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const story = tell(options);
  let held: Bot | undefined;
  const probe = definePlugin({
    name: 'probe',
    needs: ['moderate'],
    setup(bot) {
      held = bot;
    },
  });
  const t = await testBot(moderation, {
    id: 'moderation',
    user: BOT,
    seed: options.seed,
    mode: 'inproc',
    also: { probe: { plugin: probe } },
    roles: { owner: [OWNER], mod: STAFF },
    rooms: [
      PUBLIC,
      {
        name: PRIVATE,
        owner: OWNER,
        operators: [BOT, ROGUE],
        members: [...REGULARS, ...TROUBLE, 'speedy', ...STAFF],
      },
    ],
    config: {
      rules: {
        words: { lists: { insults: { words: [BANNED_WORD] } } },
        links: { deny: ['cheap-followers.biz'] },
      },
    },
    moderation: {
      mode: options.mode,
      caps: { removals: 100, warnings: 500 },
      'new-rules': 'shadow',
      rules: Object.fromEntries(RULES.map((rule) => [`moderation/${rule}`, { mode: 'live' }])),
      members: { enforce: 'remove' },
    },
  });
  try {
    const asked: { readonly request: ServerRequest }[] = [];
    t.sandbox.server.on('request', ({ user, request }) => {
      if (user === BOT) asked.push({ request });
    });
    await t.sandbox.run(prepare(held!));
    await play(t, story);
    await t.advance('2d');
    const cases = await t.sandbox.run(allCases(held!));
    const deeds = cases
      .filter(
        ({ state, consequence, actor }) => state === 'done' && actor === 'rule' && DEED.test(consequence),
      )
      .map(({ room, user, consequence }) => `${room} ${user} ${consequence}`);
    return {
      options,
      acts: story.acts.length,
      cases,
      deeds,
      scores: scoreRules(cases.flatMap(scored), story),
      broken: [
        ...brokenPromises(
          story,
          cases,
          asked.map(({ request }) => request),
          options,
        ),
        ...afterTheRogue(cases, t.sandbox.server.world.room(PRIVATE)?.members ?? []),
      ],
    };
  } finally {
    await t.dispose();
  }
}

/** Somebody is kept out of the private room from the beginning. */
async function prepare(bot: Bot): Promise<void> {
  await bot.cases.sanction({
    room: PRIVATE,
    user: OUTCAST,
    consequence: 'remove',
    reason: 'threatened people last year',
    actor: OWNER,
  });
}

function tell({ seed, days }: SimulationOptions): Story {
  const story = new Story(new SeededRandom(seed));
  smallTalk(story, days);
  fastTypist(story, days);
  argument(story, 2);
  repeatWave(story, 3, 8);
  linkWave(story, 4, 8);
  lookAlikes(story, 5);
  troublemakers(story, 6);
  crowd(story, 7, 12);
  loudStaff(story, 7);
  rogueOperator(story, 8, OUTCAST);
  repeatWave(story, 9, 5);
  return story;
}

async function play(t: TestBot, story: Story): Promise<void> {
  const start = t.now;
  for (const act of story.acts) {
    const ahead = start + act.at - t.now;
    if (ahead > 0) await t.sandbox.world.clock.advance(ahead);
    await perform(t, act);
  }
}

/**
 * At once: who acts does not wait for the bot. Whoever is no longer inside says nothing there; whom the server has banned for
 * flooding does nothing at all.
 */
async function perform(t: TestBot, { user, act }: Scheduled): Promise<void> {
  const person = await t.person(user).catch(() => undefined);
  if (person === undefined) return;
  const inside = (room: string) => t.sandbox.server.world.room(room)?.users.includes(user) === true;
  switch (act.do) {
    case 'join':
      person.allowInvitations(true);
      if (user.startsWith(THROWAWAY)) person.send({ type: 'SharedFoldersFiles', dirs: 0, files: 0 });
      if (!inside(act.room)) await t.sandbox.run(person.join(act.room).catch(() => {}));
      return;
    case 'leave':
      person.leave(act.room);
      return;
    case 'say':
      if (inside(act.room)) person.say(act.room, act.text);
      return;
    case 'logout':
      person.logout();
      return;
    case 'remove':
      person.removeMember(act.room, act.user);
      return;
    case 'add':
      person.addMember(act.room, act.user);
  }
}

/** Everything, page by page. */
async function allCases(bot: Bot): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (let id = 1; ; id++) {
    const found = await bot.cases.get(id);
    if (found === undefined) return cases;
    cases.push(found);
  }
}

function scored({ rule, room, user, state, consequence }: Case): readonly ScoredCase[] {
  const name = rule?.split('/')[1];
  if (name === undefined || !RULES.includes(name)) return [];
  return [{ rule: name, room, user, acted: state === 'done' && DEED.test(consequence) }];
}

/** What must never happen, whatever the seed. */
function brokenPromises(
  story: Story,
  cases: readonly Case[],
  requests: readonly ServerRequest[],
  { mode }: SimulationOptions,
): readonly string[] {
  const broken: string[] = [];
  const staff = new Set<string>([OWNER, ROGUE, BOT, ...STAFF]);
  for (const { id, user, room, rule, consequence, state } of cases) {
    if (rule === undefined) continue;
    if (staff.has(user)) broken.push(`case ${id}: ${consequence} against ${user}, who is staff`);
    if (!DEED.test(consequence)) continue;
    if (story.innocent.has(user) && state === 'done')
      broken.push(`case ${id}: ${consequence} against ${user}, who did nothing`);
    if (room === PUBLIC && consequence.startsWith('remove'))
      broken.push(`case ${id}: ${consequence} in a public room`);
    if (state === 'done' && mode !== 'live') broken.push(`case ${id}: done, although nothing is live`);
  }
  for (const request of requests) {
    if (request.type !== 'RemoveRoomMember') continue;
    if (request.room !== PRIVATE)
      broken.push(`the server was asked to remove ${request.username} from ${request.room}`);
    if (staff.has(request.username))
      broken.push(`the server was asked to remove ${request.username}, who is staff`);
    if (mode !== 'live' && request.username !== OUTCAST)
      broken.push(`${request.username} was removed, although nothing is live`);
  }
  return broken;
}

/** What an operator did behind the bot's back is on record, and whom it keeps out is out, whatever the mode of rules. */
function afterTheRogue(cases: readonly Case[], members: readonly string[]): readonly string[] {
  const observed = new Set(cases.filter(({ actor }) => actor === 'unknown operator').map(({ user }) => user));
  const missed = ROBBED.filter((user) => !observed.has(user));
  return [
    ...missed.map((user) => `nobody noted that ${user} was removed`),
    ...(members.includes(OUTCAST) ? [`${OUTCAST} is back`] : []),
  ];
}

/** How far the stories reach. */
export const LEAST_DAYS = 10;
