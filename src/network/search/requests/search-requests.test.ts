import { describe, expect, test } from 'vitest';
import { memoryLog } from '../../../platform/memory-log.ts';
import { SeededRandom } from '../../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { FakeLink } from '../../fake-link.test-support.ts';
import { MemoryState } from '../../memory-ports.ts';
import { FakeTree } from './fake-requests.test-support.ts';
import { RequestStream } from './request-stream.ts';
import { type RequestFilter, SearchRequests } from './search-requests.ts';
import type { BatchHandler, BatchOptions, SearchRequestBatch } from './subscription.ts';

function setUp(state = new MemoryState(), seed = 1) {
  const clock = new VirtualClock();
  const tree = new FakeTree();
  const log = memoryLog();
  const stream = new RequestStream({ link: new FakeLink(), tree });
  const requests = new SearchRequests({ stream, clock, random: new SeededRandom(seed), log, state });
  /** Subscribes and keeps what comes. */
  const keep = (filter: RequestFilter, batch: BatchOptions = {}) => {
    const batches: SearchRequestBatch[] = [];
    const subscription = requests.subscribe(filter, batch, (one) => void batches.push(one));
    const queries = () => batches.flatMap((one) => one.requests.map(({ query }) => query));
    return { ...subscription, subscription, batches, queries };
  };
  return { clock, tree, log, requests, keep };
}

describe('conditions', () => {
  test('terms, users, patterns: all that are given must hold, of a list one is enough', async () => {
    const { clock, tree, keep } = setUp();
    const terms = keep({ terms: ['aphex twin', 'Björk', 'twin'] });
    const users = keep({ users: ['al', 'al'] });
    const patterns = keep({ patterns: ['(?i)^aphex', '\\d{4}'] });
    const both = keep({ terms: ['twin'], users: ['al'], patterns: ['live$'] });
    const userPattern = keep({ users: ['bo'], patterns: ['(?i)^aphex'] });
    const everything = keep({ sample: 1 });
    tree.search('al', 'Twin Aphex', 'twin live', 'nothing');
    tree.search('bo', 'Aphex twin live', 'björk 1997');
    await clock.advance(1000);
    expect(terms.batches[0]?.requests.map(({ query, terms: found }) => [query, [...found!].sort()])).toEqual([
      ['Twin Aphex', ['aphex twin', 'twin']],
      ['twin live', ['twin']],
      ['Aphex twin live', ['aphex twin', 'twin']],
      ['björk 1997', ['Björk']],
    ]);
    expect(users.queries()).toEqual(['Twin Aphex', 'twin live', 'nothing']);
    expect(users.batches[0]?.requests[0]).toEqual({
      user: 'al',
      query: 'Twin Aphex',
      source: 'tree',
      at: new VirtualClock().now(),
    });
    expect(patterns.queries()).toEqual(['Aphex twin live', 'björk 1997']);
    expect(both.queries()).toEqual(['twin live']);
    expect(userPattern.queries()).toEqual(['Aphex twin live']);
    expect(everything.queries()).toHaveLength(5);
  });

  test('a sample is the share that was asked for, and the same from the same seed', async () => {
    const run = async (sample: number, seed: number) => {
      const { clock, tree, keep } = setUp(undefined, seed);
      const { subscription, queries } = keep({ sample }, { maxBatch: 10_000 });
      for (let i = 0; i < 10_000; i++) tree.search('al', `q ${i}`);
      await clock.advance(1000);
      return { matched: subscription.counts.matched, queries: queries() };
    };
    const tenth = await run(0.1, 1);
    expect(tenth.matched).toBeGreaterThan(900);
    expect(tenth.matched).toBeLessThan(1100);
    expect(await run(0.1, 1)).toEqual(tenth);
    expect((await run(0.1, 2)).queries).not.toEqual(tenth.queries);
    expect((await run(1, 1)).matched).toBe(10_000);
    expect((await run(1e-300, 1)).matched).toBe(0);
  });

  test.each<[RequestFilter, BatchOptions]>([
    [{}, {}],
    [{ hashUsers: true }, {}],
    [{ terms: [] }, {}],
    [{ terms: ['ok', '…'] }, {}],
    [{ users: [] }, {}],
    [{ patterns: [] }, {}],
    [{ patterns: ['('] }, {}],
    [{ patterns: [''] }, {}],
    [{ patterns: ['(?=look)'] }, {}],
    [{ patterns: ['x'.repeat(1001)] }, {}],
    [{ patterns: Array.from({ length: 201 }, (_, i) => `x${i}`) }, {}],
    [{ patterns: ['(a?){1000}(b?){1000}(c?){1000}'] }, {}],
    [{ terms: Array<string>(20_001).fill('x') }, {}],
    [{ sample: 0 }, {}],
    [{ sample: 1.1 }, {}],
    [{ sample: Number.NaN }, {}],
    [{ sample: 1 }, { batchMs: 0 }],
    [{ sample: 1 }, { maxBatch: 0 }],
    [{ sample: 1 }, { maxBatch: 1.5 }],
  ])('%j with %j is refused and leaves nothing behind', (filter, batch) => {
    const { requests, tree } = setUp();
    expect(() => requests.subscribe(filter, batch, () => {})).toThrow(RangeError);
    expect(tree.connected).toBe(false);
    requests.subscribe({ patterns: Array.from({ length: 200 }, (_, i) => `y${i}`) }, {}, () => {});
  });

  test('a pattern made to take for ever does not', async () => {
    const { clock, tree, keep } = setUp();
    const { queries } = keep({ patterns: ['^(a+)+$', '(a|aa)+$', '(.*)*x'] });
    tree.search('al', `${'a'.repeat(500)}!`, 'a'.repeat(500));
    await clock.advance(1000);
    expect(queries()).toHaveLength(1);
  });
});

describe('names', () => {
  test('can be stand-ins: the same for the same user, over restarts too, and different for each bot', async () => {
    const names = async (state: MemoryState, seed: number) => {
      const { clock, tree, keep, requests } = setUp(state, seed);
      await requests.load();
      const { batches } = keep({ sample: 1, hashUsers: true });
      tree.search('al', 'one', 'two');
      tree.search('bo', 'three');
      await clock.advance(1000);
      return batches.flatMap((batch) => batch.requests.map(({ user }) => user));
    };
    const state = new MemoryState();
    const first = await names(state, 1);
    expect(first[0]).toMatch(/^#[\w-]{16}$/u);
    expect(first[1]).toBe(first[0]);
    expect(first[2]).not.toBe(first[0]);
    expect(await names(state, 2)).toEqual(first);
    expect(await names(new MemoryState(), 2)).not.toEqual(first);
  });

  test('a key that cannot be kept is made up', async () => {
    const broken = new MemoryState();
    broken.load = () => Promise.resolve('not json');
    const { requests, log } = setUp(broken);
    await requests.load();
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
  });
});

describe('batches', () => {
  const patient: BatchOptions = { batchMs: 5000, maxBatch: 3 };

  test('come at most once per span; what is too much is dropped and counted', async () => {
    const { clock, tree, keep } = setUp();
    const { batches, subscription } = keep({ terms: ['x'] }, patient);
    for (let i = 0; i < 5; i++) tree.search('al', `x ${i}`);
    await clock.advance(4999);
    expect(batches).toEqual([]);
    await clock.advance(1);
    expect(batches).toMatchObject([{ requests: [{ query: 'x 0' }, {}, {}], dropped: 2 }]);
    await clock.advance(60_000);
    tree.search('al', 'x again');
    await clock.advance(5000);
    expect(batches[1]).toMatchObject({ requests: [{ query: 'x again' }], dropped: 0 });
    expect(subscription.counts).toEqual({ matched: 6, delivered: 4, dropped: 2 });
  });

  test('wait for a handler that is busy, and do not pile up', async () => {
    const { clock, tree, requests } = setUp();
    const sizes: number[] = [];
    let release = (): void => {};
    const handler: BatchHandler = (batch) => {
      sizes.push(batch.requests.length);
      return new Promise((resolve) => {
        release = resolve;
      });
    };
    const { counts } = requests.subscribe({ sample: 1 }, patient, handler);
    expect(counts.matched).toBe(0);
    tree.search('al', 'one');
    await clock.advance(5000);
    for (let i = 0; i < 1000; i++) tree.search('al', `q ${i}`);
    await clock.advance(60_000);
    expect(sizes).toEqual([1]);
    release();
    await clock.advance(5000);
    expect(sizes).toEqual([1, 3]);
  });

  test('a handler that fails is logged and called again', async () => {
    const { clock, tree, log, requests } = setUp();
    let calls = 0;
    for (const failing of [() => Promise.reject(new Error('no')), () => raise()] as BatchHandler[]) {
      requests.subscribe({ sample: 1 }, {}, (batch) => {
        calls++;
        return failing(batch);
      });
    }
    tree.search('al', 'one');
    await clock.advance(1000);
    tree.search('al', 'two');
    await clock.advance(1000);
    expect(calls).toBe(4);
    expect(log.at('error')).toHaveLength(4);
  });

  test('after stop nothing comes, and the last one disconnects the tree', async () => {
    const { clock, tree, keep } = setUp();
    const a = keep({ terms: ['x', 'y z'], users: ['al'] });
    const b = keep({ patterns: ['x'], sample: 0.5 });
    const c = keep({ users: ['al'] });
    tree.search('al', 'x');
    for (const { subscription } of [a, b, b, a]) subscription.stop();
    expect(tree.connected).toBe(true);
    c.subscription.stop();
    expect(tree.connected).toBe(false);
    await clock.advance(10_000);
    expect([...a.batches, ...b.batches, ...c.batches]).toEqual([]);
    const again = keep({ terms: ['x'] });
    tree.search('al', 'x y z');
    await clock.advance(1000);
    expect(again.queries()).toEqual(['x y z']);
  });
});

const raise = (): never => {
  throw new Error('thrown');
};
