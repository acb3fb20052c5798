import { describe, expect, test } from 'vitest';
import { encodeInitMessage } from '../../protocol/index.ts';
import { meet, Probe, queryFor, says } from './probe.test-support.ts';

const pierce = (token: number) => encodeInitMessage({ type: 'PierceFireWall', token });
const asked = (probe: Probe) => probe.person.all('ConnectToPeer');

/** A search of the probe's that the peer answers. */
const search = (probe: Probe, query: string) =>
  probe.person.send({ type: 'UserSearch', username: 'peer', token: 1, query });

describe('ways to others', () => {
  test.each([
    ['direct', 1, 0],
    ['indirect', 0, 1],
    ['both', 1, 1],
  ] as const)('%s', async (dials, links, requests) => {
    const { sandbox, peer, probe } = await meet({ behaviour: { dials } });
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(1000);
    expect([probe.links.length, asked(probe).length]).toEqual([links, requests]);
    if (requests > 0) expect(asked(probe)[0]).toMatchObject({ username: 'peer', connectionType: 'P' });
  });

  test('pierced: the answer comes over the connection that the searcher opened', async () => {
    const { sandbox, peer, probe } = await meet({ behaviour: { dials: 'indirect' } });
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(100);
    const link = await probe.dial('peer', asked(probe)[0]!.port);
    link.write(pierce(asked(probe)[0]!.token));
    await sandbox.world.clock.advance(100);
    expect(link.read('peer', false).messages).toHaveLength(1);
    expect(peer.wires).toEqual([{ user: 'probe', type: 'P', incoming: true, obfuscated: false }]);
  });

  test('the later of two ways is closed, or kept by who connects twice', async () => {
    for (const [kind, closed] of [
      ['honest', true],
      ['connects twice', false],
    ] as const) {
      const { sandbox, peer, probe } = await meet({ kind });
      search(probe, queryFor(peer));
      await sandbox.world.clock.advance(100);
      const late = await probe.dial('peer', asked(probe)[0]!.port);
      late.write(pierce(asked(probe)[0]!.token));
      await sandbox.world.clock.advance(600_000);
      expect([probe.links[0]!.closed, late.closed]).toEqual([kind === 'honest', closed]);
      expect(peer.wires).toHaveLength(kind === 'honest' ? 0 : 2);
    }
  });

  test('a token is good once, and no other is', async () => {
    const { sandbox, peer, probe } = await meet({ behaviour: { dials: 'indirect' } });
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(100);
    const { port, token } = asked(probe)[0]!;
    const [wrong, right, again] = [
      await probe.dial('peer', port),
      await probe.dial('peer', port),
      await probe.dial('peer', port),
    ];
    wrong.write(pierce(token ^ 1));
    right.write(pierce(token));
    await sandbox.world.clock.advance(100);
    again.write(pierce(token));
    await sandbox.world.clock.advance(100);
    expect([wrong.closed, right.closed, again.closed]).toEqual([true, false, true]);
  });

  test('who listens only in disguise is reached in disguise; with a plain port that one is taken', async () => {
    for (const [plain, disguised] of [
      [0, true],
      [Probe.plainPort, false],
    ] as const) {
      const { sandbox, peer, probe } = await meet({}, { plain, obfuscated: Probe.obfuscatedPort });
      search(probe, queryFor(peer));
      await sandbox.world.clock.advance(100);
      expect(probe.links.map(({ obfuscated }) => obfuscated)).toEqual([disguised]);
      const { init, messages, left } = probe.links[0]!.read('peer');
      expect([init?.type, messages.length, left]).toEqual(['PeerInit', 1, 0]);
    }
  });

  test('an open connection is used again', async () => {
    const { sandbox, peer, probe } = await meet();
    const link = await probe.visit('peer', 'P');
    await sandbox.world.clock.advance(10);
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(100);
    expect([probe.links.length, link.read('peer', false).messages.length]).toEqual([0, 1]);
  });

  test('nobody there: the attempt fails once both ways did', async () => {
    const { sandbox, peer, probe } = await meet({}, { plain: 0 });
    const unreachable = sandbox.run(peer.connectTo('probe'), 30_000);
    await expect(unreachable).rejects.toThrow('No connection to probe: no answer');
    await expect(sandbox.run(peer.connectTo('ghost'))).rejects.toThrow('No connection to ghost');
    const refused = peer.connectTo('probe').catch(String);
    await sandbox.world.clock.advance(100);
    probe.person.send({ type: 'CantConnectToPeer', token: asked(probe).at(-1)!.token, username: 'peer' });
    await sandbox.world.clock.advance(100);
    expect(await refused).toBe('Error: No connection to probe: the server says that it cannot be reached');
  });

  test('one who waits for the pending way says nothing until that way worked', async () => {
    const { sandbox, peer, probe } = await meet({ kind: 'waits for pending' });
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(100);
    probe.links[0]!.destroy();
    await sandbox.world.clock.advance(100);
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(5000);
    expect([probe.links.length, asked(probe).length]).toEqual([1, 1]);
    const link = await probe.dial('peer', asked(probe)[0]!.port);
    link.write(pierce(asked(probe)[0]!.token));
    await sandbox.world.clock.advance(100);
    expect(link.read('peer', false).messages).toHaveLength(1);
  });

  test('and what it wanted to say is lost when that way never works; refused, it tries anew', async () => {
    const { sandbox, peer, probe } = await meet({ kind: 'waits for pending' });
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(100);
    probe.links[0]!.destroy();
    await sandbox.world.clock.advance(100);
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(25_000);
    expect(probe.links).toHaveLength(1);
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(100);
    expect(probe.links).toHaveLength(2);
    probe.person.send({ type: 'CantConnectToPeer', token: asked(probe)[1]!.token, username: 'peer' });
    probe.links[1]!.destroy();
    await sandbox.world.clock.advance(100);
    search(probe, queryFor(peer));
    await sandbox.world.clock.advance(100);
    expect(probe.links).toHaveLength(3);
  });
});

describe('ways from others', () => {
  test.each([
    ['yes', 1, 0],
    ['refuses', 0, 1],
    ['ignores', 0, 0],
  ] as const)('asked through the server to connect: %s', async (pierces, links, refusals) => {
    const { sandbox, probe } = await meet({ behaviour: { pierces } });
    probe.person.send({ type: 'ConnectToPeer', token: 99, username: 'peer', connectionType: 'P' });
    await sandbox.world.clock.advance(1000);
    expect(probe.links).toHaveLength(links);
    expect(probe.person.all('CantConnectToPeer').map(({ token }) => token)).toEqual(refusals ? [99] : []);
    if (links === 0) return;
    expect(probe.links[0]!.read('peer').init).toEqual({ type: 'PierceFireWall', token: 99 });
    probe.links[0]!.write(says({ type: 'UserInfoRequest' }));
    await sandbox.world.clock.advance(100);
    expect(probe.links[0]!.read('peer').messages).toHaveLength(1);
  });

  test('asked while a connection is there: what is there is enough', async () => {
    const { sandbox, probe } = await meet();
    await probe.visit('peer', 'P');
    await sandbox.world.clock.advance(10);
    probe.person.send({ type: 'ConnectToPeer', token: 99, username: 'peer', connectionType: 'P' });
    await sandbox.world.clock.advance(1000);
    expect([probe.links.length, probe.person.all('CantConnectToPeer').length]).toEqual([0, 0]);
  });

  test('a second connection takes the place of the first', async () => {
    const { sandbox, peer, probe } = await meet();
    const first = await probe.visit('peer', 'P');
    await sandbox.world.clock.advance(10);
    const second = await probe.visit('peer', 'P');
    await sandbox.world.clock.advance(10);
    expect([first.closed, second.closed, peer.wires.length]).toEqual([true, false, 1]);
  });

  test('no introduction, a bad one, a type that does not exist', async () => {
    const { sandbox, probe } = await meet();
    const port = sandbox.server.world.session('peer')!.port;
    const silent = await probe.dial('peer', port);
    const bad = await probe.dial('peer', port);
    bad.write(Buffer.from([1, 0, 0, 0, 9]));
    const nameless = await probe.visit('peer', 'P', '');
    const odd = await probe.dial('peer', port);
    odd.write(encodeInitMessage({ type: 'PeerInit', username: 'probe', connectionType: 'X', token: 0 }));
    await sandbox.world.clock.advance(100);
    expect([silent.closed, bad.closed, nameless.closed, odd.closed]).toEqual([false, true, true, true]);
    await sandbox.world.clock.advance(10_000);
    expect(silent.closed).toBe(true);
  });

  test('a frame above the cap ends the connection', async () => {
    const { sandbox, probe } = await meet();
    const link = await probe.visit('peer', 'P');
    link.write(Buffer.from([0, 0, 0, 0x80, 15, 0, 0, 0]));
    await sandbox.world.clock.advance(100);
    expect(link.closed).toBe(true);
  });

  test('a peer that is closed leaves nothing behind', async () => {
    const { sandbox, peer, probe } = await meet({ kind: 'never closes' });
    const link = await probe.visit('peer', 'P');
    const pending = peer.connectTo('nobody at all').catch(String);
    await sandbox.run(peer.close());
    await sandbox.world.clock.advance(100);
    expect(link.closed).toBe(true);
    expect(await sandbox.run(pending)).toMatch('No connection');
    await probe.person.close();
    await sandbox.stop();
    await sandbox.world.clock.advance(60_000);
    const { connections, listeners } = sandbox.world.net.stats();
    expect([connections, listeners, sandbox.world.clock.pending]).toEqual([0, 1, 0]);
  });
});
