import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryState } from '../../../network/memory-ports.ts';
import { memoryLog } from '../../../platform/memory-log.ts';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { canonicalJson } from './canonical.ts';
import { ListError } from './list-document.ts';
import { previewLines } from './list-preview.ts';
import type { ListSource } from './list-source.ts';
import { loadList } from './load-list.ts';
import { makeKeys, publicOf, signText, verifyText } from './signature.ts';
import { Subscriptions } from './subscriptions.ts';
import { signList, verifyList } from './verified-list.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const DAY = 86_400_000;
const keys = makeKeys();
const iso = (time: number) => new Date(time).toISOString();

const draft = (part: object = {}) => ({
  'seekeeper-list': 1 as const,
  name: 'friends',
  issued: iso(NOW - DAY),
  expires: iso(NOW + 30 * DAY),
  entries: [{ user: 'spammer', reason: 'sells followers' }],
  ...part,
});
const signed = (part: object = {}, secret = keys.secret) => signList(draft(part), secret);
const codeOf = (run: () => unknown) => {
  try {
    run();
    return 'taken';
  } catch (error) {
    return error instanceof ListError ? error.code : String(error);
  }
};

describe('a list', () => {
  it('is taken when the trusted key signed it', () => {
    const { document, expires } = verifyList(signed(), keys.public, NOW);
    expect([document.name, document.entries, expires]).toEqual([
      'friends',
      [{ user: 'spammer', reason: 'sells followers', points: 3 }],
      NOW + 30 * DAY,
    ]);
  });

  it('is refused for every reason there is', () => {
    const other = makeKeys();
    const change = (text: string, part: object) =>
      JSON.stringify({ ...(JSON.parse(text) as object), ...part });
    const bare = JSON.parse(signed()) as Record<string, unknown>;
    delete bare['signature'];
    const verdicts = {
      unsigned: JSON.stringify(bare),
      'signed by another': signed({}, other.secret),
      'another key put in': change(signed({}, other.secret), { key: keys.public }),
      'a name added': change(signed(), { entries: [{ user: 'me', reason: 'x' }] }),
      expired: signed({ expires: iso(NOW) }),
      'dated ahead': signed({ issued: iso(NOW + 2 * DAY) }),
      'without end': signed({ expires: iso(NOW + 400 * DAY) }),
      'no JSON': '{',
      'unknown key': change(signed(), { extra: 1 }),
      'another version': change(signed(), { 'seekeeper-list': 2 }),
      huge: `"${'x'.repeat(1024 * 1024)}"`,
    };
    expect(
      Object.fromEntries(
        Object.entries(verdicts).map(([what, text]) => [
          what,
          codeOf(() => verifyList(text, keys.public, NOW)),
        ]),
      ),
    ).toEqual({
      unsigned: 'unsigned',
      'signed by another': 'wrong-key',
      'another key put in': 'bad-signature',
      'a name added': 'bad-signature',
      expired: 'expired',
      'dated ahead': 'future',
      'without end': 'malformed',
      'no JSON': 'malformed',
      'unknown key': 'malformed',
      'another version': 'malformed',
      huge: 'too-large',
    });
  });

  it('is the same list however its keys are ordered and spaced', () => {
    const shuffled = JSON.stringify(
      Object.fromEntries(Object.entries(JSON.parse(signed()) as object).reverse()),
    );
    expect(verifyList(shuffled, keys.public, NOW).document.name).toBe('friends');
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
  });

  it('signs with a key, and with nothing else', () => {
    expect(publicOf(keys.secret)).toBe(keys.public);
    expect(verifyText('a', signText('a', keys.secret), keys.public)).toBe(true);
    expect(verifyText('b', signText('a', keys.secret), keys.public)).toBe(false);
    expect(verifyText('a', 'nonsense', keys.public)).toBe(false);
    expect(() => signText('a', keys.public)).toThrow('a secret key begins with');
  });
});

/** Lists by where they are; texts that are errors are thrown. */
function library(texts: Record<string, string>): ListSource {
  return {
    async read(from) {
      const text = texts[from];
      if (text === undefined) throw new ListError('unreadable', `${from} cannot be read`);
      return text;
    },
  };
}

describe('lists that include lists', () => {
  it('count with what they include, each under its own key', async () => {
    const other = makeKeys();
    const source = library({
      a: signed({ include: [{ from: 'b', key: other.public }] }),
      b: signed({ name: 'inner', entries: [{ user: 'troll', reason: 'x', points: 9 }] }, other.secret),
    });
    const list = await loadList('a', keys.public, source, NOW);
    expect([list.entries.map(({ user, list: on }) => `${user} ${on}`), list.problems]).toEqual([
      ['spammer friends', 'troll inner'],
      [],
    ]);
  });

  it('that loop, lie or go too deep leave that part out and say so', async () => {
    const include = (...from: string[]) => ({
      include: from.map((each) => ({ from: each, key: keys.public })),
    });
    const source = library({
      a: signed(include('b', 'gone', 'old')),
      b: signed({ name: 'b', entries: [{ user: 'b', reason: 'x' }], ...include('a') }),
      old: signed({ expires: iso(NOW - 1) }),
      deep1: signed(include('deep2')),
      deep2: signed(include('deep3')),
      deep3: signed(include('deep4')),
      deep4: signed(),
    });
    const list = await loadList('a', keys.public, source, NOW);
    expect(list.entries.map(({ user }) => user)).toEqual(['spammer', 'b']);
    expect(list.problems).toEqual([
      'a: it includes itself: a → b → a',
      'gone: gone cannot be read',
      expect.stringMatching(/^old: it has expired/),
    ]);
    expect((await loadList('deep1', keys.public, source, NOW)).problems).toEqual([
      'deep4: lists within lists go too deep',
    ]);
  });
});

describe('subscriptions', () => {
  function subscribed(texts: Record<string, string>, state = new MemoryState()) {
    const clock = new VirtualClock({ startAt: NOW });
    const subscriptions = new Subscriptions({
      lists: [
        {
          id: 'friends',
          from: 'a',
          key: keys.public,
          atMost: 'warn',
          rooms: ['den'],
          refreshMs: 6 * 3_600_000,
        },
      ],
      source: library(texts),
      clock,
      log: memoryLog(),
      state,
    });
    return { clock, subscriptions, texts, state };
  }

  it('count in their rooms until they expire', async () => {
    const { clock, subscriptions } = subscribed({ a: signed() });
    await subscriptions.start();
    await clock.advance(1);
    expect(subscriptions.matches('spammer', 'den')).toMatchObject([
      { id: 'friends', atMost: 'warn', reason: 'sells followers', points: 3 },
    ]);
    expect(subscriptions.matches('spammer', 'indie')).toEqual([]);
    expect(subscriptions.matches('Spammer', 'den')).toEqual([]);
    await clock.advance(31 * DAY);
    expect(subscriptions.matches('spammer', 'den')).toEqual([]);
    expect(subscriptions.status()[0]).toMatchObject({
      entries: 0,
      problems: [expect.stringContaining('it has expired'), 'it has expired and does not count any more'],
    });
    subscriptions.stop();
    expect(clock.pending).toBe(0);
  });

  it('follow changes, and keep the last good one when the next is bad or older', async () => {
    const { clock, subscriptions, texts } = subscribed({ a: signed() });
    await subscriptions.start();
    await clock.advance(1);
    const first = texts['a']!;
    texts['a'] = signed({ issued: iso(NOW), entries: [{ user: 'troll', reason: 'x' }] });
    await clock.advance(6 * 3_600_000);
    expect([
      subscriptions.matches('spammer', 'den').length,
      subscriptions.matches('troll', 'den').length,
    ]).toEqual([0, 1]);
    texts['a'] = first;
    await clock.advance(6 * 3_600_000);
    expect(subscriptions.matches('troll', 'den').length).toBe(1);
    expect(subscriptions.status()[0]?.problems).toEqual([
      expect.stringContaining('older than the one that is known'),
    ]);
    texts['a'] = 'garbage';
    await clock.advance(6 * 3_600_000);
    expect(subscriptions.matches('troll', 'den').length).toBe(1);
    subscriptions.stop();
  });

  it('know after a restart what they knew, and nothing of another publisher', async () => {
    const before = subscribed({ a: signed() });
    await before.subscriptions.start();
    await before.clock.advance(1);
    before.subscriptions.stop();
    const after = subscribed({}, before.state);
    await after.subscriptions.start();
    expect(after.subscriptions.matches('spammer', 'den').length).toBe(1);
    const other = new Subscriptions({
      lists: [{ id: 'friends', from: 'a', key: makeKeys().public, atMost: 'warn', refreshMs: 6 * 3_600_000 }],
      source: library({}),
      clock: after.clock,
      log: memoryLog(),
      state: before.state,
    });
    await other.start();
    expect(other.matches('spammer', 'den')).toEqual([]);
    after.subscriptions.stop();
    other.stop();
  });
});

it('a preview says who would be concerned, staff by name', async () => {
  const list = await loadList('a', keys.public, library({ a: signed() }), NOW);
  expect(
    previewLines({
      list,
      atMost: 'warn',
      places: [
        { room: 'den', people: ['ann', 'spammer'], staff: ['spammer'] },
        { room: 'indie', people: ['ann'], staff: [] },
      ],
    }),
  ).toEqual([
    'friends: 1 name, issued 2026-05-31, holds until 2026-07-01; at most "warn" would follow',
    '  den: 1 person of 2 on it: spammer',
    '  den: your staff are on it and would be left alone: spammer',
    '  indie: nobody of 1 person there is on it',
    '  e.g. spammer (3): sells followers',
  ]);
});
