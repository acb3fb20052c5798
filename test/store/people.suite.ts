import { expect, it } from 'vitest';
import type { DecisionRow } from '../../src/bot/store/decisions.ts';
import { openStore } from '../../src/bot/store/store.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

const decision = (number: number, more: Partial<DecisionRow> = {}): DecisionRow => ({
  id: `w${number}`,
  number,
  at: number,
  times: 1,
  source: 'commands',
  what: 'run !x',
  reason: 'no \0 reason',
  ...more,
});

describeEngines('decisions and people', (open) => {
  const start = async () => {
    const clock = new VirtualClock();
    return { store: await openStore({ backend: await open(), clock, log: nullLog }), clock };
  };

  it('finds decisions by everything, the newest first, and keeps 20,000 of them for 30 days', async () => {
    const { store, clock } = await start();
    const at = clock.now();
    expect(await store.decisions.lastNumber()).toBe(0);
    await store.decisions.insert([
      decision(1, { user: 'al', room: 'indie', plugin: 'p', about: 'm1', at }),
      decision(2, { user: 'Al', at }),
      decision(3, { user: 'al', at: at + 5 }),
    ]);
    const ids = async (query: Parameters<typeof store.decisions.find>[0]) =>
      (await store.decisions.find(query)).map(({ id }) => id);
    expect(await ids({})).toEqual(['w3', 'w2', 'w1']);
    expect(await ids({ user: 'al' })).toEqual(['w3', 'w1']);
    expect(await ids({ room: 'indie' })).toEqual(['w1']);
    expect(await ids({ plugin: 'p', user: 'al' })).toEqual(['w1']);
    expect(await ids({ since: at + 1 })).toEqual(['w3']);
    expect(await ids({ id: 'w2', user: 'al' })).toEqual([]);
    expect(await store.decisions.find({ id: 'w1' })).toEqual([
      decision(1, { user: 'al', room: 'indie', plugin: 'p', about: 'm1', at }),
    ]);
    await clock.advance(31 * 86_400_000);
    await store.maintain();
    expect(await ids({})).toEqual([]);
    const many = Array.from({ length: 20_050 }, (_, n) => decision(n + 4, { at: clock.now() }));
    await store.decisions.insert(many);
    expect(await ids({ limit: 100_000 })).toHaveLength(20_000);
    expect((await ids({ limit: 100_000 })).at(-1)).toBe('w54');
    expect(await store.decisions.lastNumber()).toBe(20_053);
    await store.close();
  });

  it('remembers what instances declared, each its latest', async () => {
    const { store } = await start();
    await store.people.declare('b', [{ keys: 'u/{user}', what: 'one' }]);
    await store.people.declare('a', [
      { keys: 'z/{user}', what: 'two' },
      { keys: '{user}', what: 'three', timer: 'remind' },
    ]);
    await store.people.declare('b', [{ keys: 'v/{user}', what: 'four' }]);
    await store.people.declare('c', []);
    expect([...(await store.people.declarations())]).toEqual([
      [
        'a',
        [
          { keys: 'z/{user}', what: 'two' },
          { keys: '{user}', what: 'three', timer: 'remind' },
        ],
      ],
      ['b', [{ keys: 'v/{user}', what: 'four' }]],
    ]);
    await store.close();
  });

  it('erases one person, exactly, and leaves what is still needed', async () => {
    const { store } = await start();
    for (const user of ['al', 'Al']) {
      store.journal.record({ at: 10, kind: 'room.line', room: 'indie', user, text: 'hi' });
      store.journal.record({ at: 20, kind: 'private.in', user });
      await store.decisions.insert([decision(1, { user })]);
    }
    const [first, second] = await store.inbox.accept([
      { id: 1, timestamp: 1, user: 'al', text: 'one', replayed: false, at: 1 },
      { id: 2, timestamp: 2, user: 'al', text: 'two', replayed: false, at: 2 },
    ]);
    await store.inbox.begin(first!.key);
    await store.inbox.done(first!.key);
    for (const id of ['o1', 'o2']) {
      await store.outbox.append({
        id,
        kind: 'private',
        to: 'al',
        text: 'x',
        priority: 'reply',
        queuedAt: 1,
        origin: 'p',
      });
    }
    await store.outbox.mark('o1', 'sent');
    await store.journal.flush();
    expect(await store.people.record('al')).toEqual({
      lines: { count: 1, first: 10, last: 10 },
      moves: 1,
      waiting: 1,
      fingerprints: 1,
      outgoing: 1,
      receipts: 1,
      decisions: 1,
    });
    expect(await store.people.erase('al')).toEqual({ lines: 1, moves: 1, receipts: 1, decisions: 1 });
    expect(await store.people.record('al')).toEqual({
      lines: { count: 0 },
      moves: 0,
      waiting: 1,
      fingerprints: 1,
      outgoing: 1,
      receipts: 0,
      decisions: 0,
    });
    expect(await store.people.record('Al')).toMatchObject({ lines: { count: 1 }, moves: 1, decisions: 1 });
    expect((await store.inbox.pending()).map(({ key }) => key)).toEqual([second!.key]);
    await store.close();
  });
});
