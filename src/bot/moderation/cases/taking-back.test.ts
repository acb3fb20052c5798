import { afterEach, describe, expect, it } from 'vitest';
import { nullLog } from '../../../platform/null-log.ts';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { FaultyBackend } from '../../store/fault-injection.ts';
import { openSqlite } from '../../store/sqlite-backend.ts';
import { LIVE, ModerationBench, START } from '../bench.test-support.ts';

const moderation = { ...LIVE, ladder: { 1: 'note', 5: 'ignore:1d', 9: 'remove' }, merge: '1s' };
const order = { room: 'den', user: 'al', consequence: 'remove', reason: 'enough', actor: 'meg' };

describe('of an old case', () => {
  let bench: ModerationBench;
  afterEach(() => bench.stop());

  async function removedTwice() {
    bench = await ModerationBench.start({ moderation });
    const { cases } = bench.moderation;
    await cases.sanction('p', order);
    bench.unban('den', 'al', 'meg');
    bench.addMember('den', 'al');
    await bench.clock.advance(1_000);
    await cases.sanction('p', order);
    bench.deeds.length = 0;
    return { t: bench, cases };
  }

  it('undoing leaves a newer ban alone', async () => {
    const { t, cases } = await removedTwice();
    expect(await cases.undo('p', 1, 'meg')).toMatchObject({ ok: true });
    expect(t.done).toEqual([]);
    await cases.undo('p', 2, 'meg');
    expect(t.done).toEqual(['unban den al', 'invite den al']);
  });

  it.each(['pardon', 'appeal'])('so does a %s', async (how) => {
    const { t, cases } = await removedTwice();
    if (how === 'pardon') await cases.pardon('p', 1, 'meg');
    else {
      await cases.appeal('p', 1, 'al', 'not me');
      await cases.answerAppeal('p', 1, 'meg', 'grant');
    }
    expect(t.done.filter((deed) => !deed.startsWith('pm'))).toEqual([]);
    expect((await cases.get('p', 1))?.state).toBe('pardoned');
  });

  it('an appeal is not granted when the case could not be pardoned', async () => {
    const { t, cases } = await removedTwice();
    await cases.appeal('p', 2, 'al', 'not me');
    const change = t.store.cases.change.bind(t.store.cases);
    t.store.cases.change = async (id, to, entry, when) =>
      when === undefined ? change(id, to, entry) : false;
    expect(await cases.answerAppeal('p', 2, 'meg', 'grant')).toMatchObject({
      ok: false,
      message: 'case 2 has changed meanwhile; look again',
      case: { appeal: { state: 'open' } },
    });
  });
});

/** Outlives the processes that use it. */
class Kept extends FaultyBackend {
  override async close(): Promise<void> {}
}

type Act = (t: ModerationBench, id: number) => Promise<unknown>;
const ACTS: Readonly<Record<string, Act>> = {
  undo: (t, id) => t.moderation.cases.undo('p', id, 'meg'),
  pardon: (t, id) => t.moderation.cases.pardon('p', id, 'meg'),
  grant: (t, id) => t.moderation.cases.answerAppeal('p', id, 'meg', 'grant'),
};

/** Dies at a write of taking something back; a second life takes it up. @returns whether it died. */
async function dieAt(write: number, when: 'before' | 'after', act: Act): Promise<boolean> {
  const inner = new Kept(openSqlite({ path: ':memory:', log: nullLog }));
  const clock = new VirtualClock({ startAt: START });
  const backend = new FaultyBackend(inner);
  const first = await ModerationBench.start({ moderation, backend, clock });
  await first.say('den', 'al', 'bad 9');
  await first.say('den', 'x', 'bad 5');
  for (const [id, user] of [
    [1, 'al'],
    [2, 'x'],
  ] as const)
    await first.moderation.cases.appeal('p', id, user, 'not me');
  backend.crashAfter(write, when);
  for (const id of [1, 2]) await act(first, id).catch(() => {});
  const died = backend.crashed;
  const before = (t: ModerationBench) => {
    for (const [key, of] of first.bans) t.bans.set(key, of);
    t.loseMemberQuietly('den', 'al');
  };
  const second = await ModerationBench.start({
    moderation,
    backend: await backend.revive(),
    clock,
    before,
  });
  const [ignored, removed] = await second.store.cases.list();
  const over = (state: string | undefined) => state === 'undone' || state === 'pardoned';
  // Whatever is written down as taken back is so, and what is granted is pardoned.
  expect(over(removed?.state)).toBe(!second.bans.has('den al'));
  const hears = second.moderation.attending(
    () => 'ping',
    async () => 'ran',
  );
  const said = await hears({ id: 'm', text: '!ping', at: 0, replayed: false, redelivered: false, user: 'x' });
  expect(over(ignored?.state)).toBe(said === 'ran');
  for (const of of [ignored, removed]) if (of?.appeal?.state === 'granted') expect(of.state).toBe('pardoned');
  expect(await second.store.cases.toTakeBack()).toEqual([]);
  await second.stop();
  return died;
}

describe.each(Object.keys(ACTS))('killed at any write of %s', (name) => {
  it.each(['before', 'after'] as const)(
    '%s it: what is written down is so, after a restart',
    async (when) => {
      let write = 1;
      while (await dieAt(write, when, ACTS[name]!)) write += 1;
      expect(write).toBeGreaterThan(3);
    },
  );
});

it('a number is never given twice, though every case is forgotten', async () => {
  const inner = new Kept(openSqlite({ path: ':memory:', log: nullLog }));
  const clock = new VirtualClock({ startAt: START });
  const first = await ModerationBench.start({ moderation, backend: new FaultyBackend(inner), clock });
  for (const user of ['al', 'bob']) await first.say('den', user, 'bad 1');
  await clock.advance(400 * 86_400_000);
  while ((await first.store.cases.prune(100)) > 0);
  expect(await first.store.cases.list()).toEqual([]);
  await first.stop();
  const second = await ModerationBench.start({ moderation, backend: new FaultyBackend(inner), clock });
  await second.say('den', 'tom', 'bad 1');
  expect((await second.store.cases.list())[0]?.id).toBe(3);
  await second.stop();
});

it('what staff approved counts from then on for the caps, after a restart too', async () => {
  const inner = new Kept(openSqlite({ path: ':memory:', log: nullLog }));
  const clock = new VirtualClock({ startAt: START });
  const asking = { ...moderation, mode: 'suggest', suggest: '1d', caps: { removals: 1 } };
  const first = await ModerationBench.start({ moderation: asking, backend: new FaultyBackend(inner), clock });
  await first.say('den', 'al', 'bad 9');
  await clock.advance(2 * 3_600_000);
  await first.moderation.cases.decide('p', 1, 'meg', 'yes');
  await first.stop();
  const config = { ...moderation, caps: { removals: 1 } };
  const second = await ModerationBench.start({
    moderation: config,
    backend: new FaultyBackend(inner),
    clock,
  });
  await second.say('den', 'bob', 'bad 9');
  expect((await second.store.cases.list())[0]?.state).toBe('suggested');
  await second.stop();
});

it('that somebody was removed by others is noted while no rule is loaded', async () => {
  const t = await ModerationBench.start({ moderation, rules: {} });
  t.loseMember('den', 'al');
  await t.idle();
  expect(await t.store.cases.get(1)).toMatchObject({ actor: 'unknown operator', user: 'al' });
  await t.stop();
});
