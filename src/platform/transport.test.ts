import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Deferred, deferred } from './deferred.ts';
import { TcpTransport } from './real/tcp-transport.ts';
import type { Connection, ConnectionEvents, Listener, Transport } from './transport.ts';
import { SeededRandom } from './virtual/seeded-random.ts';
import { VirtualClock } from './virtual/virtual-clock.ts';
import { VirtualNet, type VirtualNetOptions } from './virtual/virtual-net.ts';

/** The same promises, kept by the system's TCP and by the virtual network. */
interface World {
  readonly transport: Transport;
  readonly host: string;
  run<T>(body: () => Promise<T>): Promise<T>;
}

function virtualWorld(options: Omit<VirtualNetOptions, 'clock'>): World {
  const clock = new VirtualClock();
  const net = new VirtualNet({ clock, ...options });
  return {
    transport: net.host('10.0.0.1'),
    host: '10.0.0.1',
    run: (body) => clock.run(body, { timeoutMs: 1e9 }),
  };
}

const worlds: [name: string, make: () => World][] = [
  ['TCP', () => ({ transport: new TcpTransport(), host: '127.0.0.1', run: (body) => body() })],
  ['a virtual net', () => virtualWorld({})],
  ['a virtual net without latency', () => virtualWorld({ latencyMs: 0 })],
  [
    'a rough virtual net',
    () => virtualWorld({ latencyMs: 20, jitterMs: 50, maxSegment: 3000, bytesPerSecond: 1e6 }),
  ],
];

/** Records what a connection tells, and lets a test wait for it. */
class Recorder {
  readonly connection: Connection;
  readonly log: string[] = [];
  readonly ended = deferred();
  readonly closed = deferred<Error | undefined>();
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  #waiting: { size: number; done: Deferred<void> }[] = [];
  #drains: Deferred<void>[] = [];

  constructor(connection: Connection, options: { halfOpen?: boolean; start?: boolean } = {}) {
    this.connection = connection;
    if (options.start !== false) this.start(options);
  }

  start(options: { halfOpen?: boolean } = {}): void {
    const events: ConnectionEvents = {
      onData: (chunk) => {
        this.log.push('data');
        this.#chunks.push(chunk);
        this.#size += chunk.length;
        this.#waiting = this.#waiting.filter(({ size, done }) => {
          if (this.#size < size) return true;
          done.resolve();
          return false;
        });
      },
      onDrain: () => {
        this.log.push('drain');
        for (const drain of this.#drains.splice(0)) drain.resolve();
      },
      onClose: (error) => {
        this.log.push('close');
        this.closed.resolve(error);
      },
    };
    if (options.halfOpen === true) {
      events.onEnd = () => {
        this.log.push('end');
        this.ended.resolve();
      };
    }
    this.connection.start(events);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get text(): string {
    return this.bytes.toString();
  }

  async received(size: number): Promise<void> {
    if (this.#size >= size) return;
    const done = deferred();
    this.#waiting.push({ size, done });
    await done.promise;
  }

  async drained(): Promise<void> {
    const drain = deferred();
    this.#drains.push(drain);
    await drain.promise;
  }
}

interface Pair {
  readonly client: Connection;
  readonly server: Connection;
  readonly listener: Listener;
}

async function connected(world: World): Promise<Pair> {
  const accepted = deferred<Connection>();
  const listener = await world.transport.listen({ host: world.host, port: 0 }, (connection) =>
    accepted.resolve(connection),
  );
  const { host, port } = listener.address;
  const client = await world.transport.connect({ host, port, timeoutMs: 10_000 });
  return { client, server: await accepted.promise, listener };
}

/** Enough time for what was sent before to arrive: several full exchanges over a connection of their own. */
async function meanwhile(world: World): Promise<void> {
  const { client, server, listener } = await connected(world);
  const a = new Recorder(client);
  const b = new Recorder(server);
  for (let i = 1; i <= 10; i++) {
    client.write(bytes('x'));
    await b.received(i);
    server.write(bytes('x'));
    await a.received(i);
  }
  client.destroy();
  await Promise.all([a.closed.promise, b.closed.promise, listener.close()]);
}

const bytes = (text: string) => new TextEncoder().encode(text);
const digest = (data: Uint8Array) => createHash('sha1').update(data).digest('hex');
const MB = 1_000_000;

describe.each(worlds)('a transport over %s', (_name, make) => {
  const check = (title: string, body: (world: World) => Promise<void>) =>
    test(title, () => {
      const world = make();
      return world.run(() => body(world));
    });

  check('carries bytes both ways and knows both addresses', async (world) => {
    const { client, server, listener } = await connected(world);
    const [a, b] = [new Recorder(client), new Recorder(server)];
    expect(client.remote).toEqual(listener.address);
    expect(server.local).toEqual(listener.address);
    expect(server.remote).toEqual(client.local);
    expect(client.write(bytes('hello'))).toBe(true);
    await b.received(5);
    server.write(bytes('good '));
    server.write(bytes('day'));
    await a.received(8);
    expect([a.text, b.text]).toEqual(['good day', 'hello']);
    expect([client.bytesRead, server.bytesRead]).toEqual([8, 5]);
    client.destroy();
    expect(await b.closed.promise).toBeUndefined();
    await listener.close();
  });

  check('keeps what arrives before start', async (world) => {
    const { client, server, listener } = await connected(world);
    client.write(bytes('early'));
    await meanwhile(world);
    expect(server.bytesRead).toBe(0);
    const b = new Recorder(server);
    expect(b.log).toEqual([]);
    await b.received(5);
    expect(b.text).toBe('early');
    client.destroy();
    server.destroy();
    await listener.close();
  });

  check('tells of an end and of a close that came before start', async (world) => {
    const { client, server, listener } = await connected(world);
    client.end();
    await meanwhile(world);
    const b = new Recorder(server, { halfOpen: true });
    expect(b.log).toEqual([]);
    await b.ended.promise;
    server.destroy();
    await b.closed.promise;
    client.destroy();
    await meanwhile(world);
    const a = new Recorder(client);
    expect(a.log).toEqual([]);
    await a.closed.promise;
    expect(b.log).toEqual(['end', 'close']);
    await listener.close();
  });

  check('moves 5 MB in order, with back-pressure', async (world) => {
    const { client, server, listener } = await connected(world);
    const [a, b] = [new Recorder(client), new Recorder(server, { halfOpen: true })];
    const data = new SeededRandom(5).bytes(5 * MB);
    let waits = 0;
    for (let at = 0; at < data.length; at += 40_000) {
      if (!client.write(data.subarray(at, at + 40_000))) {
        waits++;
        await a.drained();
        expect(client.bufferedBytes).toBe(0);
      }
    }
    client.end();
    await b.ended.promise;
    expect(waits).toBeGreaterThan(0);
    expect(digest(b.bytes)).toBe(digest(data));
    expect(server.bytesRead).toBe(data.length);
    server.end();
    await Promise.all([a.closed.promise, b.closed.promise, listener.close()]);
  });

  check('a paused receiver makes the sender wait', async (world) => {
    const { client, server, listener } = await connected(world);
    const [a, b] = [new Recorder(client), new Recorder(server)];
    server.pause();
    const data = Buffer.alloc(MB, 'abc');
    const total = 24;
    for (let i = 0; i < total; i++) client.write(data);
    expect(client.write(bytes('.'))).toBe(false);
    await meanwhile(world);
    expect(b.text).toBe('');
    expect(client.bufferedBytes).toBeGreaterThan(0);
    expect(a.log).toEqual([]);
    const drained = a.drained();
    server.resume();
    await drained;
    await b.received(total * MB + 1);
    server.pause();
    client.write(bytes('!'));
    await meanwhile(world);
    expect(server.bytesRead).toBe(total * MB + 1);
    server.resume();
    await b.received(total * MB + 2);
    client.destroy();
    await Promise.all([a.closed.promise, b.closed.promise, listener.close()]);
  });

  check('pausing before start holds data back', async (world) => {
    const { client, server, listener } = await connected(world);
    server.pause();
    const b = new Recorder(server);
    client.write(bytes('later'));
    await meanwhile(world);
    expect(b.log).toEqual([]);
    server.resume();
    await b.received(5);
    client.destroy();
    await Promise.all([b.closed.promise, listener.close()]);
  });

  check('pausing inside onData stops delivery at once', async (world) => {
    const { client, server, listener } = await connected(world);
    let seen = 0;
    const first = deferred();
    server.start({
      onData: (chunk) => {
        seen += chunk.length;
        server.pause();
        first.resolve();
      },
      onClose: () => {},
    });
    for (let i = 0; i < 10; i++) client.write(Buffer.alloc(100_000));
    await first.promise;
    const once = seen;
    await meanwhile(world);
    expect(seen).toBe(once);
    client.destroy();
    server.destroy();
    await listener.close();
  });

  for (const side of ['client', 'server'] as const) {
    check(`half-close by the ${side}`, async (world) => {
      const pair = await connected(world);
      const [ending, other] = side === 'client' ? [pair.client, pair.server] : [pair.server, pair.client];
      const [a, b] = [new Recorder(ending, { halfOpen: true }), new Recorder(other, { halfOpen: true })];
      ending.write(bytes('last words'));
      ending.end();
      expect(ending.write(bytes('too late'))).toBe(false);
      await b.ended.promise;
      expect(b.text).toBe('last words');
      expect([ending.closed, other.closed]).toEqual([false, false]);
      other.write(bytes('still here'));
      await a.received(10);
      other.end();
      expect(await a.closed.promise).toBeUndefined();
      expect(await b.closed.promise).toBeUndefined();
      expect(a.text).toBe('still here');
      expect(a.log.slice(-2)).toEqual(['end', 'close']);
      expect(b.log.slice(-2)).toEqual(['end', 'close']);
      expect([ending.closed, other.closed]).toEqual([true, true]);
      await pair.listener.close();
    });
  }

  check('without onEnd, what is buffered is sent before our side closes too', async (world) => {
    const { client, server, listener } = await connected(world);
    const [a, b] = [new Recorder(client, { halfOpen: true }), new Recorder(server)];
    client.end();
    server.write(new Uint8Array(3 * MB));
    await a.ended.promise;
    expect(a.bytes.length).toBe(3 * MB);
    await Promise.all([a.closed.promise, b.closed.promise, listener.close()]);
  });

  check('destroy closes both ends, once, and gives the owner its own error', async (world) => {
    const { client, server, listener } = await connected(world);
    const [a, b] = [new Recorder(client), new Recorder(server)];
    const why = new Error('enough');
    client.destroy(why);
    client.destroy(new Error('again'));
    expect(client.closed).toBe(true);
    expect(client.write(bytes('x'))).toBe(false);
    expect(client.bufferedBytes).toBe(0);
    expect(a.log).toEqual([]);
    expect(await a.closed.promise).toBe(why);
    await b.closed.promise;
    expect(server.write(bytes('x'))).toBe(false);
    client.end();
    server.end();
    server.destroy();
    client.resume();
    await meanwhile(world);
    expect(a.log).toEqual(['close']);
    expect(b.log).toEqual(['close']);
    await listener.close();
  });

  check('destroying with unread data resets the other end', async (world) => {
    const { client, server, listener } = await connected(world);
    const a = new Recorder(client);
    client.write(new Uint8Array(10 * MB));
    await meanwhile(world);
    server.destroy();
    const error = await a.closed.promise;
    expect(error).toMatchObject({
      name: 'TransportError',
      code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/),
    });
    expect(client.closed).toBe(true);
    await listener.close();
  });

  check('writing to an end that is gone resets us', async (world) => {
    const { client, server, listener } = await connected(world);
    const b = new Recorder(server, { halfOpen: true });
    client.destroy();
    await b.ended.promise;
    expect(server.closed).toBe(false);
    // The system may tell only on the write after the one that was answered with a reset.
    while (!server.closed) {
      server.write(bytes('anybody?'));
      await meanwhile(world);
    }
    const error = await b.closed.promise;
    expect(error).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) });
    expect(b.log).toEqual(['end', 'close']);
    await listener.close();
  });

  check('start is called once', async (world) => {
    const { client, server, listener } = await connected(world);
    const a = new Recorder(client);
    expect(() => a.start()).toThrow('once');
    client.destroy();
    server.destroy();
    await Promise.all([a.closed.promise, listener.close()]);
  });

  check('connecting where nobody listens is refused', async (world) => {
    const { client, server, listener } = await connected(world);
    await listener.close();
    await listener.close();
    const { host, port } = listener.address;
    await expect(world.transport.connect({ host, port, timeoutMs: 10_000 })).rejects.toMatchObject({
      name: 'TransportError',
      code: 'ECONNREFUSED',
    });
    // Accepted connections outlive the listener.
    const [a, b] = [new Recorder(client), new Recorder(server)];
    client.write(bytes('hi'));
    await b.received(2);
    client.destroy();
    await Promise.all([a.closed.promise, b.closed.promise]);
  });

  check('connecting can be aborted before and while it runs', async (world) => {
    const listener = await world.transport.listen({ host: world.host, port: 0 }, (connection) =>
      connection.destroy(),
    );
    const { host, port } = listener.address;
    const done = AbortSignal.abort();
    await expect(
      world.transport.connect({ host, port, timeoutMs: 10_000, signal: done }),
    ).rejects.toMatchObject({
      code: 'ABORT_ERR',
    });
    const controller = new AbortController();
    const attempt = world.transport.connect({ host, port, timeoutMs: 10_000, signal: controller.signal });
    controller.abort();
    await expect(attempt).rejects.toMatchObject({ name: 'TransportError', code: 'ABORT_ERR' });
    await listener.close();
  });

  check('aborting after the connection is there changes nothing', async (world) => {
    const accepted = deferred<Connection>();
    const listener = await world.transport.listen({ host: world.host, port: 0 }, (connection) =>
      accepted.resolve(connection),
    );
    const controller = new AbortController();
    const { host, port } = listener.address;
    const client = await world.transport.connect({
      host,
      port,
      timeoutMs: 10_000,
      signal: controller.signal,
    });
    controller.abort();
    const b = new Recorder(await accepted.promise);
    client.write(bytes('on'));
    await b.received(2);
    client.destroy();
    await Promise.all([b.closed.promise, listener.close()]);
  });

  check('a port in use cannot be bound, an impossible one neither', async (world) => {
    const { client, server, listener } = await connected(world);
    await expect(world.transport.listen(listener.address, () => {})).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    for (const attempt of [
      () => world.transport.listen({ host: world.host, port: 70_000 }, () => {}),
      () => world.transport.connect({ host: world.host, port: 70_000, timeoutMs: 1000 }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ name: 'TransportError', code: 'ERR_SOCKET_BAD_PORT' });
    }
    client.destroy();
    server.destroy();
    await listener.close();
    const again = await world.transport.listen(listener.address, () => {});
    expect(again.address).toEqual(listener.address);
    await again.close();
  });

  check('many connections at once stay apart', async (world) => {
    const servers: Recorder[] = [];
    const listener = await world.transport.listen({ host: world.host, port: 0 }, (connection) => {
      servers.push(new Recorder(connection, { halfOpen: true }));
    });
    const { host, port } = listener.address;
    const clients = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const client = new Recorder(await world.transport.connect({ host, port, timeoutMs: 10_000 }));
        for (let j = 0; j < 20; j++) client.connection.write(bytes(`${i};`));
        client.connection.end();
        return client;
      }),
    );
    await meanwhile(world);
    for (const server of servers) {
      await server.ended.promise;
      expect(new Set(server.text.split(';').filter(Boolean)).size).toBe(1);
      server.connection.end();
    }
    await Promise.all(clients.map((client) => client.closed.promise));
    expect(new Set(servers.map((server) => server.text)).size).toBe(50);
    await listener.close();
  });
});
