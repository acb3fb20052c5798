import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { MemoryState } from '../memory-ports.ts';
import { Governor } from './governor.ts';
import type { GovernorOptions, SubmitOptions, TrafficDrop } from './governor-types.ts';
import type { SendOutcome, Traffic } from './traffic.ts';

interface World {
  readonly clock: VirtualClock;
  readonly governor: Governor;
  readonly drops: TrafficDrop[];
  /** What left, with seconds since the start. */
  readonly left: { readonly text: string; readonly at: number }[];
  readonly texts: () => string[];
  readonly send: (text: string, traffic: Traffic, options?: SubmitOptions) => Promise<SendOutcome>;
}

async function world(options: Partial<GovernorOptions> & { closed?: boolean } = {}): Promise<World> {
  const clock = (options.clock as VirtualClock | undefined) ?? new VirtualClock();
  const drops: TrafficDrop[] = [];
  const left: { text: string; at: number }[] = [];
  const governor = new Governor({
    random: new SeededRandom(1),
    log: memoryLog(),
    state: new MemoryState(),
    onDrop: (drop) => drops.push(drop),
    ...options,
    clock,
  });
  await governor.load();
  if (!options.closed) governor.open(exitTo(left, clock));
  return {
    clock,
    governor,
    drops,
    left,
    texts: () => left.map(({ text }) => text),
    send: (text, traffic, more) => governor.submit(() => Buffer.from(text), traffic, more),
  };
}

const exitTo = (left: { text: string; at: number }[], clock: VirtualClock) => ({
  write(bytes: Uint8Array) {
    left.push({ text: Buffer.from(bytes).toString(), at: clock.monotonic() / 1000 });
    return true;
  },
});

const line = (room: string, text: string): Traffic => ({ kind: 'room-line', room, text });
const pm = (user: string, text: string): Traffic => ({ kind: 'private-line', user, text });

describe('Governor', () => {
  it('lets a burst of room lines go and then one per 3 s', async () => {
    const { clock, left, send } = await world();
    for (let i = 0; i < 5; i++) void send(`${i}`, line('indie', `${i}`));
    await clock.advance(10_000);
    expect(left).toEqual([
      { text: '0', at: 0 },
      { text: '1', at: 0 },
      { text: '2', at: 0 },
      { text: '3', at: 3 },
      { text: '4', at: 6 },
    ]);
  });

  it('does not let a full room hold up another, whatever the priority', async () => {
    const { clock, texts, send } = await world();
    for (let i = 0; i < 4; i++)
      void send(`high ${i}`, line('indie', `high ${i}`), { priority: 'moderation' });
    void send('low', line('jazz', 'low'), { priority: 'bulk' });
    await clock.settle();
    expect(texts()).toEqual(['high 0', 'high 1', 'high 2', 'low']);
  });

  it('takes the higher priority first and shares fairly between origins of the same', async () => {
    const { clock, governor, left, texts, send } = await world({
      closed: true,
      limits: { roomLine: { burst: 1 } },
    });
    const add = (text: string, options: SubmitOptions) =>
      void send(text, line('r', text), { durable: true, ...options });
    for (const text of ['a1', 'a2', 'a3', 'a4']) add(text, { origin: 'a' });
    for (const text of ['b1', 'b2']) add(text, { origin: 'b' });
    add('whenever', { origin: 'c', priority: 'bulk' });
    add('urgent', { origin: 'a', priority: 'moderation' });
    governor.open(exitTo(left, clock));
    await clock.advance(30_000);
    expect(texts()).toEqual(['urgent', 'b1', 'a1', 'b2', 'a2', 'a3', 'a4', 'whenever']);
  });

  it('shares fairly between origins, and does not let one that comes back at once always go first', async () => {
    const { clock, texts, send } = await world({ limits: { join: { everySeconds: 2 } } });
    const join = (origin: string, text: string) => send(text, { kind: 'join', room: text }, { origin });
    for (const text of ['b1', 'b2', 'b3']) void join('b', text);
    // As soon as one of a's has left it has the next one.
    const again = async () => {
      for (const text of ['a1', 'a2', 'a3']) await join('a', text);
    };
    void again();
    await clock.advance(20_000);
    expect(texts()).toEqual(['b1', 'a1', 'b2', 'a2', 'b3', 'a3']);
  });

  it('takes acknowledgements first when housekeeping is exhausted, and keeps its rate', async () => {
    const { clock, left, send } = await world();
    for (let i = 0; i < 1000; i++) void send('watch', { kind: 'housekeeping' });
    void send('ack', { kind: 'ack' });
    await clock.advance(60_000);
    expect(left).toHaveLength(1001);
    // 500 at once at most, as reserves are renewed; the acknowledgement overtakes what waits.
    expect(left.findIndex(({ text }) => text === 'ack')).toBeLessThan(501);
    for (const { at } of left) {
      expect(left.filter((other) => other.at >= at && other.at < at + 1).length).toBeLessThanOrEqual(550);
    }
    expect(left.at(-1)!.at).toBeGreaterThanOrEqual(9);
    expect(left.at(-1)!.at).toBeLessThan(13);
  });

  it('writes housekeeping at once, in order, inside the call', async () => {
    const { texts, send } = await world();
    void send('1', { kind: 'housekeeping' });
    void send('2', { kind: 'housekeeping' });
    expect(texts()).toEqual(['1', '2']);
  });

  it('drops a text said twice in a room within a minute, and the third in a row', async () => {
    const { clock, send, texts } = await world();
    const say = (text: string) => send(text, line('indie', text), { expiresAt: clock.now() + 1000 });
    const first = say('hi');
    const second = say('hi');
    await clock.settle();
    expect(await first).toMatchObject({ state: 'sent' });
    expect(await second).toMatchObject({ state: 'dropped', code: 'duplicate' });
    await clock.advance(60_000);
    void say('hi');
    await clock.advance(60_000);
    const third = say('hi');
    await clock.settle();
    expect(await third).toMatchObject({ state: 'dropped', code: 'duplicate' });
    void say('ho');
    await clock.settle();
    void say('hi');
    await clock.settle();
    expect(texts()).toEqual(['hi', 'hi', 'ho', 'hi']);
  });

  it('lets the same search go again only after ten minutes, whatever its order and case', async () => {
    const { clock, send } = await world();
    const search = (query: string) => send(query, { kind: 'search', query });
    void search('Boards of Canada');
    await clock.advance(300_000);
    await expect(clock.run(search('canada  boards OF'))).resolves.toMatchObject({ code: 'duplicate' });
    await expect(clock.run(search('canada boards -of'))).resolves.toMatchObject({ state: 'sent' });
    await clock.advance(300_000);
    await expect(clock.run(search('canada boards of'))).resolves.toMatchObject({ state: 'sent' });
  });

  it('keeps 5 s between searches and 30 within 220 s', async () => {
    const { clock, left, send } = await world();
    for (let i = 0; i < 80; i++)
      void send(`${i}`, { kind: 'search', query: `q${i}` }, { expiresAt: clock.now() + 1e9 });
    await clock.advance(900_000);
    expect(left).toHaveLength(80);
    for (let i = 1; i < left.length; i++) expect(left[i]!.at - left[i - 1]!.at).toBeGreaterThanOrEqual(5);
    const ms = left.map(({ at }) => Math.round(at * 1000));
    for (const from of ms)
      expect(ms.filter((at) => at >= from && at < from + 220_000).length).toBeLessThanOrEqual(30);
    expect(left.slice(0, 3).map(({ at }) => at)).toEqual([0, 5, 10]);
  });

  it('sends one wishlist search per announced interval, plus 2 to 10 s, over a restart too', async () => {
    const state = new MemoryState();
    const one = await world({ state });
    const { clock } = one;
    one.governor.setWishlistInterval(720);
    void one.send('w1', { kind: 'wishlist', query: 'w1' });
    await clock.advance(1000);
    one.governor.stop();
    const two = await world({ state, clock });
    two.governor.setWishlistInterval(720);
    void two.send('w2', { kind: 'wishlist', query: 'w2' });
    void two.send('w3', { kind: 'wishlist', query: 'w3' });
    await clock.advance(1_499_000);
    expect(two.left).toHaveLength(2);
    const [first, second] = two.left;
    expect(first!.at).toBeGreaterThanOrEqual(722);
    expect(first!.at).toBeLessThanOrEqual(732);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(722);
    two.governor.setWishlistInterval(0);
    const never = two.send('w4', { kind: 'wishlist', query: 'w4' });
    await expect(clock.run(never, { timeoutMs: 9e6 })).resolves.toMatchObject({ state: 'expired' });
  });

  it('counts only strangers against the budget for strangers', async () => {
    const { clock, governor, send, texts } = await world({
      limits: { privateLine: { strangersPerHour: 2 } },
    });
    governor.met('friend');
    for (const user of ['s1', 's2', 'friend']) void send(user, pm(user, user));
    await clock.advance(1000);
    const third = send('s3', pm('s3', 'x'), { expiresAt: clock.now() + 60_000 });
    await expect(clock.run(third)).resolves.toMatchObject({ state: 'dropped', code: 'stranger-limit' });
    expect(texts()).toEqual(['s1', 's2', 'friend']);
    // One that may wait for an hour does, unless the user writes first.
    const patient = send('s4', pm('s4', 'y'), { expiresAt: clock.now() + 7_200_000 });
    await clock.advance(1000);
    governor.met('s4');
    await expect(clock.run(patient)).resolves.toMatchObject({ state: 'sent' });
  });

  it('writes to ten different users a minute', async () => {
    const { clock, governor, left, send } = await world();
    for (let i = 0; i < 12; i++) {
      governor.met(`u${i}`);
      void send(`u${i}`, pm(`u${i}`, `hello ${i}`));
    }
    await clock.advance(59_000);
    expect(left).toHaveLength(10);
    // The same ten again cost no budget of users.
    void send('again', pm('u0', 'again'));
    await clock.settle();
    expect(left).toHaveLength(11);
    await clock.advance(60_000);
    expect(left).toHaveLength(13);
  });

  it('lets what waits too long expire and says so', async () => {
    const { clock, drops, send } = await world();
    for (let i = 0; i < 3; i++) void send(`${i}`, line('r', `${i}`));
    await clock.settle();
    const late = send('late', line('r', 'late'), { expiresAt: clock.now() + 2000, origin: 'p' });
    await clock.advance(2000);
    expect(await late).toMatchObject({ state: 'expired' });
    expect(drops).toEqual([expect.objectContaining({ kind: 'room-line', origin: 'p', code: 'expired' })]);
  });

  it('bounds the queue for each origin', async () => {
    const { clock, send, governor } = await world();
    const outcomes = Array.from({ length: 210 }, (_, i) =>
      send(`${i}`, line('r', `${i}`), { origin: 'greedy' }),
    );
    await clock.settle();
    expect(await outcomes[209]).toMatchObject({ state: 'dropped', code: 'queue-full' });
    expect(governor.fullFor('room-line', 'modest')).toBeUndefined();
    expect(governor.snapshot().queued).toEqual([{ kind: 'room-line', origin: 'greedy', count: 197 }]);
  });

  it('drops what is not durable when the session ends, and keeps what is', async () => {
    const { clock, governor, left, send, texts } = await world();
    for (let i = 0; i < 3; i++) void send(`${i}`, line('r', `${i}`));
    await clock.settle();
    const kept = send('kept', line('r', 'kept'), { durable: true });
    const lost = send('lost', line('r', 'lost'));
    governor.close('banned', 'the server has banned us');
    expect(await lost).toMatchObject({ code: 'banned' });
    expect(await send('after', { kind: 'housekeeping' })).toMatchObject({ code: 'banned' });
    await clock.advance(60_000);
    governor.open(exitTo(left, clock));
    await clock.settle();
    expect(await kept).toMatchObject({ state: 'sent' });
    expect(texts()).toEqual(['0', '1', '2', 'kept']);
  });

  it('does not write into a session that began after the frame was asked for', async () => {
    const { clock, governor, left, send } = await world();
    // Its budget is being saved when the session changes.
    const outcome = send('join', { kind: 'join', room: 'r' });
    governor.close('offline', 'lost');
    governor.open(exitTo(left, clock));
    await clock.advance(10_000);
    expect(await outcome).toMatchObject({ code: 'offline' });
    expect(left).toEqual([]);
  });

  it('obeys an abort signal, before and while waiting', async () => {
    const { clock, send, texts } = await world();
    const stop = new AbortController();
    void send('j1', { kind: 'join', room: '1' });
    const second = send('j2', { kind: 'join', room: '2' }, { signal: stop.signal });
    await clock.settle();
    stop.abort();
    expect(await second).toMatchObject({ code: 'cancelled' });
    expect(await send('j3', { kind: 'join', room: '3' }, { signal: stop.signal })).toMatchObject({
      code: 'cancelled',
    });
    await clock.advance(10_000);
    expect(texts()).toEqual(['j1']);
  });

  it('sends nothing that needs a budget while budgets cannot be saved, and goes on when they can', async () => {
    let full = false;
    const memory = new MemoryState();
    const state = {
      load: (name: string) => memory.load(name),
      save: async (name: string, value: string) => {
        if (full) throw new Error('ENOSPC');
        await memory.save(name, value);
      },
    };
    const log = memoryLog();
    const { clock, governor, send, texts } = await world({ state, log });
    full = true;
    void send('join', { kind: 'join', room: 'r' });
    void send('ping', { kind: 'ack' });
    await clock.advance(30_000);
    expect(texts()).toEqual(['ping']);
    expect(governor.snapshot().blocked).toMatch(/ENOSPC/);
    expect(log.at('error')).toHaveLength(1);
    full = false;
    await clock.advance(5000);
    expect(texts()).toEqual(['ping', 'join']);
    expect(governor.snapshot().blocked).toBeUndefined();
  });

  it('waits at a gate until woken', async () => {
    const { clock, governor, send, texts } = await world();
    let open = false;
    void send('x', line('r', 'x'), { gate: () => open });
    await clock.advance(5000);
    open = true;
    governor.wake();
    await clock.settle();
    expect(texts()).toEqual(['x']);
  });

  it('says what is left and when the next may leave', async () => {
    const { clock, governor, send } = await world();
    void send('1', { kind: 'ticker', room: 'a' });
    void send('2', { kind: 'ticker', room: 'b' });
    await clock.settle();
    expect(governor.snapshot()).toMatchObject({
      open: true,
      queued: [{ kind: 'ticker', origin: 'core', count: 1 }],
      nextAt: clock.now() + 30_000,
      waitsFor: 'ticker.everySeconds',
      sent: { ticker: 1 },
    });
  });

  it('does not take a wall clock that was set for time that has passed, over a restart either', async () => {
    for (const jump of [-3_600_000, 3_600_000]) {
      const state = new MemoryState();
      const one = await world({ state });
      const { clock } = one;
      void one.send('t1', { kind: 'ticker', room: 'a' });
      void one.send('q', { kind: 'search', query: 'q' });
      await clock.advance(1000);
      clock.jumpWallClock(jump);
      await clock.advance(28_000);
      void one.send('t2', { kind: 'ticker', room: 'b' });
      await clock.advance(999);
      expect(one.texts()).toEqual(['t1', 'q']);
      await clock.advance(1);
      expect(one.texts()).toEqual(['t1', 'q', 't2']);
      // It jumps once more, and nothing has to be saved for another reason before the restart.
      clock.jumpWallClock(jump);
      await clock.advance(31_000);
      one.governor.stop();
      const two = await world({ state, clock });
      const again = await clock.run(two.send('q', { kind: 'search', query: 'q' }));
      expect(again).toMatchObject({ code: 'duplicate' });
    }
  });

  it('shares the bursts of housekeeping among restarts', async () => {
    const state = new MemoryState();
    const clock = new VirtualClock();
    let all = 0;
    for (let i = 0; i < 10; i++) {
      const one = await world({ state, clock });
      for (let n = 0; n < 300; n++) void one.send('x', { kind: 'housekeeping' });
      await clock.advance(10);
      one.governor.stop();
      all += one.left.length;
    }
    expect(all).toBeGreaterThan(100);
    expect(all).toBeLessThanOrEqual(505);
  });

  it('takes a damaged document for budgets just used up', async () => {
    const state = new MemoryState();
    await state.save('governor', '{"version":1,"savedAt":1,"budgets":{"join":-5}}');
    const { clock, send, texts } = await world({ state });
    void send('line', line('r', 'line'));
    void send('search', { kind: 'search', query: 'q' });
    await clock.advance(59_000);
    expect(texts()).toEqual([]);
    await clock.advance(1000);
    expect(texts()).toEqual(['line']);
    await clock.advance(160_000);
    expect(texts()).toEqual(['line', 'search']);
  });
});
