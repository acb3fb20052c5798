import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Connection, ConnectionEvents } from '../transport.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualClock } from './virtual-clock.ts';
import { VirtualNet, type VirtualNetOptions } from './virtual-net.ts';

const A = '10.0.0.1';
const B = '10.0.0.2';
const C = '10.0.0.3';

/** One end, with everything it was told. */
class End implements ConnectionEvents {
  readonly connection: Connection;
  readonly log: string[] = [];
  size = 0;
  error: Error | undefined;
  readonly #now: () => number;

  constructor(connection: Connection, now: () => number) {
    this.connection = connection;
    this.#now = now;
    connection.start(this);
  }

  onData(chunk: Uint8Array): void {
    this.size += chunk.length;
    this.log.push(`${chunk.length}@${this.#now()}`);
  }

  onClose(error?: Error): void {
    this.error = error;
    this.log.push(`close@${this.#now()}`);
  }
}

async function world(options: Omit<VirtualNetOptions, 'clock'> = {}) {
  const clock = new VirtualClock();
  const net = new VirtualNet({ clock, ...options });
  const [a, b] = [net.host(A), net.host(B)];
  const servers: End[] = [];
  const now = () => clock.monotonic();
  await b.listen({ host: B, port: 80 }, (connection) => servers.push(new End(connection, now)));
  const dial = (host = B, timeoutMs = 5000) => a.connect({ host, port: 80, timeoutMs });
  const open = async () => {
    const client = new End(await clock.run(dial()), now);
    return { client, server: servers.at(-1)! };
  };
  return { clock, net, a, b, dial, open, servers, now };
}

describe('delays', () => {
  test('a connection takes one round trip, bytes one trip', async () => {
    const { clock, open } = await world({ latencyMs: 30 });
    const { client, server } = await open();
    expect(clock.monotonic()).toBe(60);
    client.connection.write(new Uint8Array(10));
    client.connection.write(new Uint8Array(20));
    await clock.advance(29);
    client.connection.write(new Uint8Array(5));
    await clock.advance(100);
    expect(server.log).toEqual(['30@90', '5@119']);
  });

  test('an override concerns its pair, also on open connections', async () => {
    const { clock, net, open } = await world({ latencyMs: 1 });
    const { client, server } = await open();
    net.host(C);
    net.link(A, C, { latencyMs: 7 });
    net.link(B, A, { latencyMs: 100 });
    client.connection.write(new Uint8Array(1));
    net.link(A, B, { latencyMs: 10 });
    client.connection.write(new Uint8Array(2));
    await clock.advance(1000);
    // The second never overtakes the first.
    expect(server.log).toEqual(['3@102']);
  });

  test('a slow link spreads bytes over time', async () => {
    const { clock, open } = await world({ latencyMs: 10, bytesPerSecond: 1000 });
    const { client, server } = await open();
    client.connection.write(new Uint8Array(500));
    client.connection.write(new Uint8Array(500));
    await clock.advance(5000);
    expect(server.log).toEqual(['500@530', '500@1030']);
  });

  test('each event comes from its own timer, so a throwing receiver loses nothing', async () => {
    const { clock, a, b } = await world();
    let failing = true;
    let size = 0;
    await b.listen({ host: '0.0.0.0', port: 81 }, (connection) => {
      connection.start({
        onData: (chunk) => {
          size += chunk.length;
          if (failing) throw new Error('a bug in the receiver');
        },
        onClose: () => {},
      });
    });
    const client = await clock.run(a.connect({ host: B, port: 81, timeoutMs: 1000 }));
    client.write(new Uint8Array(10));
    clock.setTimeout(() => client.write(new Uint8Array(20)), 0.5);
    await expect(clock.advance(1000)).rejects.toThrow('a bug in the receiver');
    failing = false;
    await clock.advance(1000);
    expect(size).toBe(30);
  });
});

describe('back-pressure', () => {
  test('write says when the buffer is above its mark; the window bounds what is under way', async () => {
    const { clock, open } = await world({ highWaterMark: 1000, windowBytes: 4000 });
    const { client, server } = await open();
    let drains = 0;
    Object.assign(client, { onDrain: () => drains++ });
    server.connection.pause();
    expect(client.connection.write(new Uint8Array(4000))).toBe(true);
    expect(client.connection.bufferedBytes).toBe(0);
    expect(client.connection.write(new Uint8Array(1000))).toBe(true);
    expect(client.connection.write(new Uint8Array(1))).toBe(false);
    await clock.advance(10_000);
    expect([client.connection.bufferedBytes, server.size, drains]).toEqual([1001, 0, 0]);
    server.connection.resume();
    expect(server.size).toBe(0);
    await clock.advance(10_000);
    expect([client.connection.bufferedBytes, server.size, drains]).toEqual([0, 5001, 1]);
  });
});

test('between taking and acknowledging, writes neither overtake nor claim room', async () => {
  const { clock, open } = await world({ latencyMs: 100, windowBytes: 100, highWaterMark: 10 });
  const { client, server } = await open();
  const got: number[] = [];
  const drains: number[] = [];
  Object.assign(server, { onData: (chunk: Uint8Array) => got.push(...chunk) });
  Object.assign(client, { onDrain: () => drains.push(got.length) });
  client.connection.write(new Uint8Array(100).fill(1));
  expect(client.connection.write(new Uint8Array(20).fill(2))).toBe(false);
  await clock.advance(150);
  expect(got).toHaveLength(100);
  expect(client.connection.write(Uint8Array.of(3))).toBe(false);
  expect(client.connection.bufferedBytes).toBe(0);
  expect(client.connection.write(Uint8Array.of(4))).toBe(false);
  await clock.advance(1000);
  expect(got.slice(98)).toEqual([1, 1, ...new Array<number>(20).fill(2), 3, 4]);
  expect(drains).toHaveLength(1);
  expect(client.connection.write(Uint8Array.of(5))).toBe(true);
});

test('a write does not overtake what is still buffered', async () => {
  const { clock, open } = await world({ latencyMs: 100, windowBytes: 100 });
  const { client, server } = await open();
  const got: number[] = [];
  Object.assign(server, { onData: (chunk: Uint8Array) => got.push(...chunk) });
  client.connection.write(new Uint8Array(100).fill(1));
  client.connection.write(new Uint8Array(50).fill(2));
  await clock.advance(150);
  client.connection.write(Uint8Array.of(3));
  await clock.advance(1000);
  expect(got.slice(100)).toEqual([...new Array<number>(50).fill(2), 3]);
});

describe('finding each other', () => {
  test('names resolve, others do not', async () => {
    const { clock, net, dial } = await world();
    await expect(clock.run(dial('server.test'))).rejects.toMatchObject({ code: 'ENOTFOUND' });
    net.name('Server.test', B);
    const connection = await clock.run(dial('server.TEST'));
    expect(connection.remote).toEqual({ host: B, port: 80 });
    net.name('server.test', undefined);
    await expect(clock.run(dial('server.test'))).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('a host that is not there, firewalled or cut off lets the attempt time out', async () => {
    const { clock, net, b, dial, now } = await world();
    const start = now();
    await expect(clock.run(dial('10.9.9.9', 3000))).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(now() - start).toBe(3000);
    b.firewalled = true;
    await expect(clock.run(dial(B, 2500))).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    b.firewalled = false;
    net.cut(A);
    await expect(clock.run(dial(B, 100))).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    net.heal(A, B);
    await clock.run(dial());
    expect(net.stats()).toMatchObject({ connections: 1, connects: 4 });
    expect(clock.pending).toBe(0);
  });

  test('an attempt during a cut succeeds when it is healed in time', async () => {
    const { clock, net, dial, now } = await world();
    net.cut(A, B);
    const attempt = dial(B, 10_000);
    await clock.advance(1500);
    net.heal(A, B);
    await clock.run(attempt);
    expect(now()).toBeLessThan(4000);
  });

  test('a firewalled host reaches out, and itself', async () => {
    const { clock, a, b, open } = await world();
    a.firewalled = true;
    b.firewalled = true;
    await b.listen({ host: '127.0.0.1', port: 0 }, () => {});
    const own = await clock.run(b.connect({ host: 'localhost', port: 32_768, timeoutMs: 100 }));
    expect([own.local.host, own.remote]).toEqual(['127.0.0.1', { host: '127.0.0.1', port: 32_768 }]);
    b.firewalled = false;
    await open();
    const outside = a.connect({ host: B, port: 32_768, timeoutMs: 100 });
    await expect(clock.run(outside)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('binding: ports in order, no foreign addresses, wildcards collide', async () => {
    const { b } = await world();
    const first = await b.listen({ host: B, port: 0 }, () => {});
    const second = await b.listen({ host: '0.0.0.0', port: 0 }, () => {});
    expect([first.address.port, second.address.port]).toEqual([32_768, 32_769]);
    for (const [host, port, code] of [
      [A, 0, 'EADDRNOTAVAIL'],
      ['nowhere.test', 0, 'ENOTFOUND'],
      [B, 80, 'EADDRINUSE'],
      ['0.0.0.0', 80, 'EADDRINUSE'],
      ['127.0.0.1', 32_769, 'EADDRINUSE'],
    ] as const) {
      await expect(b.listen({ host, port }, () => {})).rejects.toMatchObject({ code });
    }
    await b.listen({ host: '127.0.0.1', port: 80 }, () => {});
    await second.close();
    await b.listen({ host: B, port: 32_769 }, () => {});
  });

  test('what is no address makes no host', async () => {
    const { net } = await world();
    for (const ip of ['', 'a.b.c.d', '1.2.3', '1.2.3.256', '1.2.3.4.5'])
      expect(() => net.host(ip)).toThrow(RangeError);
  });

  test('aborting or timing out half-way leaves nothing behind', async () => {
    const { clock, net, a, servers } = await world({ latencyMs: 100 });
    const controller = new AbortController();
    const aborted = a.connect({ host: B, port: 80, timeoutMs: 5000, signal: controller.signal });
    const late = a.connect({ host: B, port: 80, timeoutMs: 150 });
    const outcomes = Promise.allSettled([aborted, late]);
    await clock.advance(150);
    expect(servers).toHaveLength(2);
    controller.abort();
    await clock.advance(1000);
    expect(await outcomes).toMatchObject([
      { reason: { code: 'ABORT_ERR' } },
      { reason: { code: 'ETIMEDOUT' } },
    ]);
    expect(servers.map((server) => server.connection.closed)).toEqual([true, true]);
    expect([net.stats().connections, clock.pending, a.connections.size, a.dials]).toEqual([0, 0, 0, 0]);
  });

  test('the end of an accepted connection does not free a port that another one has', async () => {
    const { clock, a, b } = await world();
    const accepted: Connection[] = [];
    const listener = await b.listen({ host: B, port: 0 }, (connection) => accepted.push(connection));
    await clock.run(a.connect({ ...listener.address, timeoutMs: 1000 }));
    await listener.close();
    for (let i = 0; i < 28_232; i++) b.takePort();
    accepted[0]!.destroy();
    expect(() => b.takePort()).toThrow('No free port');
  });

  test('ports of closed connections are used again', async () => {
    const { clock, a, dial } = await world({ latencyMs: 0 });
    for (let i = 0; i < 29_000; i += 500) {
      const opened = await clock.run(Promise.all(Array.from({ length: 500 }, () => dial())));
      for (const connection of opened) connection.destroy();
      await clock.settle();
    }
    expect(a.connections.size).toBe(0);
    const ports = new Set<number>();
    for (let i = 0; i < 28_232; i++) ports.add(a.takePort());
    expect(ports.size).toBe(28_232);
    await expect(clock.run(dial())).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});

describe('faults', () => {
  test('a cut is silent; after healing everything arrives in order', async () => {
    const { clock, net, open } = await world({ windowBytes: 1000 });
    const { client, server } = await open();
    client.connection.write(new Uint8Array(10));
    net.cut(A, B);
    client.connection.write(new Uint8Array(5000));
    server.connection.write(new Uint8Array(7));
    server.connection.end();
    await clock.advance(100_000);
    expect([client.log, server.log]).toEqual([[], []]);
    expect(client.connection.bufferedBytes).toBe(4010);
    net.heal(A, B);
    await clock.advance(1000);
    expect([client.size, server.size]).toEqual([7, 5010]);
    expect([client.error, client.connection.closed, server.connection.closed]).toEqual([
      undefined,
      true,
      true,
    ]);
  });

  test('an acknowledgement lost in a cut is sent again', async () => {
    const { clock, net, open } = await world({ latencyMs: 100, windowBytes: 1000 });
    const { client, server } = await open();
    client.connection.write(new Uint8Array(2500));
    await clock.advance(150);
    expect([server.size, client.connection.bufferedBytes]).toEqual([1000, 1500]);
    net.cut(A, B);
    await clock.advance(10_000);
    expect([server.size, client.connection.bufferedBytes]).toEqual([1000, 1500]);
    net.heal(A, B);
    await clock.advance(10_000);
    expect([server.size, client.connection.bufferedBytes]).toEqual([2500, 0]);
  });

  test('a cut during the handshake delays the news of the connection', async () => {
    const { clock, net, dial, servers } = await world({ latencyMs: 100 });
    let connected = false;
    const attempt = dial(B, 60_000).then(() => {
      connected = true;
    });
    await clock.advance(150);
    expect(servers).toHaveLength(1);
    net.cut(A, B);
    await clock.advance(20_000);
    expect(connected).toBe(false);
    net.heal(A, B);
    await clock.run(attempt);
  });

  test('an end is not closed before its send buffer is empty', async () => {
    const { clock, open } = await world({ latencyMs: 10, windowBytes: 1000 });
    const { client, server } = await open();
    Object.assign(client, { onEnd: () => {} });
    server.connection.write(new Uint8Array(5000));
    client.connection.end();
    await clock.advance(15);
    expect([server.connection.bufferedBytes > 0, server.connection.closed]).toEqual([true, false]);
    await clock.advance(1000);
    expect([client.size, server.log, server.connection.closed]).toEqual([
      5000,
      [expect.stringMatching('close')],
      true,
    ]);
  });

  test.each([50, 5])('destroying an end that did not read: %d ms after the write, latency 10', async (ms) => {
    const { clock, open } = await world({ latencyMs: 10 });
    const { client, server } = await open();
    Object.assign(client, { onEnd: () => {} });
    server.connection.pause();
    client.connection.write(new Uint8Array(5));
    await clock.advance(ms);
    server.connection.destroy();
    await clock.advance(1000);
    expect(client.error).toMatchObject({ code: 'ECONNRESET' });
  });

  test('a partition cuts between groups, not within', async () => {
    const { clock, net, open, dial } = await world();
    await open();
    net.host(C);
    net.partition([A, B], [C]);
    await clock.run(dial());
    net.partition([A], [B, C]);
    await expect(clock.run(dial(B, 100))).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    net.healAll();
    await clock.run(dial());
  });

  test('a reset tells both ends at once', async () => {
    const { clock, net, open, now } = await world({ latencyMs: 50 });
    const [one, two] = [await open(), await open()];
    one.client.connection.write(new Uint8Array(5));
    const at = now();
    net.reset(A, B);
    expect(one.client.log).toEqual([]);
    await clock.advance(1000);
    for (const end of [one.client, one.server, two.client, two.server]) {
      expect(end.log).toEqual([`close@${at}`]);
      expect(end.error).toMatchObject({ name: 'TransportError', code: 'ECONNRESET' });
    }
    expect(net.stats()).toMatchObject({ connections: 0, bytes: 0 });
  });

  test('a crash is silent at home and resets the others', async () => {
    const { clock, net, b, open, dial } = await world({ latencyMs: 50 });
    const { client, server } = await open();
    const outgoing = b.connect({ host: A, port: 1, timeoutMs: 1000 });
    b.crash();
    await expect(outgoing).rejects.toMatchObject({ code: 'ABORT_ERR' });
    await clock.advance(1000);
    expect(server.log).toEqual([]);
    expect(client.error).toMatchObject({ code: 'ECONNRESET' });
    await expect(clock.run(dial())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await b.listen({ host: B, port: 80 }, () => {});
    await clock.run(dial());
    expect(net.stats()).toMatchObject({ connections: 1, listeners: 1 });
  });

  test('stats count what is open and what went through', async () => {
    const { clock, net, open } = await world();
    const [one, two] = [await open(), await open()];
    one.client.connection.write(new Uint8Array(123));
    await clock.advance(10);
    expect(net.stats()).toEqual({ connections: 2, listeners: 1, connects: 2, bytes: 123, datagrams: 0 });
    one.client.connection.destroy();
    expect(net.stats().connections).toBe(2);
    await clock.advance(10);
    two.client.connection.end();
    await clock.advance(10);
    expect(net.stats().connections).toBe(0);
    expect(clock.pending).toBe(0);
  });
});

describe('whatever happens on the way', () => {
  const scenario = fc.record({
    seed: fc.integer(),
    latencyMs: fc.nat({ max: 50 }),
    jitterMs: fc.nat({ max: 100 }),
    maxSegment: fc.option(fc.integer({ min: 1, max: 2000 }), { nil: Infinity }),
    windowBytes: fc.integer({ min: 1, max: 20_000 }),
    highWaterMark: fc.nat({ max: 5000 }),
    bytesPerSecond: fc.constantFrom(Infinity, 1e6),
    steps: fc.array(
      fc.record({
        client: fc.boolean(),
        what: fc.oneof(
          fc.record({ write: fc.nat({ max: 3000 }) }),
          fc.record({ pauseMs: fc.nat({ max: 200 }) }),
          fc.record({ cutMs: fc.nat({ max: 200 }) }),
        ),
        thenMs: fc.nat({ max: 60 }),
      }),
      { maxLength: 40 },
    ),
  });

  test('the bytes that go in come out, in order, each way, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ steps, seed, ...options }) => {
        const random = new SeededRandom(seed);
        const { clock, net, open } = await world({ ...options, random });
        const { client, server } = await open();
        const got = { client: [] as number[], server: [] as number[] };
        const sent = { client: [] as number[], server: [] as number[] };
        Object.assign(client, { onData: (chunk: Uint8Array) => got.client.push(...chunk) });
        Object.assign(server, { onData: (chunk: Uint8Array) => got.server.push(...chunk) });
        for (const { client: isClient, what, thenMs } of steps) {
          const { connection } = isClient ? client : server;
          if ('write' in what) {
            const bytes = random.bytes(what.write);
            sent[isClient ? 'client' : 'server'].push(...bytes);
            connection.write(bytes);
          } else if ('pauseMs' in what) {
            connection.pause();
            clock.setTimeout(() => connection.resume(), what.pauseMs);
          } else {
            net.cut(A, B);
            clock.setTimeout(() => net.heal(A, B), what.cutMs);
          }
          await clock.advance(thenMs);
        }
        client.connection.end();
        await clock.runUntil(() => client.connection.closed && server.connection.closed, { timeoutMs: 1e8 });
        await clock.settle();
        expect(got.server).toEqual(sent.client);
        expect(got.client).toEqual(sent.server);
        expect([client.error, server.error]).toEqual([undefined, undefined]);
        expect([net.stats().connections, client.connection.bytesRead]).toEqual([0, sent.server.length]);
        await clock.advance(1000);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test.each(['heal', 'reset'] as const)('%s reaches an end whose other end is closed', async (undo) => {
    for (const [one, other] of [[A, B], [B, A], [A], [B]] as const) {
      const { clock, net, open } = await world({ windowBytes: 100 });
      const { client, server } = await open();
      net.cut(A, B);
      client.connection.destroy();
      server.connection.write(new Uint8Array(150));
      server.connection.end();
      await clock.advance(10_000);
      expect(server.connection.closed).toBe(false);
      net[undo](one, other);
      await clock.advance(10_000);
      expect(server.connection.closed).toBe(true);
      expect(net.stats().connections).toBe(0);
    }
  });

  test('close is told exactly once to every end that hears at all', async () => {
    const act = fc.constantFrom('end', 'destroy', 'write', 'pause', 'resume', 'reset', 'cut', 'heal', 'wait');
    const step = fc.record({ client: fc.boolean(), act, ms: fc.nat({ max: 5 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat({ max: 3 }), async (steps, latencyMs) => {
        const { clock, net, open } = await world({ latencyMs, windowBytes: 100 });
        const ends = await open();
        for (const { client, act, ms } of steps) {
          const { connection } = client ? ends.client : ends.server;
          if (act === 'write') connection.write(new Uint8Array(150));
          else if (act === 'reset') net.reset(A, B);
          else if (act === 'cut' || act === 'heal') net[act](A, B);
          else if (act !== 'wait') connection[act]();
          await clock.advance(ms);
        }
        net.heal(A, B);
        ends.client.connection.destroy();
        ends.server.connection.resume();
        await clock.advance(10_000);
        for (const { log } of [ends.client, ends.server]) {
          expect(log.filter((line) => line.startsWith('close'))).toHaveLength(1);
          expect(log.at(-1)).toMatch(/^close/);
        }
        expect([net.stats().connections, clock.pending]).toEqual([0, 0]);
      }),
      { numRuns: 300 },
    );
  });

  test('a run repeats from its seed', async () => {
    const run = async (seed: number) => {
      const { clock, open } = await world({ jitterMs: 20, maxSegment: 50, random: new SeededRandom(seed) });
      const { client, server } = await open();
      for (let i = 0; i < 20; i++) {
        client.connection.write(new Uint8Array(200));
        await clock.advance(3);
      }
      await clock.advance(1000);
      return server.log;
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });
});
