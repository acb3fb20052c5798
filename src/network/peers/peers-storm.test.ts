import { describe, expect, it } from 'vitest';
import { encodeInitMessage, encodePeerMessage } from '../../protocol/index.ts';
import { Hub, isAtRest, listenRaw, node, RawPeer, result } from './peers.test-support.ts';

const ANN = '10.0.0.1';

describe('two thousand peers that bring a result at once', () => {
  it('lose none, stay within the budgets, and are all gone 3 s after the last byte', async () => {
    const hub = new Hub({ link: { latencyMs: 20, jitterMs: 60 } });
    const { clock, random, net } = hub.world;
    hub.delay = () => random.int(0, 500);
    const ann = await node(hub, 'ann', ANN);
    const seen = new Map<string, number>();
    ann.messages.onSearchResponse(({ token }) => token === 42);
    ann.messages.on('FileSearchResponse', (_message, link) => {
      seen.set(link.user, (seen.get(link.user) ?? 0) + 1);
    });
    const init = (username: string) =>
      encodeInitMessage({ type: 'PeerInit', username, connectionType: 'P', token: 0 });
    const found = encodePeerMessage(result(42, 20));
    let lastByte = 0;
    const deliver = async (at: number): Promise<void> => {
      const ip = `10.7.${at >> 8}.${at & 255}`;
      const name = `peer ${at}`;
      const asks = at % 2 === 0;
      hub.users.set(name, { ip, port: asks ? 5 : 0, obfuscatedPort: 0 });
      let sent = false;
      const say = (write: (bytes: Uint8Array) => void): void => {
        // As Nicotine+ does: the result leaves on whichever connection is there first.
        if (sent) return;
        sent = true;
        lastByte = clock.monotonic();
        write(found);
      };
      if (asks) {
        await net.host(ip).listen({ host: '0.0.0.0', port: 5 }, (connection) => {
          const peer = new RawPeer(connection, { opened: false });
          peer.onInit = () => say((bytes) => connection.write(bytes));
        });
        hub.relay(name, at, 'ann', 'P');
      }
      // A third of those that ask cannot reach us: the request is their only way.
      if (asks && at % 3 === 0) return;
      const connection = await net.host(ip).connect({ host: ANN, port: 2234, timeoutMs: 5000 });
      connection.start({ onData: () => {}, onClose: () => {} });
      connection.write(init(name));
      say((bytes) => connection.write(bytes));
    };
    const delivered = Promise.all(Array.from({ length: 2000 }, (_, at) => deliver(at)));
    await clock.run(delivered);
    await clock.runUntil(() => seen.size === 2000);
    expect([...seen.values()].every((count) => count === 1)).toBe(true);
    await clock.runUntil(() => ann.peers.snapshot().links.P === 0);
    expect(clock.monotonic() - lastByte).toBeLessThan(3000);
    const { accepted, outgoing, abuse } = ann.peers.snapshot();
    expect(accepted.peak).toBeLessThanOrEqual(2048);
    expect(outgoing.peakOpen).toBeLessThanOrEqual(256);
    expect(outgoing.peakHalfOpen).toBeLessThanOrEqual(64);
    expect(abuse).toEqual({});
    await clock.advance(5000);
    expect(isAtRest(ann)).toBe(true);
    // Every request was answered: by a connection or by a refusal.
    expect(ann.link.count('CantConnectToPeer')).toBeGreaterThan(500);
    expect(ann.link.count('ConnectToPeer')).toBe(0);
  });
});

describe('outgoing budgets', () => {
  const connect = { priority: 'answer', timeoutMs: 30_000 } as const;

  /** Users whose ports swallow whoever dials them. */
  const silent = (hub: Hub, count: number) => {
    for (let at = 0; at < count; at++) {
      hub.users.set(`silent ${at}`, { ip: `10.8.${at >> 8}.${at & 255}`, port: 5, obfuscatedPort: 0 });
    }
  };

  it('let a person through while answers wait', async () => {
    const hub = new Hub();
    const { clock } = hub.world;
    const ann = await node(hub, 'ann', ANN);
    await node(hub, 'bob', '10.0.0.2');
    silent(hub, 500);
    const answers = Array.from({ length: 500 }, (_, at) =>
      ann.peers.connect(`silent ${at}`, 'P', connect).catch(() => undefined),
    );
    await clock.advance(2000);
    expect(ann.peers.snapshot().outgoing).toMatchObject({ halfOpen: 48, queued: { answer: 452 } });
    const person = ann.peers.connect('bob', 'P', { ...connect, priority: 'person' });
    expect((await clock.run(person, { timeoutMs: 300 })).user).toBe('bob');
    await clock.run(Promise.all(answers));
    expect(ann.peers.snapshot().outgoing).toMatchObject({ peakHalfOpen: 49, parked: 0 });
  });

  it('are passed on in order of priority, also to what was asked for again with a higher one', async () => {
    const hub = new Hub();
    const { clock } = hub.world;
    const ann = await node(hub, 'ann', ANN, { limits: { halfOpen: 1 } });
    silent(hub, 5);
    const order: string[] = [];
    const ask = (at: number, priority: 'person' | 'tree' | 'transfer' | 'answer') =>
      void ann.peers.connect(`silent ${at}`, 'P', { ...connect, priority }).catch(() => {});
    ask(0, 'answer');
    ask(1, 'answer');
    ask(2, 'transfer');
    ask(3, 'tree');
    ask(4, 'answer');
    ask(4, 'person');
    for (let second = 0; second < 25; second++) {
      await clock.advance(1000);
      for (const request of ann.link.take()) {
        if (request.type === 'ConnectToPeer') order.push(request.username.slice(-1));
      }
    }
    expect(order).toEqual(['0', '4', '3', '2', '1']);
  });

  it('expire what waits too long and turn away what is too much, the least important first', async () => {
    const hub = new Hub();
    const { clock } = hub.world;
    const ann = await node(hub, 'ann', ANN, { limits: { halfOpen: 1, queued: 2 } });
    silent(hub, 5);
    const outcomes: string[] = [];
    const ask = (at: number, priority: 'person' | 'answer') =>
      void ann.peers
        .connect(`silent ${at}`, 'P', { priority, timeoutMs: 3000 })
        .catch((error: unknown) => outcomes.push(`${at} ${(error as { code: string }).code}`));
    ask(0, 'answer');
    ask(1, 'answer');
    ask(2, 'answer');
    ask(3, 'answer');
    ask(4, 'person');
    await clock.settle();
    expect(outcomes).toEqual(['3 over-budget', '2 over-budget']);
    await clock.advance(3000);
    expect(outcomes.slice(2).sort()).toEqual(['0 timeout', '1 expired', '4 expired']);
    await clock.advance(1);
    expect(isAtRest(ann)).toBe(true);
  });

  it('hold 100 dials in any second and 256 connections', async () => {
    const hub = new Hub();
    const { clock, net } = hub.world;
    const ann = await node(hub, 'ann', ANN);
    const starts: number[] = [];
    for (let at = 0; at < 400; at++) {
      const ip = `10.8.${at >> 8}.${at & 255}`;
      await listenRaw(hub, ip, 5);
      hub.users.set(`user ${at}`, { ip, port: 5, obfuscatedPort: 0 });
      void ann.peers.connect(`user ${at}`, 'F', { priority: 'person', timeoutMs: 60_000 }).then(
        (link) => link.start({ onClose: () => {} }),
        () => {},
      );
    }
    let before = net.stats().connects;
    for (let step = 0; step < 500; step++) {
      await clock.advance(20);
      const now = net.stats().connects;
      for (let dial = before; dial < now; dial++) starts.push(clock.monotonic());
      before = now;
    }
    const inASecond = starts.map((from) => starts.filter((at) => at > from - 980 && at <= from).length);
    expect(Math.max(...inASecond)).toBeLessThanOrEqual(100);
    expect(ann.peers.snapshot().outgoing.peakOpen).toBe(256);
    expect(starts.length).toBeGreaterThanOrEqual(256);
    await clock.advance(20_000);
    expect(starts.length + net.stats().connects - before).toBe(400);
  });
});
