import { describe, expect, it } from 'vitest';
import type { PeerError, PeerLink } from './peer-link.ts';
import { dialNode, Hub, isAtRest, listenRaw, node, result } from './peers.test-support.ts';

const options = { priority: 'person', timeoutMs: 30_000 } as const;
const ANN = '10.0.0.1';
const BOB = '10.0.0.2';
const EVE = '10.0.0.66';

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'connected',
    (error: unknown) => (error as PeerError).code,
  );

async function pair(seed = 1) {
  const hub = new Hub({ seed });
  const ann = await node(hub, 'ann', ANN);
  const bob = await node(hub, 'bob', BOB);
  return { hub, clock: hub.world.clock, ann, bob };
}

describe('connecting', () => {
  it('dials directly, and the request to be connected to is answered when the link ends', async () => {
    const { clock, ann, bob } = await pair();
    const link = await clock.run(ann.peers.connect('bob', 'P', options));
    expect(link).toMatchObject({ user: 'bob', type: 'P', verified: true, incoming: false, started: true });
    expect(await clock.run(ann.peers.connect('bob', 'P', options))).toBe(link);
    await clock.advance(1000);
    expect(bob.peers.current('ann')?.incoming).toBe(true);
    expect(bob.link.take()).toEqual([]);
    link.close('enough');
    await clock.advance(3000);
    expect(bob.link.take()).toMatchObject([{ type: 'CantConnectToPeer', username: 'ann' }]);
    expect([isAtRest(ann), isAtRest(bob)]).toEqual([true, true]);
    expect(clock.pending).toBe(0);
  });

  it('is connected to by a peer behind a firewall', async () => {
    const { hub, clock, ann, bob } = await pair();
    hub.world.net.host(BOB).firewalled = true;
    const link = await clock.run(ann.peers.connect('bob', 'P', options));
    expect(link).toMatchObject({ user: 'bob', verified: true, incoming: false });
    expect(link.remote.host).toBe(BOB);
    await clock.advance(100);
    expect(ann.peers.snapshot()).toMatchObject({
      accepted: { open: 1 },
      outgoing: { open: 0, halfOpen: 0, attempts: 0, tokens: 0 },
    });
    expect(bob.peers.current('ann')).toMatchObject({ incoming: true, verified: true });
  });

  it('says why it could not', async () => {
    const { hub, clock, ann } = await pair();
    expect(await clock.run(codeOf(ann.peers.connect('nobody', 'P', options)))).toBe('offline');
    expect(await codeOf(ann.peers.connect('ann', 'P', options))).toBe('refused');
    expect(await codeOf(ann.peers.connect('a\nb', 'P', options))).toBe('refused');
    expect(await codeOf(ann.peers.connect('bob', 'P', { ...options, signal: AbortSignal.abort() }))).toBe(
      'cancelled',
    );
    hub.world.net.host(BOB).firewalled = true;
    hub.world.net.host(ANN).firewalled = true;
    const both = codeOf(ann.peers.connect('bob', 'P', options));
    await clock.advance(4100);
    // Bob's refusal came as soon as his dial had failed, long before our own timer.
    expect(await clock.run(both, { timeoutMs: 300 })).toBe('unreachable');
    hub.users.set('silent', { ip: '10.9.9.9', port: 5, obfuscatedPort: 0 });
    const short = ann.peers.connect('silent', 'P', { ...options, timeoutMs: 2000 });
    expect(await clock.run(codeOf(short), { timeoutMs: 2100 })).toBe('timeout');
    expect(await clock.run(codeOf(ann.peers.connect('silent', 'P', options)), { timeoutMs: 21_000 })).toBe(
      'unreachable',
    );
    ann.link.lose();
    expect(await codeOf(ann.peers.connect('bob', 'P', options))).toBe('session-lost');
    await clock.advance(5000);
    expect(isAtRest(ann)).toBe(true);
  });

  it('ends at once what is under way when the session is lost, and keeps what is open', async () => {
    const { hub, clock, ann, bob } = await pair();
    const link = await clock.run(ann.peers.connect('bob', 'P', options));
    hub.users.set('silent', { ip: '10.9.9.9', port: 5, obfuscatedPort: 0 });
    const waiting = codeOf(ann.peers.connect('silent', 'P', options));
    await clock.advance(100);
    ann.link.lose();
    expect(await waiting).toBe('session-lost');
    expect(link.closed).toBe(false);
    await clock.advance(10);
    expect(ann.peers.snapshot().outgoing).toMatchObject({ open: 1, halfOpen: 0, attempts: 0, tokens: 0 });
    expect(bob.peers.current('ann')?.closed).toBe(false);
  });

  it('skips ports that do not exist, and uses the obfuscated one where there is no other', async () => {
    const { hub, clock, ann, bob } = await pair();
    hub.users.set('bob', { ip: BOB, port: 0, obfuscatedPort: 2235 });
    const link = await clock.run(ann.peers.connect('bob', 'P', options));
    expect(link).toMatchObject({ obfuscated: true, verified: true });
    await clock.advance(10);
    expect(bob.peers.current('ann')?.obfuscated).toBe(true);
    expect(await clock.run(ann.messages.userInfo('bob'))).toMatchObject({
      description: expect.stringContaining('bot'),
    });
    const carol = await node(hub, 'carol', '10.0.0.3');
    for (const port of [0, 70_000]) {
      hub.users.set('carol', { ip: '10.0.0.3', port, obfuscatedPort: 0 });
      const indirect = await clock.run(ann.peers.connect('carol', 'P', options));
      expect(indirect.verified).toBe(true);
      expect(carol.peers.snapshot().outgoing.open).toBe(1);
      indirect.destroy('again');
      await clock.advance(3000);
    }
  });

  it('knows an address for five minutes, or until the user is said to be gone', async () => {
    const { clock, ann, bob } = await pair();
    const connect = async () => {
      const link = await clock.run(ann.peers.connect('bob', 'P', options));
      link.destroy('enough');
      // What was on its way is over then too.
      await clock.advance(30_000);
    };
    await connect();
    await clock.advance(4 * 60_000);
    await connect();
    expect(ann.asked).toEqual(['bob']);
    await connect();
    expect(ann.asked).toHaveLength(2);
    ann.link.hear({ type: 'GetUserStatus', username: bob.name, status: 1, privileged: false });
    await connect();
    expect(ann.asked).toHaveLength(2);
    ann.link.hear({ type: 'GetUserStatus', username: bob.name, status: 0, privileged: false });
    await connect();
    expect(ann.asked).toHaveLength(3);
  });

  it('prefers obfuscation if told so, but only for P', async () => {
    const hub = new Hub();
    const { clock } = hub.world;
    const ann = await node(hub, 'ann', ANN, { preferObfuscated: true });
    const bob = await node(hub, 'bob', BOB);
    bob.peers.onIncoming('D', (link) => {
      link.start({ onClose: () => {} });
      return true;
    });
    expect((await clock.run(ann.peers.connect('bob', 'P', options))).obfuscated).toBe(true);
    expect((await clock.run(ann.peers.connect('bob', 'D', options))).obfuscated).toBe(false);
  });

  it('after an obfuscated init message D and F are plain', async () => {
    const { hub, clock, ann } = await pair();
    const got: string[] = [];
    const take = (link: PeerLink) => {
      link.start({
        onData: (chunk) => got.push(`F ${Buffer.from(chunk).toString('latin1')}`),
        onFrame: (code) => got.push(`D ${code}`),
        onClose: () => {},
      });
      return true;
    };
    ann.peers.onIncoming('D', take);
    ann.peers.onIncoming('F', take);
    for (const type of ['D', 'F']) {
      const raw = await dialNode(hub, EVE, ann, { obfuscated: true });
      raw.init('eve', type);
      raw.connection.write(type === 'D' ? Buffer.from([1, 0, 0, 0, 0]) : Buffer.from('data'));
      await clock.advance(100);
    }
    expect(got).toEqual(['D 0', 'F data']);
  });

  it('does not deliver again what was taken together with an earlier frame', async () => {
    const { hub, clock, ann } = await pair();
    const got: string[] = [];
    ann.peers.onIncoming('D', (link) => {
      link.start({
        // Takes the next frame too if it is a 7 that has come whole.
        onSpan: (code, source, start, end) => {
          const more = source[end + 4] === 7 && end + 5 <= source.length;
          got.push(`${code}${more ? ' with 7' : ''} at ${start}`);
          return more ? end + 5 : end;
        },
        onBatch: () => got.push('batch'),
        onClose: () => {},
      });
      return true;
    });
    const raw = await dialNode(hub, EVE, ann);
    raw.init('eve', 'D');
    await clock.advance(100);
    const frames = (...codes: readonly number[]) =>
      Buffer.concat(codes.map((code) => Buffer.from([1, 0, 0, 0, code])));
    raw.connection.write(frames(0, 7, 0, 0, 7));
    await clock.advance(100);
    raw.connection.write(frames(7, 0, 7).subarray(0, 12));
    await clock.advance(100);
    raw.connection.write(frames(7, 0, 7).subarray(12));
    await clock.advance(100);
    expect(got).toEqual([
      ...['0 with 7 at 0', '0 at 10', '0 with 7 at 15', 'batch'],
      ...['7 at 0', '0 at 5', 'batch', '7 at 0', 'batch'],
    ]);
  });

  it('shares an attempt, except for F, and lets each caller leave alone', async () => {
    const { hub, clock, ann } = await pair();
    hub.users.set('slow', { ip: '10.0.0.9', port: 5, obfuscatedPort: 0 });
    const accepted = await listenRaw(hub, '10.0.0.9', 5);
    const leave = new AbortController();
    const asked = [
      codeOf(ann.peers.connect('slow', 'P', { ...options, signal: leave.signal })),
      codeOf(ann.peers.connect('slow', 'P', options)),
      codeOf(ann.peers.connect('slow', 'P', options)),
      codeOf(ann.peers.connect('slow', 'F', options)),
      codeOf(ann.peers.connect('slow', 'F', options)),
    ];
    leave.abort();
    expect(await clock.run(Promise.all(asked))).toEqual([
      'cancelled',
      'connected',
      'connected',
      'connected',
      'connected',
    ]);
    await clock.advance(10);
    expect(accepted.map(({ inits }) => inits[0])).toMatchObject([
      { connectionType: 'P', username: 'ann', token: 0 },
      { connectionType: 'F' },
      { connectionType: 'F' },
    ]);
  });

  it('an attempt that nobody wants any more leaves nothing behind', async () => {
    const { hub, clock, ann } = await pair();
    hub.users.set('silent', { ip: '10.9.9.9', port: 5, obfuscatedPort: 0 });
    const leave = new AbortController();
    const asked = codeOf(ann.peers.connect('silent', 'P', { ...options, signal: leave.signal }));
    await clock.advance(1000);
    expect(ann.peers.snapshot().outgoing).toMatchObject({ halfOpen: 1, tokens: 1 });
    leave.abort();
    expect(await asked).toBe('cancelled');
    await clock.advance(1);
    expect(isAtRest(ann)).toBe(true);
    expect(hub.world.net.host(ANN).dials).toBe(0);
  });
});

describe('tokens', () => {
  it('serve once, and not after their time', async () => {
    const { hub, clock, ann } = await pair();
    hub.users.set('late', { ip: '10.9.9.9', port: 0, obfuscatedPort: 0 });
    const failed = codeOf(ann.peers.connect('late', 'P', { ...options, timeoutMs: 60_000 }));
    await clock.advance(100);
    const [request] = ann.link.take();
    const token = request?.type === 'ConnectToPeer' ? request.token : 0;
    expect(await clock.run(failed)).toBe('unreachable');
    const late = await dialNode(hub, '10.9.9.9', ann);
    late.pierce(token);
    await clock.advance(10);
    expect(late.closed).toBe(true);

    const connected = ann.peers.connect('late', 'P', options);
    await clock.advance(100);
    const [again] = ann.link.take();
    const raws = [await dialNode(hub, '10.9.9.9', ann), await dialNode(hub, '10.9.9.9', ann)];
    for (const raw of raws) raw.pierce(again?.type === 'ConnectToPeer' ? again.token : 0);
    const link = await clock.run(connected);
    await clock.advance(10);
    expect(link).toMatchObject({ user: 'late', verified: true, incoming: false });
    expect(raws.map(({ closed }) => closed)).toEqual([false, true]);
    expect(ann.peers.snapshot().abuse).toEqual({ 'unknown-token': 2 });
  });
});

describe('requests to be connected to', () => {
  it('are served by piercing, and refused when that fails', async () => {
    const { hub, clock, ann } = await pair();
    const accepted = await listenRaw(hub, '10.0.0.9', 5);
    hub.users.set('dora', { ip: '10.0.0.9', port: 5, obfuscatedPort: 0 });
    hub.relay('dora', 77, 'ann', 'P');
    await clock.advance(100);
    expect(accepted[0]?.inits).toEqual([{ type: 'PierceFireWall', token: 77 }]);
    expect(ann.peers.current('dora')).toMatchObject({ incoming: true, verified: true });
    hub.users.set('gone', { ip: '10.9.9.9', port: 5, obfuscatedPort: 0 });
    hub.relay('gone', 78, 'ann', 'P');
    hub.relay('dora', 79, 'ann', 'D');
    hub.relay('dora', 80, 'ann', 'X');
    await clock.advance(4200);
    expect(ann.link.take()).toMatchObject([
      { type: 'CantConnectToPeer', token: 79, username: 'dora' },
      { type: 'CantConnectToPeer', token: 78, username: 'gone' },
    ]);
    expect(ann.peers.snapshot().abuse).toEqual({ 'bad-invitation': 1 });
  });

  it('go to the obfuscated port if there is no other', async () => {
    const { hub, clock, ann } = await pair();
    const accepted = await listenRaw(hub, '10.0.0.9', 6, { obfuscated: true });
    hub.users.set('dora', { ip: '10.0.0.9', port: 0, obfuscatedPort: 6 });
    hub.relay('dora', 77, 'ann', 'P');
    await clock.advance(100);
    expect(accepted[0]?.inits).toEqual([{ type: 'PierceFireWall', token: 77 }]);
    accepted[0]!.say({ type: 'UserInfoRequest' });
    await clock.advance(100);
    expect(accepted[0]?.messages[0]?.type).toBe('UserInfoResponse');
    expect(ann.peers.current('dora')?.obfuscated).toBe(true);
  });

  it('are not served when the peer has reached us, but answered when that link ends', async () => {
    const { hub, clock, ann } = await pair();
    hub.users.set('dora', { ip: '10.0.0.9', port: 5, obfuscatedPort: 0 });
    await listenRaw(hub, '10.0.0.9', 5);
    const raw = await dialNode(hub, '10.0.0.9', ann);
    raw.init('dora');
    await clock.advance(10);
    // Unproven so far: the request says where dora is, which proves it.
    expect(ann.peers.current('dora')).toBeUndefined();
    hub.relay('dora', 77, 'ann', 'P');
    await clock.advance(50);
    expect(ann.peers.current('dora')?.verified).toBe(true);
    expect(ann.peers.snapshot().outgoing.open).toBe(0);
    expect(ann.link.take()).toEqual([]);
    raw.connection.end();
    await clock.advance(50);
    expect(ann.link.take()).toMatchObject([{ type: 'CantConnectToPeer', token: 77, username: 'dora' }]);
  });

  it('are late twins for 30 s after a result that came directly', async () => {
    const { hub, clock, ann } = await pair();
    const accepted = await listenRaw(hub, '10.0.0.9', 5);
    hub.users.set('dora', { ip: '10.0.0.9', port: 5, obfuscatedPort: 0 });
    const raw = await dialNode(hub, '10.0.0.9', ann);
    raw.init('dora');
    raw.say(result(1));
    await clock.advance(2000);
    expect(raw.closed).toBe(true);
    hub.relay('dora', 1, 'ann', 'P');
    await clock.advance(27_000);
    hub.relay('dora', 2, 'ann', 'P');
    await clock.advance(100);
    expect(ann.link.take()).toMatchObject([{ token: 1 }, { token: 2 }]);
    expect(accepted).toEqual([]);
    // An impostor elsewhere does not make her requests late.
    const eve = await dialNode(hub, EVE, ann);
    eve.init('dora');
    eve.say(result(1));
    await clock.advance(30_000);
    hub.relay('dora', 3, 'ann', 'P');
    await clock.advance(100);
    expect(accepted[0]?.inits).toEqual([{ type: 'PierceFireWall', token: 3 }]);
  });

  it('are served again after a result that came by piercing: the peer has no other way', async () => {
    const { hub, clock } = await pair();
    const accepted = await listenRaw(hub, '10.0.0.9', 5);
    hub.users.set('dora', { ip: '10.0.0.9', port: 5, obfuscatedPort: 0 });
    for (const token of [1, 2]) {
      hub.relay('dora', token, 'ann', 'P');
      await clock.advance(50);
      accepted.at(-1)!.say(result(1));
      await clock.advance(2000);
      expect(accepted.at(-1)!.closed).toBe(true);
    }
    expect(accepted.map(({ inits }) => inits[0])).toMatchObject([{ token: 1 }, { token: 2 }]);
  });

  it('for transfers are served up to a bound per user', async () => {
    const { hub, clock, ann } = await pair();
    ann.peers.onIncoming('F', () => true);
    hub.users.set('dora', { ip: '10.0.0.9', port: 5, obfuscatedPort: 0 });
    for (let token = 1; token <= 40; token++) hub.relay('dora', token, 'ann', 'F');
    await clock.advance(50);
    expect(ann.peers.snapshot().outgoing.attempts).toBe(16);
    expect(ann.link.count('CantConnectToPeer')).toBe(24);
  });

  it('are asked of the taker first', async () => {
    const { hub, clock, ann, bob } = await pair();
    ann.peers.onIncoming('D', { take: () => true, willing: (user) => user !== 'bob' });
    expect(
      await clock.run(codeOf(bob.peers.connect('ann', 'D', { ...options, address: { host: ANN, port: 0 } }))),
    ).toBe('unreachable');
    expect(ann.peers.snapshot().outgoing.peakOpen).toBe(0);
    expect(hub.world.net.stats().connections).toBe(0);
  });
});

describe('names', () => {
  it('claimed from elsewhere do not replace a proven link, and get no messages', async () => {
    const { hub, clock, ann, bob } = await pair();
    const link = await clock.run(ann.peers.connect('bob', 'P', options));
    const eve = await dialNode(hub, EVE, ann);
    eve.init('bob');
    await clock.advance(100);
    expect(ann.peers.current('bob')).toBe(link);
    const got: string[] = [];
    bob.messages.on('QueueUpload', ({ filename }) => got.push(filename));
    await clock.run(ann.messages.send('bob', { type: 'QueueUpload', filename: 'a' }, options));
    await clock.advance(100);
    expect(got).toEqual(['a']);
    expect(eve.messages).toEqual([]);
    expect(ann.peers.snapshot().abuse).toEqual({ 'unproven-duplicate': 1 });
    link.destroy('gone');
    await clock.advance(10);
    // Not even when it is the only one left.
    expect(ann.peers.current('bob')).toBeUndefined();
    expect((await clock.run(ann.peers.connect('bob', 'P', options))).remote.host).toBe(BOB);
    expect(eve.messages).toEqual([]);
  });

  it('a proven one replaces an unproven one', async () => {
    const { hub, clock, ann } = await pair();
    const eve = await dialNode(hub, EVE, ann);
    eve.init('bob');
    await clock.advance(10);
    const link = await clock.run(ann.peers.connect('bob', 'P', options));
    expect(link.remote.host).toBe(BOB);
    await clock.advance(3000);
    expect(eve.closed).toBe(true);
    expect(ann.peers.current('bob')).toBe(link);
  });

  it('are proven by the address, when somebody asks', async () => {
    const { hub, clock, ann } = await pair();
    const links: PeerLink[] = [];
    ann.peers.onIncoming('F', (link) => {
      links.push(link);
      link.start({ onClose: () => {} });
      return true;
    });
    for (const ip of [BOB, EVE]) (await dialNode(hub, ip, ann)).init('bob', 'F');
    await clock.advance(10);
    expect(ann.asked).toEqual([]);
    const proven = await clock.run(Promise.all(links.map((link) => link.verify())));
    expect(proven).toEqual([true, false]);
    expect(ann.asked).toEqual(['bob']);
    (await dialNode(hub, BOB, ann)).init('bob', 'F');
    await clock.advance(10);
    expect(links[2]?.verified).toBe(true);
  });

  it('an attempt under way takes the connection that the peer opens meanwhile, if that is proven', async () => {
    const { hub, clock, ann } = await pair();
    hub.users.set('dora', { ip: '10.0.0.9', port: 5, obfuscatedPort: 0 });
    hub.world.net.host('10.0.0.9').firewalled = true;
    const eve = await dialNode(hub, EVE, ann);
    eve.init('dora');
    const connecting = ann.peers.connect('dora', 'P', options);
    await clock.advance(100);
    expect(ann.peers.snapshot().outgoing.halfOpen).toBe(1);
    const raw = await dialNode(hub, '10.0.0.9', ann);
    raw.init('dora');
    const link = await clock.run(connecting);
    expect(link).toMatchObject({ incoming: true, verified: true });
    expect(link.remote.host).toBe('10.0.0.9');
    await clock.advance(1);
    expect(ann.peers.snapshot().outgoing).toMatchObject({ open: 0, halfOpen: 0, tokens: 0 });
  });

  it('a second child connection replaces the first only if it is proven', async () => {
    const { hub, clock, ann } = await pair();
    const log: string[] = [];
    ann.peers.onIncoming('D', (link) => {
      log.push(`open ${link.remote.host}`);
      link.start({ onClose: (why) => log.push(`close ${link.remote.host}: ${why}`) });
      return true;
    });
    hub.users.set('kid', { ip: '10.0.0.9', port: 0, obfuscatedPort: 0 });
    (await dialNode(hub, '10.0.0.9', ann)).init('kid', 'D');
    await clock.advance(10);
    hub.relay('kid', 1, 'ann', 'D');
    await clock.advance(10);
    (await dialNode(hub, EVE, ann)).init('kid', 'D');
    await clock.advance(100);
    expect(log).toEqual(['open 10.0.0.9']);
    (await dialNode(hub, '10.0.0.9', ann)).init('kid', 'D');
    await clock.advance(100);
    expect(log).toEqual(['open 10.0.0.9', 'close 10.0.0.9: the peer opened another', 'open 10.0.0.9']);
  });

  it('a child connection is dealt with when the one that it replaces is gone, which need not be soon', async () => {
    const { hub, clock, ann } = await pair();
    const log: string[] = [];
    ann.peers.onIncoming('D', (link) => {
      log.push('open');
      link.start({ onClose: (why) => log.push(why) });
      link.send(Buffer.from([1, 0, 0, 0, 0]));
      return true;
    });
    hub.users.set('kid', { ip: '10.0.0.9', port: 0, obfuscatedPort: 0 });
    const first = await dialNode(hub, '10.0.0.9', ann);
    first.init('kid', 'D');
    hub.relay('kid', 1, 'ann', 'D');
    await clock.advance(100);
    // It does not notice that it is replaced.
    first.connection.pause();
    const second = await dialNode(hub, '10.0.0.9', ann);
    second.init('kid', 'D');
    await clock.advance(1900);
    expect(log).toEqual(['open', 'the peer opened another']);
    await clock.advance(300);
    expect(log).toEqual(['open', 'the peer opened another', 'open']);
    // One that is gone before its turn is not dealt with at all.
    second.connection.pause();
    const third = await dialNode(hub, '10.0.0.9', ann);
    third.init('kid', 'D');
    await clock.advance(100);
    (await dialNode(hub, '10.0.0.9', ann)).init('kid', 'D');
    await clock.advance(3000);
    expect(log.filter((line) => line === 'open')).toHaveLength(3);
    expect(third.closed).toBe(true);
    expect(ann.peers.snapshot().links.D).toBe(1);
  });
});

describe('without a port', () => {
  it('nobody is asked to connect to us, and who cannot be dialled is given up at once', async () => {
    const hub = new Hub();
    const ann = await node(hub, 'ann', ANN, { ports: { port: false } });
    const bob = await node(hub, 'bob', BOB);
    const { clock } = hub.world;
    expect((await clock.run(ann.peers.connect('bob', 'P', options))).user).toBe('bob');
    expect(ann.link.count('ConnectToPeer')).toBe(0);
    hub.users.set('wall', { ip: '10.9.9.9', port: 0, obfuscatedPort: 0 });
    expect(await clock.run(codeOf(ann.peers.connect('wall', 'P', options)), { timeoutMs: 100 })).toBe(
      'unreachable',
    );
    expect((await clock.run(bob.peers.connect('ann', 'P', options))).user).toBe('ann');
  });
});
