import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Deferred, deferred } from '../../platform/deferred.ts';
import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { ServerResponse } from '../../protocol/index.ts';
import { FakeLines, FakeLink, recorder, settled } from '../fake-link.test-support.ts';
import type { Inbox, InboxEntry, InboxVerdict } from '../ports.ts';
import { Messages } from './messages.ts';

const keyOf = ({ id, timestamp, user, text }: InboxEntry) => `${id} ${timestamp} ${user} ${text}`;

/** An inbox whose every answer the test gives. */
class HeldInbox implements Inbox {
  readonly calls: { entries: readonly InboxEntry[]; answer: Deferred<readonly InboxVerdict[]> }[] = [];
  readonly stored = new Set<string>();
  answered = 0;

  accept(entries: readonly InboxEntry[]): Promise<readonly InboxVerdict[]> {
    const answer = deferred<readonly InboxVerdict[]>();
    this.calls.push({ entries, answer });
    return answer.promise;
  }

  /** Stores what was given and not answered yet. */
  async store(): Promise<void> {
    for (const { entries, answer } of this.calls.slice(this.answered)) {
      this.answered += 1;
      answer.resolve(
        entries.map((entry) => {
          const key = keyOf(entry);
          const verdict = this.stored.has(key) ? 'known' : 'new';
          this.stored.add(key);
          return { verdict, key };
        }),
      );
    }
    await settled();
  }

  async refuse(why: string): Promise<void> {
    for (const { answer } of this.calls.slice(this.answered)) {
      this.answered += 1;
      answer.reject(new Error(why));
    }
    await settled();
  }
}

function bench(maxWaiting?: number) {
  const link = new FakeLink();
  const clock = new VirtualClock();
  const log = memoryLog();
  const { emitter, events } = recorder();
  const inbox = new HeldInbox();
  const lines = new FakeLines();
  const bans: number[] = [];
  const messages = new Messages({
    link,
    clock,
    log,
    emitter,
    inbox,
    lines,
    onBan: (minutes) => void bans.push(minutes),
    ...(maxWaiting !== undefined && { maxWaiting }),
  });
  link.login();
  const acked = () =>
    link.take().map((request) => (request.type === 'MessageAcked' ? request.id : request.type));
  const take = () => events.splice(0);
  return { link, clock, log, inbox, lines, bans, messages, acked, take };
}

const pm = (
  id: number,
  message = `text ${id}`,
  extra: { username?: string; isNew?: boolean } = {},
): ServerResponse => ({
  type: 'MessageUser',
  id,
  timestamp: 1_795_346_304,
  username: 'ann',
  message,
  ...extra,
});

describe('receiving', () => {
  it('stores, then acknowledges, then tells', async () => {
    const { link, inbox, acked, take } = bench();
    link.says(pm(7), pm(3, 'old', { isNew: false }));
    await settled();
    expect([acked(), take()]).toEqual([[], []]);
    await inbox.store();
    await inbox.store();
    expect(link.frames.every(({ traffic }) => traffic.kind === 'ack')).toBe(true);
    expect(acked()).toEqual([7, 3]);
    const common = { user: 'ann', sentAt: 1_795_346_304_000 };
    expect(take()).toEqual([
      [
        'private.message',
        { ...common, key: '7 1795346304 ann text 7', id: 7, text: 'text 7', replayed: false },
      ],
      ['private.message', { ...common, key: '3 1795346304 ann old', id: 3, text: 'old', replayed: true }],
    ]);
  });

  it('gathers what comes while the inbox is busy into one batch', async () => {
    const { link, inbox, acked } = bench();
    link.says(pm(1), pm(2), pm(3));
    await inbox.store();
    link.says(pm(4));
    expect(inbox.calls.map(({ entries }) => entries.map(({ id }) => id))).toEqual([[1], [2, 3]]);
    await inbox.store();
    await inbox.store();
    expect(acked()).toEqual([1, 2, 3, 4]);
  });

  it('acknowledges a known message again and does not tell it twice', async () => {
    const { link, inbox, acked, take } = bench();
    link.says(pm(1), pm(1));
    await inbox.store();
    await inbox.store();
    expect(acked()).toEqual([1, 1]);
    expect(take()).toHaveLength(1);
  });

  it('does not acknowledge into another session; the repetition is', async () => {
    const { link, inbox, acked, take } = bench();
    link.says(pm(1));
    link.lose();
    link.login();
    link.says(pm(1, 'text 1', { isNew: false }));
    await inbox.store();
    expect(acked()).toEqual([]);
    await inbox.store();
    expect(acked()).toEqual([1]);
    expect(take()).toHaveLength(1);
  });

  it('turns what `server` says into notices, stored first, and bans at once', async () => {
    const { link, inbox, bans, acked, take } = bench();
    const ban = 'System Message: You have been banned for 45 minutes.';
    link.says(
      pm(1, 'user zoe is not logged in.', { username: 'server' }),
      pm(2, ban, { username: 'server' }),
      pm(3, ban, { username: 'server', isNew: false }),
      pm(4, ban),
    );
    expect(bans).toEqual([45]);
    expect(take()).toEqual([]);
    await inbox.store();
    await inbox.store();
    expect(acked()).toEqual([1, 2, 3, 4]);
    expect(take()).toMatchObject([
      ['notice', { notice: { kind: 'user-offline', user: 'zoe' } }],
      ['notice', { notice: { kind: 'banned', minutes: 45 } }],
      ['notice', { notice: { kind: 'banned', minutes: 45 } }],
      ['private.message', { user: 'ann', text: ban }],
    ]);
  });
});

describe('when the inbox refuses', () => {
  it('acknowledges nothing, says so, tries again ever more slowly, and says when it works', async () => {
    const { link, clock, inbox, messages, acked, take } = bench();
    link.says(pm(1), pm(2));
    await inbox.refuse('disk full');
    expect(messages.intake).toEqual({ blocked: true, waiting: 2, letGo: 0 });
    expect(take()).toEqual([['messages.blocked', { blocked: true, reason: 'disk full', waiting: 2 }]]);
    for (const wait of [1_000, 2_000, 4_000]) {
      await clock.advance(wait - 1);
      expect(inbox.calls.length).toBe(inbox.answered);
      await clock.advance(1);
      await inbox.refuse('disk full');
    }
    expect([acked(), take()]).toEqual([[], []]);
    link.says(pm(3));
    await clock.advance(8_000);
    await inbox.store();
    expect(acked()).toEqual([1, 2, 3]);
    expect(take().map(([name, event]) => [name, event['id'] ?? event['blocked']])).toEqual([
      ['messages.blocked', false],
      ['private.message', 1],
      ['private.message', 2],
      ['private.message', 3],
    ]);
    expect(messages.intake).toEqual({ blocked: false, waiting: 0, letGo: 0 });
  });

  it('an inbox that throws or answers too little has refused as well', async () => {
    const { link, clock, inbox, acked, take } = bench();
    link.says(pm(1));
    inbox.calls[0]!.answer.resolve([]);
    await settled();
    expect(take()).toMatchObject([
      ['messages.blocked', { blocked: true, reason: expect.stringContaining('0 verdicts on 1') }],
    ]);
    inbox.accept = () => {
      throw new Error('closed');
    };
    await clock.advance(1_000);
    expect(take()).toMatchObject([['messages.blocked', { reason: 'closed' }]]);
    expect(acked()).toEqual([]);
  });

  it('lets the oldest go when too many wait, but not what the inbox has in hand', async () => {
    const { link, clock, inbox, messages, acked, take } = bench(3);
    link.says(pm(1), pm(2), pm(3), pm(4), pm(5));
    expect(messages.intake).toMatchObject({ waiting: 3, letGo: 2 });
    await inbox.refuse('disk full');
    link.says(pm(6));
    expect(messages.intake).toMatchObject({ waiting: 3, letGo: 3 });
    await clock.advance(1_000);
    await inbox.store();
    expect(acked()).toEqual([4, 5, 6]);
    expect(
      take()
        .filter(([name]) => name === 'messages.blocked')
        .at(-1),
    ).toMatchObject([
      'messages.blocked',
      { blocked: false, reason: expect.stringContaining('3 were let go') },
    ]);
  });

  it('rests once closed', async () => {
    const { link, clock, inbox, messages } = bench();
    link.says(pm(1));
    messages.close();
    await inbox.refuse('closed');
    link.says(pm(2));
    expect(inbox.calls).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('never acknowledges what was not stored, in any order of events', async () => {
    const step = fc.constantFrom('message', 'store', 'refuse', 'wait', 'reconnect');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { link, clock, inbox, take, messages } = bench();
        let id = 0;
        const unacked = new Map<number, ServerResponse>();
        const told: unknown[] = [];
        for (const each of [...steps, 'wait', 'store', 'wait', 'store', 'reconnect', 'store', 'store']) {
          if (each === 'message') {
            id += 1;
            unacked.set(id, pm(id, `text ${id}`, { isNew: false }));
            link.says(pm(id));
          } else if (each === 'store') await inbox.store();
          else if (each === 'refuse') await inbox.refuse('no');
          else if (each === 'wait') await clock.advance(60_000);
          else {
            link.lose();
            link.login();
            link.says(...unacked.values());
          }
          await settled();
          for (const request of link.take()) {
            if (request.type !== 'MessageAcked') continue;
            expect([...inbox.stored].some((key) => key.startsWith(`${request.id} `))).toBe(true);
            unacked.delete(request.id);
          }
          told.push(
            ...take()
              .filter(([name]) => name === 'private.message')
              .map(([, event]) => event['id']),
          );
        }
        while (messages.intake.waiting > 0) {
          await clock.advance(60_000);
          await inbox.store();
        }
        told.push(
          ...take()
            .filter(([name]) => name === 'private.message')
            .map(([, event]) => event['id']),
        );
        expect(told).toEqual(Array.from({ length: id }, (_, i) => i + 1));
      }),
      { numRuns: 100 },
    );
  });
});

describe('sending', () => {
  it('goes through the queue of lines, to many one by one', async () => {
    const { lines, messages, link } = bench();
    await messages.send('ann', 'hi', { priority: 'reply', origin: 'greeter' });
    expect(await messages.sendMany(['ann', 'zoe', 'ann'], 'news')).toHaveLength(2);
    expect(lines.lines).toEqual([
      { kind: 'private', to: 'ann', text: 'hi', priority: 'reply', origin: 'greeter' },
      { kind: 'private', to: 'ann', text: 'news', priority: 'bulk' },
      { kind: 'private', to: 'zoe', text: 'news', priority: 'bulk' },
    ]);
    expect(link.frames).toEqual([]);
  });
});
