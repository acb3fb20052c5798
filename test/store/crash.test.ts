import { describe, expect, it } from 'vitest';
import { FaultyBackend } from '../../src/bot/store/fault-injection.ts';
import { openSqlite } from '../../src/bot/store/sqlite-backend.ts';
import { openStore, type Store } from '../../src/bot/store/store.ts';
import type { InboxEntry } from '../../src/network/ports.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';

const entry = (id: number): InboxEntry => ({
  id,
  timestamp: 1,
  user: 'al',
  text: `m${id}`,
  replayed: false,
  at: 1,
});
const MESSAGES = [entry(1), entry(2), entry(3)];

/** The server and a plugin, which do not die with the bot. */
class Outside {
  unacknowledged = [...MESSAGES];
  readonly handled: { key: string; redelivered: boolean }[] = [];
  readonly sent: string[] = [];
}

/** What a bot does with each message: store, acknowledge, handle, answer, remember. */
async function live(store: Store, outside: Outside): Promise<void> {
  for (const item of await store.inbox.pending()) await handle(store, outside, item.key);
  for (const line of await store.outbox.recover()) await send(store, outside, line.id);
  for (const message of [...outside.unacknowledged]) {
    const [verdict] = await store.inbox.accept([message]);
    outside.unacknowledged = outside.unacknowledged.filter((other) => other !== message);
    if (verdict!.verdict === 'new') await handle(store, outside, verdict!.key);
  }
}

async function handle(store: Store, outside: Outside, key: string): Promise<void> {
  const { redelivered } = await store.inbox.begin(key);
  outside.handled.push({ key, redelivered });
  await store.kv.set('counter', key, true);
  const id = `answer-${key}`;
  if ((await store.outbox.get(id)) === undefined) {
    await store.outbox.append({
      id,
      kind: 'private',
      to: 'al',
      text: 'ok',
      priority: 'reply',
      queuedAt: 1,
      origin: 'counter',
    });
    await send(store, outside, id);
  }
  await store.inbox.done(key);
}

async function send(store: Store, outside: Outside, id: string): Promise<void> {
  await store.outbox.mark(id, 'sending');
  outside.sent.push(id);
  await store.outbox.mark(id, 'sent');
}

describe('a crash', () => {
  const open = async () => openSqlite({ path: ':memory:', log: nullLog });

  it.each(['before', 'after'] as const)(
    'at any write (%s it took effect) loses no message, hides no second handling and sends no line twice',
    async (when) => {
      const clock = new VirtualClock();
      let rounds = 0;
      for (let finished = false; !finished; rounds++) {
        let backend = new FaultyBackend(await open());
        const outside = new Outside();
        // The bot dies at write n, and again n writes into its next life, until a life ends well.
        for (let lives = 0; ; lives++) {
          if (lives < 3) backend.crashAfter(rounds + 1, when);
          try {
            const store = await openStore({ backend, clock, log: nullLog });
            await live(store, outside);
            finished = lives === 0;
            expect(await store.inbox.pending()).toEqual([]);
            expect(await store.kv.keys('counter')).toHaveLength(MESSAGES.length);
            break;
          } catch (error) {
            if (!backend.crashed) throw error;
            backend = await backend.revive();
          }
        }
        expect(outside.unacknowledged).toEqual([]);
        const seen = new Set<string>();
        for (const { key, redelivered } of outside.handled) {
          expect(redelivered || !seen.has(key)).toBe(true);
          seen.add(key);
        }
        expect(seen.size).toBe(MESSAGES.length);
        expect(new Set(outside.sent).size).toBe(outside.sent.length);
      }
      // It really died at every write of a whole life.
      expect(rounds).toBeGreaterThan(30);
    },
  );
});
