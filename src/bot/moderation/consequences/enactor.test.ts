import { afterEach, describe, expect, it } from 'vitest';
import type { Sanction } from '../../../plugins/api/cases.ts';
import type { RoomOutcome } from '../../../plugins/api/rooms.ts';
import { type BenchOptions, LIVE, ModerationBench, ROOMS } from '../bench.test-support.ts';

const HOUR_MS = 3_600_000;
const UNKNOWN: RoomOutcome = { state: 'unknown', reason: 'the server does not answer' };
const moderation = {
  ...LIVE,
  ladder: { 2: 'warn', 3: 'warn-room', 5: 'ignore:1h', 6: 'remove:1h', 7: 'police/jail', 9: 'remove' },
  merge: '1s',
};

let bench: ModerationBench;

async function start(options: BenchOptions = {}): Promise<ModerationBench> {
  bench = await ModerationBench.start({ moderation, ...options });
  return bench;
}

afterEach(() => bench.stop());

const order = (more: Partial<Sanction> = {}): Sanction => ({
  room: 'den',
  user: 'al',
  consequence: 'remove',
  reason: 'enough',
  actor: 'meg',
  ...more,
});

/** How often the case is read while nothing happens. */
async function readsOf(t: ModerationBench, ms: number): Promise<number> {
  let reads = 0;
  const get = t.store.cases.get.bind(t.store.cases);
  t.store.cases.get = (id) => {
    reads += 1;
    // A loop without end must fail the test, not hang it.
    return reads > 50 ? new Promise(() => {}) : get(id);
  };
  await t.clock.advance(ms);
  t.store.cases.get = get;
  return reads;
}

describe('what waits to be tried again', () => {
  it('is left alone once it is taken back', async () => {
    const t = await start();
    t.removal = async () => UNKNOWN;
    await t.say('den', 'al', 'bad 9');
    await t.moderation.cases.undo('p', 1, 'meg');
    expect(await readsOf(t, HOUR_MS)).toBeLessThan(3);
  });

  it('is left alone while rules are halted, and taken up when they go on', async () => {
    const t = await start();
    t.removal = async () => UNKNOWN;
    await t.say('den', 'al', 'bad 9');
    await t.moderation.cases.halt('p', 'meg', 'wild');
    expect(await readsOf(t, 20 * 60_000)).toBeLessThan(3);
    expect(t.done.filter((deed) => deed.startsWith('ban'))).toHaveLength(1);
    t.removal = async (room, user) => {
      t.loseMember(room, user);
      return { state: 'confirmed' };
    };
    await t.moderation.cases.resume('p', 'meg');
    expect((await t.store.cases.get(1))?.state).toBe('done');
  });

  it('has failed when it fails again and again', async () => {
    const t = await start();
    t.moderation.actions.add('police', { id: 'jail', summary: 'x' }, async () => ({ how: 'done' }));
    t.removal = () => Promise.reject(new Error('no such table'));
    await t.say('den', 'al', 'bad 9');
    expect(await t.store.cases.get(1)).toMatchObject({ state: 'acting' });
    await t.clock.advance(9 * HOUR_MS);
    await t.idle();
    const of = await t.store.cases.get(1);
    expect([of?.state, of?.log.at(-1)?.detail]).toEqual(['failed', 'no such table']);
  });

  it('is not done any more when its time is over', async () => {
    const t = await start();
    t.removal = async () => UNKNOWN;
    await t.say('den', 'al', 'bad 6');
    await t.clock.advance(9 * HOUR_MS);
    await t.idle();
    const of = await t.store.cases.get(1);
    expect([of?.state, of?.log.at(-1)?.detail]).toEqual(['failed', 'its time is over']);
    expect(t.done.filter((deed) => deed.startsWith('removeFor'))).toHaveLength(4);
  });

  it('is not done any more when somebody took them off the list', async () => {
    const t = await start();
    t.removal = async () => UNKNOWN;
    await t.moderation.cases.sanction('p', order());
    t.unban('den', 'al', 'tom');
    await t.clock.advance(60_000);
    await t.idle();
    const of = await t.store.cases.get(1);
    expect([of?.state, of?.log.at(-1)?.detail]).toEqual(['failed', 'tom took al off the list meanwhile']);
    expect(t.done.filter((deed) => deed.startsWith('ban'))).toHaveLength(1);
  });

  it.each([
    ['bad 2', 'failed', 'it is too late for a warning'],
    ['bad 3', 'failed', 'it is too late for a warning'],
    ['bad 5', 'failed', 'its time is over'],
  ])('of an earlier run, hours later: %s', async (text, state, detail) => {
    const t = await start({ rooms: { ...ROOMS } });
    const den = t.rooms.get('den')!;
    t.rooms.delete('den');
    await t.say('den', 'al', text);
    await t.clock.advance(2 * HOUR_MS);
    t.rooms.set('den', den);
    t.enter(den);
    await t.idle();
    const of = await t.store.cases.get(1);
    expect([of?.state, of?.log.at(-1)?.detail]).toEqual([state, detail]);
    expect(t.done).toEqual([]);
  });
});

it('nobody is acted upon in a room before it is known who is who there', async () => {
  const t = await start();
  const den = t.rooms.get('den')!;
  t.rooms.delete('den');
  const { case: of } = await t.moderation.cases.sanction('p', order({ user: 'otto', consequence: 'ignore' }));
  expect(of).toMatchObject({ state: 'acting' });
  expect(of.log.at(-1)?.detail).toBe('it is not known yet who is who in den');
  t.rooms.set('den', den);
  t.enter(den);
  await t.idle();
  expect((await t.store.cases.get(1))?.log.at(-1)?.detail).toContain('otto is an operator of den');
  expect(t.done).toEqual([]);
});

describe('wars', () => {
  it('what ended in time was none', async () => {
    const t = await start({ moderation: { ...moderation, decay: '10/1h' } });
    for (let round = 0; round < 5; round++) {
      if (!t.rooms.get('den')!.members.includes('al')) t.addMember('den', 'al');
      await t.say('den', 'al', 'bad 6');
      await t.clock.advance(HOUR_MS + 1);
    }
    expect(t.done.filter((deed) => deed.startsWith('removeFor'))).toHaveLength(5);
  });

  it('do not stop what a person orders', async () => {
    const t = await start();
    for (let round = 0; round < 5; round++) {
      if (!t.rooms.get('den')!.members.includes('al')) t.addMember('den', 'al');
      expect(await t.moderation.cases.sanction('p', order())).toMatchObject({ ok: true });
    }
  });
});
