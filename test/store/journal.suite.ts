import { expect, it } from 'vitest';
import { FaultyBackend } from '../../src/bot/store/fault-injection.ts';
import { openStore, type Store } from '../../src/bot/store/store.ts';
import { memoryLog } from '../../src/platform/memory-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

describeEngines('journal', (open) => {
  const start = async () => {
    const clock = new VirtualClock();
    const log = memoryLog();
    const backend = new FaultyBackend(await open());
    const store: Store = await openStore({ backend, clock, log, journalKeepMs: 86_400_000 });
    return { store, clock, log, backend };
  };

  it('writes entries down in order and finds them by room, person, kind and time', async () => {
    const { store } = await start();
    store.journal.record({ at: 1, kind: 'room.line', room: 'indie', user: 'al', text: 'one \0' });
    store.journal.record({ at: 2, kind: 'room.join', room: 'indie', user: 'bob' });
    store.journal.record({
      at: 3,
      kind: 'room.line',
      room: 'den',
      user: 'al',
      text: 'two',
      detail: { own: true },
    });
    expect(await store.journal.entries({ room: 'indie' })).toEqual([
      { at: 1, kind: 'room.line', room: 'indie', user: 'al', text: 'one \0' },
      { at: 2, kind: 'room.join', room: 'indie', user: 'bob' },
    ]);
    expect((await store.journal.entries({ user: 'al', newestFirst: true, limit: 1 }))[0]).toMatchObject({
      text: 'two',
      detail: { own: true },
    });
    expect(await store.journal.entries({ kinds: ['room.join'], since: 2, until: 3 })).toHaveLength(1);
    expect(await store.journal.entries({ since: 2, until: 2 })).toHaveLength(0);
    await store.close();
  });

  it('never writes the text of a private message', async () => {
    const { store } = await start();
    store.journal.record({ at: 1, kind: 'private.in', user: 'al', text: 'secret', detail: { key: 'pm-1' } });
    expect(await store.journal.entries()).toEqual([
      { at: 1, kind: 'private.in', user: 'al', detail: { key: 'pm-1' } },
    ]);
    await store.close();
  });

  it('writes by itself within a second, many lines in one transaction', async () => {
    const { store, clock, backend } = await start();
    const before = backend.writes;
    for (let i = 0; i < 100; i++)
      store.journal.record({ at: i, kind: 'room.line', room: 'r', user: 'u', text: 't' });
    await clock.advance(1000);
    await store.state.load('after the flush');
    expect(backend.writes - before).toBe(2);
    await store.close();
  });

  it('keeps what could not be written, says so once, and writes it when the disk works again', async () => {
    const { store, clock, log, backend } = await start();
    backend.failWrites(() => Object.assign(new Error('database or disk is full'), { rawCode: 13 }));
    store.journal.record({ at: 1, kind: 'room.line', room: 'r', user: 'u', text: 't' });
    await expect(store.journal.flush()).rejects.toMatchObject({ code: 'full' });
    await clock.advance(5000);
    expect(log.at('error')).toHaveLength(1);
    backend.failWrites();
    expect(await store.journal.entries()).toHaveLength(1);
    expect(log.at('info', 'The journal is written again')).toHaveLength(1);
    await store.close();
  });

  it('forgets what is older than it is kept', async () => {
    const { store, clock } = await start();
    const from = clock.now();
    for (let i = 0; i < 1200; i++)
      store.journal.record({ at: from + i, kind: 'room.line', room: 'r', user: 'u', text: 't' });
    await store.journal.flush();
    await clock.advance(86_400_000 + 1000);
    await store.maintain();
    expect(await store.journal.entries()).toHaveLength(200);
    await store.close();
  });

  it('knows when nobody was there, also after an end without warning', async () => {
    const { store, clock, backend } = await start();
    store.journal.online(100);
    store.journal.offline(200, 'connection lost');
    store.journal.offline(210, 'still lost');
    store.journal.online(300);
    store.journal.record({ at: 400, kind: 'room.line', room: 'r', user: 'u', text: 't' });
    await store.journal.flush();
    const next = await openStore({ backend: await backend.revive(), clock, log: memoryLog() });
    expect(await next.journal.gaps(0)).toEqual([
      { from: 200, to: 300, reason: 'connection lost' },
      { from: 400, reason: 'the bot ended without warning' },
    ]);
    next.journal.online(500);
    next.journal.offline(600, 'stopped');
    expect((await next.journal.gaps(250)).map((gap) => [gap.from, gap.to])).toEqual([
      [200, 300],
      [400, 500],
      [600, undefined],
    ]);
    await next.close();
  });
});
