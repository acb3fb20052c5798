import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import {
  type ArgValues,
  arg,
  type Bot,
  definePlugin,
  type IncomingLine,
  type Infer,
  type LineReceipt,
  type OutgoingLine,
  type Registration,
  type Remote,
  type SearchHit,
  type SearchRequest,
  s,
} from './index.ts';

declare const bot: Bot;
declare function use(value: unknown): void;

test('config: what s reads', () => {
  definePlugin({
    name: 'greeter',
    needs: ['room.read', 'room.say'],
    config: s.object({
      rooms: s.array(s.string(), { min: 1 }),
      quietFor: s.duration().default('1d'),
      mode: s.oneOf('short', 'full').optional(),
      nested: s.object({ on: s.boolean() }).optional(),
      weights: s.record(s.number()),
    }),
    setup({ config }) {
      expectTypeOf(config.rooms).toEqualTypeOf<readonly string[]>();
      expectTypeOf(config.quietFor).toEqualTypeOf<number>();
      expectTypeOf(config.mode).toEqualTypeOf<'short' | 'full' | undefined>();
      expectTypeOf(config.nested?.on).toEqualTypeOf<boolean | undefined>();
      expectTypeOf(config.weights).toEqualTypeOf<Readonly<Record<string, number>>>();
      // @ts-expect-error no such key
      use(config.romos);
    },
  });
  const schema = s.object({ a: s.int(), b: s.duration().optional() });
  use(schema);
  expectTypeOf<Infer<typeof schema>>().toEqualTypeOf<{
    readonly a: number;
    readonly b?: number | undefined;
  }>();
  // @ts-expect-error a default must be what the schema reads
  s.int().default('5');
});

test('config: any Standard Schema', () => {
  definePlugin({
    name: 'zoddy',
    config: z.object({ n: z.coerce.number().default(3), l: z.array(z.string()).optional() }),
    setup({ config }) {
      expectTypeOf(config.n).toEqualTypeOf<number>();
      expectTypeOf(config.l).toEqualTypeOf<string[] | undefined>();
    },
  });
});

test('config: none', () => {
  definePlugin({
    name: 'bare',
    setup({ config }) {
      // @ts-expect-error it declares no config
      use(config.anything);
    },
  });
});

test('definePlugin refuses what the host would', () => {
  // @ts-expect-error no such need
  definePlugin({ name: 'x', needs: ['room.reed'], setup() {} });
  // @ts-expect-error another API
  definePlugin({ name: 'x', api: 2, setup() {} });
  // @ts-expect-error setup is missing
  definePlugin({ name: 'x' });
});

test('events', () => {
  bot.on('room.message', async (m) => {
    expectTypeOf(m.text).toEqualTypeOf<string>();
    expectTypeOf(m.room.standing).toEqualTypeOf<'visitor' | 'owner' | 'operator' | 'member'>();
    expectTypeOf(await m.reply('hi', { priority: 'bulk', ttl: '30s' })).toEqualTypeOf<LineReceipt>();
    // @ts-expect-error events are read-only
    m.text = 'x';
    // @ts-expect-error only private messages are replayed
    use(m.replayed);
  });
  bot.on('room.leave', (e) => {
    // @ts-expect-error who has left cannot be answered
    use(e.reply);
  });
  bot.on('private.message', { replayed: 'exclude' }, async (m) => {
    expectTypeOf(m.sentAt).toEqualTypeOf<number>();
    await m.reply(['a', 'b']);
  });
  bot.on('room.ticker', (e) => expectTypeOf(e.old).toEqualTypeOf<string | undefined>());
  bot.on('connection', (e) => {
    expectTypeOf(e.state).toExtend<string>();
    // @ts-expect-error it happens in no room
    use(e.room);
  });
  // @ts-expect-error no such event
  bot.on('room.massage', () => {});
});

test('filters', () => {
  bot.on(
    'room.message',
    {
      rooms: ['indie'],
      from: ['al'],
      notFrom: ['bo'],
      private: false,
      own: true,
      text: { includes: ['a'], pattern: 'b+' },
    },
    () => {},
  );
  // @ts-expect-error a join has no text
  bot.on('room.join', { text: { includes: 'a' } }, () => {});
  // @ts-expect-error a private message has no room
  bot.on('private.message', { rooms: ['indie'] }, () => {});
  // @ts-expect-error only private messages are replayed
  bot.on('room.message', { replayed: 'only' }, () => {});
  // @ts-expect-error the connection has nothing to filter by
  bot.on('connection', { from: ['al'] }, () => {});
  // @ts-expect-error a regular expression does not cross; give it as RE2 text
  bot.on('room.message', { text: { pattern: /b+/ } }, () => {});
});

test('command arguments', () => {
  bot.command({
    name: 'seen',
    summary: 'When did somebody last speak?',
    args: { user: arg.user(), detail: arg.optional(arg.oneOf('short', 'full')), loud: arg.flag() },
    run({ args, room, reply, refundCooldown }) {
      expectTypeOf(args.user).toEqualTypeOf<string>();
      expectTypeOf(args.detail).toEqualTypeOf<'short' | 'full' | undefined>();
      expectTypeOf(args.loud).toEqualTypeOf<boolean>();
      expectTypeOf(room?.name).toEqualTypeOf<string | undefined>();
      expectTypeOf(reply).returns.resolves.toEqualTypeOf<LineReceipt>();
      refundCooldown();
      // @ts-expect-error no such argument
      use(args.usr);
      // @ts-expect-error arguments are read-only
      args.user = 'x';
      return 'text';
    },
  });
  const args = {
    t: arg.text(),
    n: arg.optional(arg.int({ min: 1 })),
    d: arg.duration(),
    who: arg.rest(arg.user()),
    maybe: arg.optional(arg.rest(arg.word())),
  };
  use(args);
  expectTypeOf<ArgValues<typeof args>>().toEqualTypeOf<{
    readonly t: string;
    readonly n: number | undefined;
    readonly d: number;
    readonly who: readonly string[];
    readonly maybe: readonly string[] | undefined;
  }>();
});

test('commands: what run may return, and what it gets without args', () => {
  bot.command({ name: 'a', summary: 'a', run: () => {} });
  bot.command({ name: 'a', summary: 'a', run: async () => {} });
  bot.command({ name: 'a', summary: 'a', run: async () => ['x', 'y'] });
  bot.command({
    name: 'a',
    summary: 'a',
    allow: ['mod', 'room.owner'],
    cooldown: '5s',
    run: ({ user }) => user,
  });
  // @ts-expect-error a number is no answer
  bot.command({ name: 'a', summary: 'a', run: () => 7 });
  bot.command({
    name: 'a',
    summary: 'a',
    // @ts-expect-error it has no arguments
    run: ({ args }) => use(args.user),
  });
  // @ts-expect-error no such role
  bot.command({ name: 'a', summary: 'a', allow: ['admin'], run: () => {} });
  // @ts-expect-error help needs a summary
  bot.command({ name: 'a', run: () => {} });
  // @ts-expect-error a choice needs values
  arg.oneOf();
});

test('store', async () => {
  interface Sighting {
    readonly at: number;
  }
  expectTypeOf(await bot.store.get<Sighting>('k')).toEqualTypeOf<Sighting | undefined>();
  expectTypeOf(await bot.store.get('k')).toEqualTypeOf<unknown>();
  await bot.store.update<number>('n', (old) => {
    expectTypeOf(old).toEqualTypeOf<number | undefined>();
    return (old ?? 0) + 1;
  });
  await bot.store.set('k', { at: 1 }, { ttl: '1d' });
  // @ts-expect-error the result must be of the same type
  await bot.store.update<number>('n', () => 'x');
});

test('sending and rooms', async () => {
  // @ts-expect-error no such priority
  await bot.say('indie', 'x', { priority: 'urgent' });
  const outcome = await bot.rooms.addMember('den', 'al');
  // @ts-expect-error only a refusal has a code
  use(outcome.code);
  if (outcome.state === 'refused') expectTypeOf(outcome.code).toEqualTypeOf<string>();
});

test('registrations are Disposable', () => {
  using watch = bot.users.watch('al');
  expectTypeOf(watch.ready).toEqualTypeOf<Promise<void>>();
});

test('searching', async () => {
  const search = bot.search({
    query: 'x',
    scope: { room: 'indie' },
    limit: 5,
    timeout: '30s',
    filter: { ext: ['flac'], freeSlot: true },
    signal: bot.signal,
  });
  for await (const hit of search) {
    expectTypeOf(hit).toEqualTypeOf<SearchHit>();
    expectTypeOf(hit.attributes.bitrate).toEqualTypeOf<number | undefined>();
    // @ts-expect-error hits are read-only
    hit.ref = 'x';
  }
  expectTypeOf((await search.done).reason).toEqualTypeOf<
    'limit' | 'timeout' | 'stopped' | 'aborted' | 'session-lost' | 'refused'
  >();
  search.stop();
  // @ts-expect-error the query is missing
  bot.search({ scope: 'network' });
  // @ts-expect-error no such scope
  bot.search({ query: 'x', scope: 'room' });
  // @ts-expect-error moderation is not for searches
  bot.search({ query: 'x', priority: 'moderation' });
  // @ts-expect-error no such condition
  bot.search({ query: 'x', filter: { extension: ['mp3'] } });
});

test('what others search for', () => {
  const registration = bot.onBatch(
    'search.request',
    { terms: ['x'], hashUsers: true, batch: { ms: '5s', max: 50 } },
    async (requests, { dropped }) => {
      expectTypeOf(requests).toEqualTypeOf<readonly SearchRequest[]>();
      expectTypeOf(dropped).toEqualTypeOf<number>();
    },
  );
  expectTypeOf(registration).toEqualTypeOf<Registration>();
  // @ts-expect-error no such stream
  bot.onBatch('search', { terms: ['x'] }, () => {});
  // @ts-expect-error a pattern is RE2 text
  bot.onBatch('search.request', { patterns: [/x/] }, () => {});
  // @ts-expect-error it does not come one by one
  bot.on('search.request', () => {});
  bot.answerSearches({ users: ['al'] }, ({ words }) => words.map((path) => ({ path, size: 1 })));
  bot.answerSearches({ sample: 1 }, async () => undefined);
  // @ts-expect-error a file has a size
  bot.answerSearches({ sample: 1 }, () => [{ path: 'x' }]);
  // @ts-expect-error names are given as they are
  bot.answerSearches({ sample: 1, hashUsers: true }, () => []);
});

test('interceptors: verdicts by direction', () => {
  bot.intercept('outgoing', { onError: 'allow', order: 1, timeout: '100ms', rooms: ['indie'] }, (line) => {
    expectTypeOf(line).toEqualTypeOf<OutgoingLine>();
    return line.priority === 'bulk' ? { drop: 'not now' } : { text: [...line.text, 'PS'] };
  });
  bot.intercept('incoming', { onError: 'deny' }, async (line) => {
    expectTypeOf(line).toEqualTypeOf<IncomingLine>();
    if (line.room === undefined) return;
    return { text: line.text.trim() };
  });
  bot.intercept('incoming', { onError: 'allow' }, () => {});
  // @ts-expect-error which mistake is worse must be said
  bot.intercept('outgoing', { order: 1 }, () => {});
  // @ts-expect-error there is no other way
  bot.intercept('sideways', { onError: 'allow' }, () => {});
  // @ts-expect-error what comes in is one line
  bot.intercept('incoming', { onError: 'allow' }, () => ({ text: ['a', 'b'] }));
  // @ts-expect-error what goes out is a list
  bot.intercept('outgoing', { onError: 'allow' }, () => ({ text: 'a' }));
  // @ts-expect-error dropping needs a reason
  bot.intercept('outgoing', { onError: 'allow' }, () => ({ drop: true }));
});

test('dialogs: state and steps', async () => {
  const dialog = bot.dialog({
    id: 'order',
    timeout: '5m',
    state: s.object({ what: s.string(), count: s.int().optional() }),
    steps: {
      start: ({ state }) => {
        expectTypeOf(state.what).toEqualTypeOf<string>();
        expectTypeOf(state.count).toEqualTypeOf<number | undefined>();
        return { say: 'How many?', to: 'count' };
      },
      count: async ({ text, state }) => ({ to: 'confirm', state: { ...state, count: Number(text) } }),
      confirm: ({ text }) => (text === 'yes' ? 'Done.' : { say: 'Again:', to: 'start' }),
    },
  });
  await dialog.start({ user: 'al' }, { what: 'tea' });
  expectTypeOf(await dialog.end({ user: 'al' })).toEqualTypeOf<boolean>();
  // @ts-expect-error the state must fit
  await dialog.start({ user: 'al' }, { what: 7 });
  // @ts-expect-error it begins with a state
  await dialog.start({ user: 'al' });
  bot.command({
    name: 'order',
    summary: 'x',
    // A command's context says with whom and where.
    run: (call) => dialog.start(call, { what: 'tea' }),
  });
  bot.dialog({
    id: 'a',
    state: s.object({ n: s.int() }),
    // @ts-expect-error there is no step "nowhere"
    steps: { start: () => ({ to: 'nowhere' }) },
  });
  bot.dialog({
    id: 'b',
    state: s.object({ n: s.int() }),
    steps: {
      // @ts-expect-error what is remembered must fit
      start: () => ({ to: 'start', state: { n: 'x' } }),
    },
  });
  // @ts-expect-error it has to start somewhere
  bot.dialog({ id: 'c', state: s.object({}), steps: { next: () => 'x' } });
});

test('services: every function is async', async () => {
  type Lyrics = {
    find(song: string, limit?: number): readonly string[];
    count(): Promise<number>;
  };
  bot.provide('lyrics', { find: (song: string) => [song], count: async () => 1 });
  const lyrics = bot.use<Lyrics>('lyrics');
  expectTypeOf(lyrics).toEqualTypeOf<Remote<Lyrics>>();
  expectTypeOf(await lyrics.find('x', 3)).toEqualTypeOf<readonly string[]>();
  expectTypeOf(lyrics.count()).toEqualTypeOf<Promise<number>>();
  // @ts-expect-error a song is a text
  await lyrics.find(7);
  // @ts-expect-error no such function
  use(lyrics.sing);
  // @ts-expect-error values cannot be provided, only functions
  bot.provide('lyrics', { find: 7 });
});

test('metrics and texts', () => {
  bot.metric.count('greeted', { room: 'indie', first: true }, 2);
  bot.metric.gauge('open', 3);
  // @ts-expect-error a value is a number
  bot.metric.observe('ms', '3');
  // @ts-expect-error a label is no object
  bot.metric.count('greeted', { room: { name: 'indie' } });
  expectTypeOf(bot.t('hello', { user: 'al', n: 3 }, { room: 'indie' })).toEqualTypeOf<string>();
  // @ts-expect-error a parameter is text or a number
  bot.t('hello', { user: ['al'] });
  definePlugin({
    name: 'x',
    // @ts-expect-error texts stand below their language
    texts: { hello: 'Hello' },
    setup() {},
  });
});

test('rules: what is judged follows from `on`', () => {
  bot.rule({
    id: 'loud',
    summary: 'Too loud',
    check: (line, { recent }) => {
      expectTypeOf(line.text).toEqualTypeOf<string>();
      expectTypeOf(recent[0]?.user).toEqualTypeOf<string | undefined>();
      // @ts-expect-error lines have no country
      use(line.country);
      return null;
    },
  });
  bot.rule({
    id: 'far',
    summary: 'From far away',
    on: 'join',
    check: ({ country, stats }) => {
      expectTypeOf(stats.files).toEqualTypeOf<number>();
      return country === 'XX' ? { points: 1, reason: 'far' } : undefined;
    },
  });
  // @ts-expect-error a verdict has a reason
  bot.rule({ id: 'mute', summary: 'Says nothing', check: () => ({ points: 1 }) });
});
