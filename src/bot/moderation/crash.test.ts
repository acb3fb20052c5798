import { describe, expect, it } from 'vitest';
import { nullLog } from '../../platform/null-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { FaultyBackend } from '../store/fault-injection.ts';
import { openSqlite } from '../store/sqlite-backend.ts';
import { bad, LIVE, ModerationBench, START } from './bench.test-support.ts';

/** Outlives the processes that use it. */
class Kept extends FaultyBackend {
  override async close(): Promise<void> {}
}

const MODERATION = {
  ...LIVE,
  ladder: { 1: 'warn', 3: 'police/jail', 5: 'ignore:1d', 6: 'remove:1h', 9: 'remove' },
  merge: '1s',
};

/** Deeds of all processes. */
interface World {
  readonly done: string[];
  readonly outside: Set<string>;
}

function live(backend: FaultyBackend, clock: VirtualClock, world: World): Promise<ModerationBench> {
  const before = (t: ModerationBench) => {
    t.moderation.actions.add('police', { id: 'jail', summary: 'x' }, async (act, { user }) => {
      world.done.push(`${act} ${user}`);
      return { how: 'done' };
    });
    for (const gone of world.outside) t.loseMemberQuietly('den', gone);
    t.removal = async (room, user) => {
      world.outside.add(user);
      t.loseMember(room, user);
      return { state: 'confirmed' };
    };
  };
  return ModerationBench.start({ moderation: MODERATION, rules: { bad }, backend, clock, before });
}

/** Dies at a write of the first life; a second one takes up what was left. @returns whether it died. */
async function dieAt(write: number, when: 'before' | 'after'): Promise<boolean> {
  const inner = new Kept(openSqlite({ path: ':memory:', log: nullLog }));
  const clock = new VirtualClock({ startAt: START });
  const world: World = { done: [], outside: new Set() };
  const first = new FaultyBackend(inner);
  const t = await live(first, clock, world);
  first.crashAfter(write, when);
  for (const [user, points] of [
    ['al', 6],
    ['bob', 1],
    ['tom', 9],
    ['meg2', 5],
    ['x', 3],
  ] as const) {
    await t.line('den', user, `bad ${points}`).catch(() => {});
    await clock.advance(10);
  }
  await clock.advance(1_000);
  const died = first.crashed;
  world.done.push(...t.done);
  const revived = await first.revive();
  const second = await live(revived, clock, world);
  await clock.advance(700_000);
  await second.idle();
  world.done.push(...second.done);
  const cases = await second.store.cases.list();
  // Nothing stays half done, and what was written down is done, once.
  expect(
    cases.filter(({ state }) => state !== 'done').map(({ id, state, log }) => ({ id, state, log })),
  ).toEqual([]);
  for (const { user, consequence } of cases) {
    const removals = world.done.filter((deed) => /^(ban|removeFor)/.test(deed) && deed.endsWith(` ${user}`));
    if (consequence.startsWith('remove')) {
      expect(world.outside.has(user)).toBe(true);
      expect(removals).toHaveLength(1);
    } else expect(removals).toEqual([]);
  }
  // Who has no case has heard nothing and is still there.
  for (const user of ['al', 'bob', 'tom', 'meg2', 'x'])
    if (!cases.some((of) => of.user === user)) expect(world.done.join()).not.toContain(` ${user}`);
  await second.stop();
  return died;
}

describe('killed at any write in the middle of what cases lead to', () => {
  it.each(['before', 'after'] as const)('%s it: each case is done once, after a restart', async (when) => {
    let write = 1;
    while (await dieAt(write, when)) write += 1;
    expect(write).toBeGreaterThan(15);
  });
});

it('a restart forgets neither who is ignored, nor what staff were asked, nor a halt', async () => {
  const inner = new Kept(openSqlite({ path: ':memory:', log: nullLog }));
  const clock = new VirtualClock({ startAt: START });
  const moderation = { ...MODERATION, caps: { removals: 1 }, suggest: '1h' };
  const first = await ModerationBench.start({ moderation, backend: new FaultyBackend(inner), clock });
  await first.say('den', 'al', 'bad 5');
  await first.say('den', 'bob', 'bad 9');
  await first.say('den', 'tom', 'bad 9');
  expect((await first.store.cases.get(3))?.state).toBe('suggested');
  await first.moderation.cases.halt('p', 'meg', 'enough');
  await first.stop();
  const second = await ModerationBench.start({ moderation, backend: new FaultyBackend(inner), clock });
  const handle = second.moderation.attending(
    () => 'ping',
    async () => 'ran',
  );
  const line = { id: 'm', text: '!ping', at: 0, replayed: false, redelivered: false };
  expect(await handle({ ...line, user: 'al' })).toBe('ignored');
  expect(second.notices.map(({ key }) => key)).toEqual(['moderation suggest-3']);
  expect(await second.moderation.cases.halted('p')).toMatchObject({ actor: 'meg' });
  expect(await second.moderation.cases.decide('p', 3, 'meg', 'yes')).toMatchObject({
    ok: false,
    message: 'moderation is halted (enough); resume it first',
  });
  await second.moderation.cases.resume('p', 'meg');
  // The cap of the hour counts what the first life did.
  await second.say('den', 'x', 'bad 9');
  expect((await second.store.cases.get(4))?.state).toBe('suggested');
  await clock.advance(3_600_001);
  await second.idle();
  expect((await second.store.cases.list()).map(({ state }) => state)).toEqual([
    'lapsed',
    'lapsed',
    'done',
    'done',
  ]);
  await second.stop();
});
