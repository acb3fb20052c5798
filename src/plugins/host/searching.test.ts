import { describe, expect, it } from 'vitest';
import { type Bot, definePlugin, type Need, type OfferedFile, type SearchHit } from '../api/index.ts';
import { fakeHost } from './testing/fake-services.ts';

const ALL: readonly Need[] = ['search.run', 'search.listen', 'search.answer'];

/** A loaded plugin whose `bot` the test holds. */
async function holding(needs: readonly Need[] = ALL) {
  const t = fakeHost({ limits: { searches: 3, questions: 2 } });
  let held: Bot | undefined;
  const plugin = definePlugin({
    name: 'x',
    needs,
    setup(bot) {
      held = bot;
    },
  });
  await t.load(plugin);
  return { ...t, bot: held! };
}

/** Lets everything that is under way come to rest. */
const rest = async () => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};

describe('bot.search', () => {
  it('hands over what is asked for, durations in milliseconds, and says how it ended', async () => {
    const { bot, services } = await holding();
    const search = bot.search({
      query: 'a song',
      scope: { room: 'indie' },
      limit: 7,
      timeout: '30s',
      ttl: '1h',
      filter: { ext: ['flac'] },
    });
    await rest();
    const [fake] = services.searches;
    expect(fake).toMatchObject({
      instance: 'p',
      options: {
        query: 'a song',
        scope: { room: 'indie' },
        limit: 7,
        timeoutMs: 30_000,
        maxWaitMs: 3_600_000,
        filter: { ext: ['flac'] },
      },
    });
    fake!.found(2);
    fake!.finish('timeout');
    const users: string[] = [];
    for await (const hit of search) users.push(hit.user);
    expect(users).toEqual(['u0', 'u1']);
    await expect(search.done).resolves.toMatchObject({ reason: 'timeout', hits: 2 });
    expect(services.problems).toEqual([]);
  });

  it('leaves hits that nobody reads with the host', async () => {
    const { bot, services, host } = await holding();
    const hits = bot.search({ query: 'a song' })[Symbol.asyncIterator]();
    const first = hits.next();
    await rest();
    const fake = services.searches[0]!;
    fake.found(1000);
    await first;
    await rest();
    expect(fake.credits).toEqual([64]);
    expect(fake.waiting).toBe(1000 - 64);
    for (let i = 0; i < 63; i++) await hits.next();
    expect(fake.credits).toEqual([64]);
    await hits.next();
    expect(fake.credits).toEqual([64, 64]);
    expect(host.list()[0]!.searches).toBe(1);
    await hits.return!();
    expect(fake.stopped).toBe(true);
    expect(host.list()[0]!.searches).toBe(0);
    expect(await hits.next()).toEqual({ done: true, value: undefined });
  });

  it('gives hits in order to who asks for several at a time', async () => {
    const { bot, services } = await holding();
    const hits = bot.search({ query: 'a song' })[Symbol.asyncIterator]();
    const asked = Promise.all([hits.next(), hits.next(), hits.next()]);
    await rest();
    services.searches[0]!.found(2);
    services.searches[0]!.finish('timeout');
    const got = await asked;
    expect(got.map(({ value }) => value?.user)).toEqual(['u0', 'u1', undefined]);
  });

  it.each(['break', 'throw', 'stop', 'signal', 'unload'] as const)('ends at the host by %s', async (how) => {
    const { bot, services, host } = await holding();
    const own = new AbortController();
    const search = bot.search({ query: 'a song', signal: own.signal });
    const seen: SearchHit[] = [];
    const reading = (async () => {
      for await (const hit of search) {
        seen.push(hit);
        if (how === 'break') break;
        if (how === 'throw') throw new Error('enough');
      }
      return 'over';
    })().catch((error: unknown) => String(error));
    await rest();
    const fake = services.searches[0]!;
    fake.found(1);
    await rest();
    if (how === 'stop') search.stop();
    if (how === 'signal') own.abort();
    if (how === 'unload') await host.unload('p', 'test');
    await rest();
    expect(await reading).toBe(how === 'throw' ? 'Error: enough' : 'over');
    expect(seen).toHaveLength(1);
    expect(fake.stopped).toBe(true);
    const { reason } = await search.done;
    expect(reason).toBe(how === 'signal' || how === 'unload' ? 'aborted' : 'stopped');
    expect(services.problems).toEqual([]);
  });

  it('of a handler that hangs in it ends with the unload', async () => {
    const { bot, services, host } = await holding();
    const pending = bot.search({ query: 'a song' })[Symbol.asyncIterator]().next();
    await rest();
    await host.unload('p', 'test');
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(services.searches[0]!.stopped).toBe(true);
    expect(() => bot.search({ query: 'x' })).toThrow(/being unloaded/);
    expect(services.problems).toEqual([]);
  });

  it('tells its end to who does not read, and its refusal at the first hit', async () => {
    const { bot, services } = await holding();
    const search = bot.search({ query: 'a song' });
    const { done } = search;
    await rest();
    services.searches[0]!.found(1);
    services.searches[0]!.finish('session-lost');
    expect((await done).reason).toBe('session-lost');
    const read: SearchHit[] = [];
    for await (const hit of search) read.push(hit);
    expect(read).toHaveLength(1);

    const refused = bot.search({ query: '' });
    const hits = refused[Symbol.asyncIterator]();
    const first = hits.next();
    await rest();
    services.searches[1]!.finish('refused');
    await expect(first).rejects.toMatchObject({ code: 'search-refused', message: 'nothing to search for' });
    expect(await hits.next()).toMatchObject({ done: true });
    expect((await refused.done).reason).toBe('refused');
  });

  it('is checked by the host: needs, options, and how many', async () => {
    const first = (search: AsyncIterable<SearchHit>) => search[Symbol.asyncIterator]().next();
    const { bot: poor } = await holding(['search.listen']);
    await expect(first(poor.search({ query: 'x' }))).rejects.toMatchObject({
      code: 'need-missing',
      message: 'bot.search needs "search.run": add it to needs in definePlugin',
    });
    const { bot, services, host } = await holding();
    const wrong: readonly [object, RegExp][] = [
      [{}, /query must be a text/],
      [{ query: 'x', limt: 5 }, /takes no "limt"; did you mean "limit"/],
      [{ query: 'x', limit: '5' }, /limit must be a number/],
      [{ query: 'x', timeout: 'soon' }, /duration/],
      [{ query: 'x', scope: { rooms: 'a' } }, /scope must be/],
      [{ query: 'x', scope: 'room' }, /scope must be/],
      [{ query: 'x', filter: [] }, /filter must be an object/],
      [{ query: 'x', priority: 'moderation' }, /priority must be one of/],
    ];
    for (const [options, message] of wrong)
      await expect(first(bot.search(options as never))).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(message),
      });
    expect(services.searches).toEqual([]);
    const open = [1, 2, 3].map((n) => bot.search({ query: `song ${n}` }));
    await rest();
    await expect(first(bot.search({ query: 'x' }))).rejects.toMatchObject({ code: 'too-many' });
    open[0]!.stop();
    await rest();
    void bot.search({ query: 'song 4' }).done;
    await rest();
    expect(services.searches).toHaveLength(4);
    expect(host.list()[0]!.searches).toBe(3);
  });
});

describe('bot.onBatch', () => {
  const request = { user: 'al', query: 'a song', source: 'tree', at: 5, terms: ['song'] } as const;

  it('hands over copies, one batch after the other, and ends with the registration', async () => {
    const { bot, services, host } = await holding();
    const heard: unknown[] = [];
    let release: () => void = () => {};
    const registration = bot.onBatch(
      'search.request',
      { terms: ['song'], hashUsers: true, batch: { ms: '5s', max: 50 } },
      (items, info) => {
        heard.push([items, info]);
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    );
    await registration.ready;
    const [deliver] = services.listeners;
    let over = false;
    const delivered = deliver!([request], 3).then(() => {
      over = true;
    });
    await rest();
    expect(heard).toEqual([[[request], { dropped: 3 }]]);
    expect(over).toBe(false);
    expect(host.streaming).toBe(1);
    release();
    await delivered;
    expect(host.streaming).toBe(0);
    registration.dispose();
    await rest();
    expect(services.listeners.size).toBe(0);
  });

  it('reports what a handler throws, and goes on', async () => {
    const { bot, services, host } = await holding();
    bot.onBatch('search.request', { sample: 1 }, () => {
      throw new Error('oops');
    });
    await rest();
    const [deliver] = services.listeners;
    await deliver!([request], 0);
    await deliver!([request], 0);
    expect(services.problems).toMatchObject([
      { kind: 'handler', where: 'search.request batch 1', message: 'oops' },
      { count: 2 },
    ]);
    await host.unload('p', 'test');
    expect(services.listeners.size).toBe(0);
  });

  it('does not keep the host waiting for a handler that was unloaded', async () => {
    const { bot, services, host } = await holding();
    bot.onBatch('search.request', { sample: 1 }, () => new Promise(() => {}));
    await rest();
    const [deliver] = services.listeners;
    const delivered = deliver!([request], 0);
    await rest();
    await host.unload('p', 'test');
    await delivered;
  });

  it('is checked by the host', async () => {
    const { bot: poor } = await holding(['search.run']);
    const noop = () => {};
    await expect(poor.onBatch('search.request', { sample: 1 }, noop).ready).rejects.toMatchObject({
      code: 'need-missing',
    });
    const { bot } = await holding();
    const wrong: readonly [object, RegExp][] = [
      [{ term: ['x'] }, /takes no "term"; did you mean "terms"/],
      [{ terms: 'x' }, /terms must be a list of texts/],
      [{ sample: 'half' }, /sample must be a number/],
      [{ terms: [] }, /empty/],
      [{ sample: 1, hashUsers: 1 }, /hashUsers must be true or false/],
      [{ sample: 1, batch: { max: '5' } }, /batch.max must be a number/],
    ];
    for (const [options, message] of wrong)
      await expect(bot.onBatch('search.request', options as never, noop).ready).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(message),
      });
    await expect(bot.onBatch('searches' as never, { sample: 1 } as never, noop).ready).rejects.toThrow(
      /no such stream/,
    );
    expect(() => bot.onBatch('search.request', { sample: 1 }, undefined as never)).toThrow(/not a function/);
  });
});

describe('bot.answerSearches', () => {
  const question = {
    user: 'al',
    query: 'a song',
    words: ['a', 'song'],
    endings: [],
    excluded: [],
    source: 'tree',
    at: 5,
  } as const;

  it('asks, and takes files', async () => {
    const { bot, services } = await holding();
    const file: OfferedFile = { path: 'bot\\song.mp3', size: 5, attributes: { bitrate: 320, vbr: false } };
    const registration = bot.answerSearches({ terms: ['song'] }, async ({ words }) =>
      words.includes('song') ? [file, { path: 'bot\\other.mp3', size: 6, locked: true }] : undefined,
    );
    await registration.ready;
    const [ask] = services.answerers;
    expect(await ask!(question)).toEqual([file, { path: 'bot\\other.mp3', size: 6, locked: true }]);
    expect(await ask!({ ...question, words: ['tune'] })).toEqual([]);
    registration.dispose();
    await rest();
    expect(services.answerers.size).toBe(0);
  });

  it('answers nothing when it throws, answers nonsense, or is asked too much at a time', async () => {
    const { bot, services, host } = await holding();
    let answer: () => unknown = () => [];
    await bot.answerSearches({ sample: 1 }, () => answer() as never).ready;
    const [ask] = services.answerers;
    const nonsense: readonly unknown[] = [
      'song.mp3',
      [{ path: 'x' }],
      [{ path: '', size: 1 }],
      [{ path: 'x', size: -1 }],
      [{ path: 'x', size: 1.5 }],
      [{ path: 'x', size: 1, attributes: { bitrate: -1 } }],
      [{ path: 'x', size: 1, locked: 'yes' }],
      [() => {}],
    ];
    for (const value of nonsense) {
      answer = () => value;
      expect(await ask!(question)).toEqual([]);
    }
    answer = () => {
      throw new Error('oops');
    };
    expect(await ask!(question)).toEqual([]);
    expect(services.problems).toHaveLength(nonsense.length + 1);
    expect(services.problems.every(({ kind }) => kind === 'handler')).toBe(true);

    answer = () => new Promise(() => {});
    const hanging = [ask!(question), ask!(question)];
    expect(await ask!(question)).toEqual([]);
    expect(services.problems.at(-1)).toMatchObject({ kind: 'dropped', where: 'search answerer 1' });
    await host.unload('p', 'test');
    expect(await Promise.all(hanging)).toEqual([[], []]);
  });

  it('needs search.answer', async () => {
    const { bot } = await holding(['search.run', 'search.listen']);
    await expect(bot.answerSearches({ sample: 1 }, () => []).ready).rejects.toMatchObject({
      message: 'bot.answerSearches needs "search.answer": add it to needs in definePlugin',
    });
  });
});
