import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { dialNode, Hub, isAtRest, node } from './peers.test-support.ts';

const ANN = '10.0.0.1';
const EVE = '10.0.0.66';

const frame = (length: number, ...bytes: number[]): Buffer => {
  const made = Buffer.alloc(4 + bytes.length);
  made.writeUInt32LE(length);
  made.set(bytes, 4);
  return made;
};

const uint = (value: number): number[] => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return [...bytes];
};

async function bench(limits = {}) {
  const hub = new Hub();
  const ann = await node(hub, 'ann', ANN, { limits });
  return { hub, clock: hub.world.clock, ann };
}

describe('first frames', () => {
  it('that are none close the connection and are counted by kind', async () => {
    const { hub, clock, ann } = await bench();
    const garbage: Record<string, Buffer> = {
      'too long': frame(5000, 1),
      'no such code': frame(1, 7),
      'no code': frame(0),
      truncated: frame(5, 1, ...uint(1000)),
      http: Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    };
    for (const bytes of Object.values(garbage)) {
      const raw = await dialNode(hub, EVE, ann);
      raw.connection.write(bytes);
      await clock.advance(10);
      expect(raw.closed).toBe(true);
    }
    for (const [name, type] of [
      ['', 'P'],
      ['x'.repeat(257), 'P'],
      ['a\u0000b', 'P'],
      ['a\nb', 'P'],
      ['server', 'P'],
      ['ann', 'P'],
      ['eve', 'X'],
      ['eve', 'D'],
    ] as const) {
      const raw = await dialNode(hub, EVE, ann);
      raw.init(name, type);
      await clock.advance(10);
      expect(raw.closed).toBe(true);
    }
    const stranger = await dialNode(hub, EVE, ann);
    stranger.pierce(1);
    (await dialNode(hub, EVE, ann)).connection.destroy();
    await clock.advance(10);
    expect(ann.peers.snapshot().abuse).toEqual({
      'bad-init': 5,
      'bad-name': 5,
      'own-name': 1,
      'bad-type': 1,
      unwanted: 1,
      'unknown-token': 1,
      'no-init': 1,
    });
    expect(isAtRest(ann)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('must be complete within 10 s, however slowly they drip', async () => {
    const { hub, clock, ann } = await bench();
    const silent = await dialNode(hub, EVE, ann);
    const slow = await dialNode(hub, EVE, ann);
    const init = frame(1000, 1, ...uint(900));
    for (let at = 0; at < 9; at++) {
      slow.connection.write(init.subarray(at, at + 1));
      await clock.advance(1000);
    }
    expect([silent.closed, slow.closed]).toEqual([false, false]);
    await clock.advance(1100);
    expect([silent.closed, slow.closed]).toEqual([true, true]);
    expect(ann.peers.snapshot().abuse).toEqual({ 'slow-init': 2 });
  });
});

describe('budgets for what peers open', () => {
  it('refuse beyond the limit, of one host and in all, and free places when they close', async () => {
    const { hub, clock, ann } = await bench({ accepted: 10, acceptedPerHost: 4 });
    const raws = [];
    for (let at = 0; at < 6; at++) raws.push(await dialNode(hub, EVE, ann));
    for (let at = 0; at < 8; at++) raws.push(await dialNode(hub, `10.1.0.${at}`, ann));
    await clock.advance(10);
    expect(raws.filter(({ closed }) => closed)).toHaveLength(4);
    expect(ann.peers.snapshot()).toMatchObject({
      accepted: { open: 10, peak: 10, hosts: [{ host: EVE, open: 4 }, ...Array(6).fill({ open: 1 })] },
      abuse: { 'too-many-of-host': 2, 'too-many': 2 },
    });
    raws[0]!.connection.destroy();
    await clock.advance(10);
    const late = await dialNode(hub, EVE, ann);
    await clock.advance(10);
    expect(late.closed).toBe(false);
  });

  it('loopback is not limited by host, and descriptors limit all', async () => {
    const hub = new Hub();
    const ann = await node(hub, 'ann', ANN, { limits: { acceptedPerHost: 1 }, descriptors: 1024 });
    expect(ann.peers.limits.accepted).toBe(682);
    for (let at = 0; at < 3; at++) {
      await hub.world.clock.run(
        hub.world.net.host(ANN).connect({ host: '127.0.0.1', port: 2234, timeoutMs: 1000 }),
      );
    }
    expect(ann.peers.snapshot().accepted.open).toBe(3);
  });

  it('one name gets four connections', async () => {
    const { hub, clock, ann } = await bench();
    for (let at = 0; at < 8; at++) (await dialNode(hub, EVE, ann)).init('eve');
    await clock.advance(100);
    expect(ann.peers.snapshot()).toMatchObject({ links: { P: 4 }, abuse: { 'too-many-of-user': 4 } });
  });
});

it('who borrows a name does not push out its owner, however often it comes', async () => {
  const { hub, clock, ann } = await bench();
  for (let at = 0; at < 3; at++) (await dialNode(hub, EVE, ann)).init('bob');
  const bob = await dialNode(hub, '10.0.0.2', ann);
  bob.init('bob');
  await clock.advance(10);
  for (let at = 0; at < 20; at++) {
    (await dialNode(hub, EVE, ann)).init('bob');
    await clock.advance(10);
  }
  expect(bob.closed).toBe(false);
  expect(ann.peers.snapshot()).toMatchObject({ links: { P: 4 }, abuse: { 'too-many-of-user': 20 } });
});

describe('connections', () => {
  it('that say nothing after init are closed after 10 s, others after 60 s, dripping or not', async () => {
    const { hub, clock, ann } = await bench();
    const [mute, dripping, lively] = [
      await dialNode(hub, EVE, ann),
      await dialNode(hub, '10.0.0.67', ann),
      await dialNode(hub, '10.0.0.68', ann),
    ];
    for (const [at, raw] of [mute, dripping, lively].entries()) raw.init(`eve${at}`);
    lively.say({ type: 'UploadQueueNotification' });
    dripping.say({ type: 'UploadQueueNotification' });
    dripping.connection.write(frame(100_000, ...uint(43)));
    await clock.advance(10_100);
    expect([mute.closed, dripping.closed, lively.closed]).toEqual([true, false, false]);
    for (let at = 0; at < 49; at++) {
      dripping.connection.write(Buffer.from([1]));
      await clock.advance(1000);
      if (at === 20) lively.say({ type: 'UploadQueueNotification' });
    }
    expect([dripping.closed, lively.closed]).toEqual([false, false]);
    await clock.advance(1100);
    expect([dripping.closed, lively.closed]).toEqual([true, false]);
    await clock.advance(35_000);
    expect(lively.closed).toBe(true);
    expect(isAtRest(ann)).toBe(true);
  });

  it('that hoard memory are closed, the greediest unproven one first', async () => {
    const { hub, clock, ann } = await bench({ partialBytes: 1024 * 1024 });
    const raws = [];
    for (let at = 0; at < 3; at++) {
      const raw = await dialNode(hub, `10.0.2.${at}`, ann);
      raw.init(`eve${at}`);
      raw.connection.write(frame(1_000_000, ...uint(43)));
      raw.connection.write(Buffer.alloc([300_000, 500_000, 100_000][at]!));
      raws.push(raw);
    }
    await clock.advance(200);
    expect(raws.map(({ closed }) => closed)).toEqual([false, false, false]);
    raws[2]!.connection.write(Buffer.alloc(300_000));
    await clock.advance(200);
    expect(raws.map(({ closed }) => closed)).toEqual([false, true, false]);
    expect(ann.peers.snapshot().abuse).toEqual({ hoarding: 1 });
    expect(ann.peers.snapshot().heldBytes).toBeLessThan(1024 * 1024);
  });

  it('survive what is only malformed, up to a point', async () => {
    const { hub, clock, ann } = await bench();
    const raw = await dialNode(hub, EVE, ann);
    raw.init('eve');
    raw.connection.write(frame(2, 1, 2));
    raw.connection.write(frame(4, ...uint(12_547)));
    raw.connection.write(frame(5, ...uint(9), 255));
    raw.say({ type: 'UserInfoRequest' });
    await clock.advance(100);
    expect(raw.messages.map(({ type }) => type)).toEqual(['UserInfoResponse']);
    expect(ann.peers.snapshot().abuse).toEqual({ 'bad-length': 1, undecodable: 1 });
    for (let at = 0; at < 40; at++) raw.connection.write(frame(5, ...uint(9), 255));
    await clock.advance(100);
    expect(raw.closed).toBe(true);
    expect(ann.peers.snapshot().abuse).toEqual({ 'bad-length': 1, undecodable: 31, 'struck-out': 1 });
  });

  it('noise on every port, before and after init, breaks nothing', async () => {
    const { hub, clock, ann } = await bench();
    ann.peers.onIncoming('D', (link) => {
      link.start({ onFrame: () => {}, onClose: () => {} });
      return true;
    });
    const random = new SeededRandom('noise');
    for (let round = 0; round < 300; round++) {
      const raw = await dialNode(hub, `10.3.0.${round % 50}`, ann, { obfuscated: round % 2 === 0 });
      if (round % 3 > 0) raw.init(`eve${round % 7}`, round % 3 === 1 ? 'P' : 'D');
      for (let at = 0; at < 5; at++) {
        const noise = Buffer.from(random.bytes(random.int(0, 200)));
        // Lengths that are mostly plausible reach deeper.
        if (noise.length > 4 && random.int(0, 3) > 0) noise.writeUInt32LE(random.int(0, noise.length));
        raw.connection.write(noise);
      }
      if (random.int(0, 3) === 0) raw.connection.end();
      await clock.advance(random.int(0, 200));
    }
    await clock.advance(70_000);
    expect(isAtRest(ann)).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
