import { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import type { WishPlan } from '../../src/plugins/api/index.ts';
import { BotLife } from '../../src/testing/bot-life.ts';
import { pluginsOf, type TestBotOptions } from '../../src/testing/options.ts';
import { catalogue } from './catalogue.ts';
import { Probe } from './probe.ts';
import { clock, type Turn } from './record.ts';
import { World } from './world.ts';

const DAY = 86_400_000;
const BOT = 'seekeeper';
const PEOPLE = 5;
/** Milliseconds that each turn may be off, for every turn before it. */
const JITTER_MS = 4000;
/** From the bot to the server. */
const ON_ITS_WAY_MS = 500;

export interface PlanReport {
  readonly summary: string;
  readonly problems: readonly string[];
}

/** Asks for the timetable of wishes that nobody has anything for, at the start and a day later, and looks whether it is kept. */
export async function checkPlan({
  seed,
  wishes: count,
}: {
  readonly seed: number | string;
  readonly wishes: number;
}): Promise<PlanReport> {
  const random = new SeededRandom(`plan ${seed}`);
  const wishes = catalogue(random.fork('catalogue'), count).map(({ wish }) => wish);
  const world = await World.create({
    seed: `plan ${seed}`,
    random: random.fork('people'),
    people: PEOPLE,
    durationMs: 4 * DAY,
    shelves: catalogue(random.fork('other things'), 5),
    wishes,
    bot: BOT,
    onTurn: () => {},
  });
  const probe = new Probe(
    wishes,
    () => world.now(),
    () => world.epoch,
  );
  const options: TestBotOptions = { rooms: [], seed: `plan ${seed}` };
  const life = new BotLife(world.sandbox, BOT, options, pluginsOf(probe.plugin, options));
  await life.start();
  world.begin();
  // Whoever just logged in rests for a moment before the first search.
  await world.sandbox.world.clock.advance(60_000);
  const problems: string[] = [];
  let compared = 0;
  for (const [days, untilDay] of [
    [3, 1],
    [3, 4],
  ] as const) {
    const from = world.now();
    const plan = await world.sandbox.run(probe.bot.wishlist.plan(days * DAY));
    const planned = plan.turns.filter(({ at }) => at - world.epoch < untilDay * DAY - 60_000);
    await world.sandbox.world.clock.advance(untilDay * DAY - world.now());
    // What left the bot before the plan was made may arrive after it.
    const ran = world.ledger.turns.filter(({ at }) => at > from + ON_ITS_WAY_MS);
    compared += Math.min(planned.length, ran.length);
    problems.push(...compare({ ...plan, turns: planned }, ran, world.epoch, from));
  }
  if (probe.tellings.length > 0) problems.push('something was found, and nobody has anything');
  await life.end();
  await world.sandbox.run(world.close());
  return { summary: `plan: ${compared} turns of ${count} wishes compared`, problems };
}

function compare(plan: WishPlan, ran: readonly Turn[], epoch: number, from: number): string[] {
  if (plan.turns.length === 0) return [`the plan of ${clock(from)} is empty`];
  for (const [i, { wish, at }] of plan.turns.entries()) {
    const turn = ran[i];
    const expected = at - epoch;
    const allowed = (i + 1) * JITTER_MS + ON_ITS_WAY_MS;
    const name = `turn ${i + 1} of the plan of ${clock(from)}`;
    if (turn === undefined) return [`${name}, of ${wish}, never came`];
    if (turn.wish !== wish)
      return [
        `${name} is ${wish} at ${clock(expected)}, and ${turn.wish ?? turn.query} came at ${clock(turn.at)}`,
      ];
    if (Math.abs(turn.at - expected) > allowed)
      return [`${name}, of ${wish}, is due at ${clock(expected)} and came at ${clock(turn.at)}`];
  }
  return [];
}
