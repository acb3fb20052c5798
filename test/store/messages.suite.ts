import fc from 'fast-check';
import { expect, it } from 'vitest';
import { INBOX_MEMORY_MS } from '../../src/bot/store/inbox.ts';
import { OUTBOX_MEMORY_MS } from '../../src/bot/store/outbox.ts';
import { openStore, type Store } from '../../src/bot/store/store.ts';
import type { InboxEntry, OutboxLine } from '../../src/network/ports.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

const message = (over: Partial<InboxEntry> = {}): InboxEntry => ({
  id: 7,
  timestamp: 1_764_000_000,
  user: 'alice',
  text: 'hello',
  replayed: false,
  at: 1_764_000_000_500,
  ...over,
});

const line = (id: string, over: Partial<OutboxLine> = {}): OutboxLine => ({
  id,
  kind: 'room',
  to: 'indie',
  text: 'hi all',
  priority: 'reply',
  queuedAt: 1_764_000_000_000,
  origin: 'greeter',
  ...over,
});

describeEngines('inbox and outbox', (open) => {
  const start = async (): Promise<{ store: Store; clock: VirtualClock }> => {
    const clock = new VirtualClock();
    return { store: await openStore({ backend: await open(), clock, log: nullLog }), clock };
  };

  it('tells new messages from known ones, also within one batch', async () => {
    const { store } = await start();
    const [first, again, other] = await store.inbox.accept([
      message(),
      message({ replayed: true }),
      message({ id: 8 }),
    ]);
    expect([first?.verdict, again?.verdict, other?.verdict]).toEqual(['new', 'known', 'new']);
    expect(again?.key).toBe(first?.key);
    const [later] = await store.inbox.accept([message({ replayed: true, at: 99 })]);
    expect(later).toEqual({ verdict: 'known', key: first?.key });
    await store.close();
  });

  it.each([{ id: 8 }, { timestamp: 1 }, { user: 'Alice' }, { text: 'hello ' }])(
    'takes %j as another message',
    async (over) => {
      const { store } = await start();
      await store.inbox.accept([message()]);
      expect((await store.inbox.accept([message(over)]))[0]?.verdict).toBe('new');
      await store.close();
    },
  );

  it('gives back what is not done, in order, exactly, and marked when it was started', async () => {
    const { store } = await start();
    const entries = [
      message({ id: 4_000_000_000, text: 'nul \0 and half \ud83c a pair' }),
      message({ id: 1, user: '', text: '' }),
      message({ id: 2, text: 'ünï 🎵', replayed: true }),
    ];
    const keys = (await store.inbox.accept(entries)).map((verdict) => verdict.key);
    expect(await store.inbox.begin(keys[0]!)).toEqual({ redelivered: false, attempts: 1 });
    await store.inbox.begin(keys[2]!);
    await store.inbox.done(keys[2]!);
    expect(await store.inbox.pending()).toEqual([
      { ...entries[0], key: keys[0], attempts: 1, redelivered: true },
      { ...entries[1], key: keys[1], attempts: 0, redelivered: false },
    ]);
    expect(await store.inbox.begin(keys[0]!)).toEqual({ redelivered: true, attempts: 2 });
    await store.close();
  });

  it('refuses to start what is done or was never there', async () => {
    const { store } = await start();
    const [verdict] = await store.inbox.accept([message()]);
    await store.inbox.done(verdict!.key);
    await store.inbox.done(verdict!.key);
    await expect(store.inbox.begin(verdict!.key)).rejects.toMatchObject({ code: 'misuse' });
    await expect(store.inbox.begin('pm-nothing')).rejects.toMatchObject({ code: 'misuse' });
    await store.close();
  });

  it('recognises a handled message for 90 days, then forgets it; one that waits is never forgotten', async () => {
    const { store, clock } = await start();
    const [handled] = await store.inbox.accept([message(), message({ id: 8 })]);
    await store.inbox.done(handled!.key);
    await clock.advance(INBOX_MEMORY_MS);
    await store.maintain();
    expect((await store.inbox.accept([message()]))[0]?.verdict).toBe('known');
    await clock.advance(1);
    await store.maintain();
    expect((await store.inbox.accept([message()]))[0]?.verdict).toBe('new');
    expect((await store.inbox.accept([message({ id: 8 })]))[0]?.verdict).toBe('known');
    await store.close();
  });

  it('gives back queued lines in order; those found sending become unknown', async () => {
    const { store } = await start();
    const odd = line('c', { kind: 'private', to: 'bob', text: '\0 \ud800', expiresAt: 1_764_000_000_001 });
    for (const each of [line('b'), line('a'), odd, line('d'), line('e')]) await store.outbox.append(each);
    await store.outbox.mark('a', 'sending');
    await store.outbox.mark('d', 'dropped', 'duplicate');
    await store.outbox.mark('e', 'sending');
    await store.outbox.mark('e', 'sent');
    expect(await store.outbox.recover()).toEqual([line('b'), odd]);
    expect(await store.outbox.get('a')).toMatchObject({ state: 'unknown' });
    expect(await store.outbox.get('d')).toMatchObject({ state: 'dropped', detail: 'duplicate' });
    expect(await store.outbox.get('e')).toMatchObject({ state: 'sent' });
    expect(await store.outbox.recover()).toEqual([line('b'), odd]);
    await store.close();
  });

  it('refuses two lines of one id, and a state for a line that never was', async () => {
    const { store } = await start();
    await store.outbox.append(line('a'));
    await expect(store.outbox.append(line('a'))).rejects.toMatchObject({ name: 'StoreError' });
    await expect(store.outbox.mark('z', 'sent')).rejects.toMatchObject({ code: 'misuse' });
    await store.close();
  });

  it('remembers settled lines for seven days and waiting ones for ever', async () => {
    const { store, clock } = await start();
    await store.outbox.append(line('a'));
    await store.outbox.append(line('b'));
    await store.outbox.mark('a', 'sent');
    await clock.advance(OUTBOX_MEMORY_MS);
    await store.maintain();
    expect(await store.outbox.get('a')).toMatchObject({ state: 'sent' });
    await clock.advance(1);
    await store.maintain();
    expect(await store.outbox.get('a')).toBeUndefined();
    expect(await store.outbox.get('b')).toMatchObject({ state: 'queued' });
    await store.close();
  });

  it('keeps named documents', async () => {
    const { store } = await start();
    expect(await store.state.load('governor')).toBeUndefined();
    await store.state.save('governor', '{"a":1}');
    await store.state.save('governor', '{"a":2}');
    expect(await store.state.load('governor')).toBe('{"a":2}');
    await store.close();
  });

  it('behaves like a plain model under any sequence of deliveries', async () => {
    const { store } = await start();
    const users = fc.constantFrom('alice', 'bob');
    const step = fc.oneof(
      fc.record({
        do: fc.constant('accept' as const),
        id: fc.nat(3),
        user: users,
        text: fc.constantFrom('a', 'b\0'),
      }),
      fc.record({ do: fc.constantFrom('begin' as const, 'done' as const), pick: fc.nat(20) }),
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const timestamp = ++round;
        const model = new Map<string, { attempts: number; done: boolean }>();
        const mine = async () => (await store.inbox.pending()).filter((item) => item.timestamp === timestamp);
        for (const each of steps) {
          if (each.do === 'accept') {
            const [verdict] = await store.inbox.accept([message({ ...each, timestamp })]);
            expect(verdict?.verdict).toBe(model.has(verdict!.key) ? 'known' : 'new');
            if (verdict?.verdict === 'new') model.set(verdict.key, { attempts: 0, done: false });
            continue;
          }
          const key = [...model.keys()][each.pick];
          const entry = key === undefined ? undefined : model.get(key);
          if (key === undefined || entry === undefined || entry.done) continue;
          if (each.do === 'begin') {
            entry.attempts++;
            expect(await store.inbox.begin(key)).toEqual({
              redelivered: entry.attempts > 1,
              attempts: entry.attempts,
            });
          } else {
            entry.done = true;
            await store.inbox.done(key);
          }
        }
        const open = [...model].filter(([, entry]) => !entry.done);
        expect((await mine()).map((item) => [item.key, item.attempts])).toEqual(
          open.map(([key, { attempts }]) => [key, attempts]),
        );
      }),
      { numRuns: 25 },
    );
    await store.close();
  });
});
