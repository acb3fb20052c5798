import { expect, it } from 'vitest';
import type { NewCase } from '../../src/bot/store/case-rows.ts';
import { openStore } from '../../src/bot/store/store.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import type { CaseQuery } from '../../src/plugins/api/cases.ts';
import { describeEngines } from './engines.ts';

const DAY = 86_400_000;

const awkward = 'x \0 \u0001 \ud800 é';

/** With nothing that may be left out. */
function bare(id: number, more: Partial<NewCase> = {}): NewCase {
  return {
    id,
    room: 'den',
    user: 'al',
    at: id * 1_000,
    points: 2.5,
    total: 3.1,
    reason: awkward,
    lines: [{ at: 5, user: 'bob', text: awkward }],
    mode: 'live',
    wanted: 'remove:1h',
    consequence: 'report',
    state: 'acting',
    actor: 'rule',
    ...more,
  };
}

function one(id: number, more: Partial<NewCase> = {}): NewCase {
  const rest = { rule: 'p/r', ruleVersion: '1', evidence: awkward, instead: awkward, until: 77 };
  return bare(id, { ...rest, ...more });
}

describeEngines('cases', (open) => {
  const start = async (caseKeepMs = 10 * DAY) => {
    const clock = new VirtualClock({ startAt: 100 * DAY });
    return { store: await openStore({ backend: await open(), clock, log: nullLog, caseKeepMs }), clock };
  };

  it('keep exactly what they were given, and their log', async () => {
    const { store } = await start();
    expect(await store.cases.lastId()).toBe(0);
    const entry = { at: 6, actor: awkward, what: 'also', detail: awkward };
    await store.cases.insert(one(1), [entry]);
    await store.cases.insert(bare(2), []);
    expect(await store.cases.get(1)).toEqual({ ...one(1), log: [entry] });
    expect(await store.cases.get(2)).toEqual({ ...bare(2), log: [] });
    expect(await store.cases.get(3)).toBeUndefined();
    expect(await store.cases.lastId()).toBe(2);
    await expect(store.cases.insert(one(1), [])).rejects.toThrow();
    await store.close();
  });

  it('are found by their appeal, page by page', async () => {
    const { store } = await start();
    for (const id of [1, 2, 3, 4]) await store.cases.insert(bare(id, { state: 'done' }), []);
    for (const id of [1, 2, 4]) {
      const appeal = { state: 'open', text: 'no' } as const;
      await store.cases.change(id, { appeal }, { at: 9, actor: 'al', what: 'appealed' });
    }
    await store.cases.change(2, { appeal: { state: 'granted' } }, { at: 9, actor: 'meg', what: 'granted' });
    const ids = async (query: CaseQuery) => (await store.cases.list(query)).map(({ id }) => id);
    expect(await ids({ appeal: 'open' })).toEqual([4, 1]);
    expect(await ids({ appeal: 'open', before: 4, limit: 1 })).toEqual([1]);
    expect(await ids({ before: 1 })).toEqual([]);
    await store.close();
  });

  it('change only from the states that are named, each change with its line in the log', async () => {
    const { store } = await start();
    await store.cases.insert(one(1), []);
    const done = { at: 9, actor: 'bot', what: 'done' };
    expect(await store.cases.change(1, { state: 'done', until: 5 }, done, ['suggested'])).toBe(false);
    expect(await store.cases.change(1, { state: 'done', until: 5 }, done, ['acting'])).toBe(true);
    expect(await store.cases.change(2, {}, done)).toBe(false);
    const appeal = { at: 11, actor: 'al', what: 'appealed' };
    await store.cases.change(1, { appeal: { state: 'open', text: awkward } }, appeal);
    await store.cases.change(1, { appeal: { state: 'granted' }, void: true }, { ...appeal, at: 12 });
    expect(await store.cases.get(1)).toMatchObject({
      state: 'done',
      until: 5,
      appeal: { at: 11, text: awkward, state: 'granted' },
      log: [done, appeal, { at: 12 }],
    });
    expect(await store.cases.gists('al', 'den')).toEqual([
      { id: 1, at: 1_000, rule: 'p/r', points: 2.5, mode: 'live', void: true },
    ]);
    expect(await store.cases.records()).toEqual([{ rule: 'p/r', room: 'den', cases: 1, overturned: 1 }]);
    expect(await store.cases.overturned('p/r', '1', { last: 5, since: 0 })).toBe(1);
    expect(await store.cases.overturned('p/r', '1', { last: 5, since: 1_001 })).toBe(0);
    expect(await store.cases.overturned('p/r', '2', { last: 5, since: 0 })).toBe(0);
    await store.close();
  });

  it('are found by everything, exactly, the latest first', async () => {
    const { store } = await start();
    await store.cases.insert(one(1), []);
    await store.cases.insert(one(2, { user: 'Al', room: 'Den', state: 'noted' }), []);
    await store.cases.insert(one(3, { rule: 'p/other', state: 'suggested' }), []);
    const ids = async (query: Parameters<typeof store.cases.list>[0]) =>
      (await store.cases.list(query)).map(({ id }) => id);
    expect(await ids({})).toEqual([3, 2, 1]);
    expect(await ids({ user: 'al' })).toEqual([3, 1]);
    expect(await ids({ room: 'Den' })).toEqual([2]);
    expect(await ids({ rule: 'p/r', limit: 1 })).toEqual([2]);
    expect(await ids({ state: ['acting', 'suggested'] })).toEqual([3, 1]);
    expect(await ids({ since: 2_000 })).toEqual([3, 2]);
    expect((await store.cases.inState('acting', 'suggested')).map(({ id }) => id)).toEqual([1, 3]);
    expect(await store.cases.roomsOf('al')).toEqual(['den']);
    expect(await store.cases.countOf('al')).toBe(2);
    await store.close();
  });

  it('are kept as long as the config says, and longer while they are in force', async () => {
    const { store, clock } = await start();
    const now = clock.now();
    const cases: Partial<NewCase>[] = [
      { consequence: 'warn', state: 'done' },
      { consequence: 'ignore', state: 'done' },
      { consequence: 'remove:1h', state: 'done', until: now - 1 },
      { consequence: 'remove', state: 'done', actor: 'unknown operator' },
      { consequence: 'remove:40d', state: 'done', until: now + 30 * DAY },
      { consequence: 'remove', state: 'undone' },
      { consequence: 'remove', state: 'acting' },
    ];
    for (const [index, more] of cases.entries()) {
      await store.cases.insert(bare(index + 1, { at: now - 11 * DAY, ...more }), [
        { at: 1, actor: 'a', what: 'x' },
      ]);
    }
    await store.cases.insert(one(8, { at: now - 9 * DAY, consequence: 'warn', state: 'done' }), []);
    await store.maintain();
    expect((await store.cases.list()).map(({ id }) => id)).toEqual([8, 7, 5, 2]);
    expect((await store.cases.list()).map(({ log }) => log.length)).toEqual([0, 1, 1, 1]);
    await store.close();
  });

  it('the journal tells who was met in a room, page by page, and forgets names in lists', async () => {
    const { store } = await start();
    const record = store.journal.record.bind(store.journal);
    for (let at = 1; at <= 2_500; at++)
      record({ at, kind: 'room.line', room: 'den', user: at % 2 ? 'al' : 'Al', text: 'x' });
    record({ at: 3_000, kind: 'room.join', room: 'den', user: 'bob' });
    record({ at: 3_000, kind: 'room.line', room: 'other', user: 'al', text: 'x' });
    expect(
      [...(await store.journal.acquaintances('den', 2_002))].sort((a, b) => (a.user < b.user ? -1 : 1)),
    ).toEqual([
      { user: 'Al', lines: 1_000, first: 2 },
      { user: 'al', lines: 1_001, first: 1 },
    ]);
    let count = 0;
    for await (const { at } of store.journal.each({ room: 'den', since: 10 })) {
      count += 1;
      expect(at).toBeGreaterThanOrEqual(10);
    }
    expect(count).toBe(2_492);
    const detail = { private: true, owner: 'o', operators: ['a%_"b'], members: ['a%_"b', 'axyb', 'c'] };
    record({ at: 4_000, kind: 'room.entered', room: 'den', detail });
    await store.journal.flush();
    await store.people.erase('a%_"b');
    expect((await store.journal.entries({ kinds: ['room.entered'] }))[0]?.detail).toEqual({
      private: true,
      owner: 'o',
      operators: [],
      members: ['axyb', 'c'],
    });
    await store.close();
  });
});
