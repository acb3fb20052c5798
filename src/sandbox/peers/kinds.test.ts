import { expect, test } from 'vitest';
import {
  decodePeerMessage,
  encodeInitMessage,
  encodePeerMessage,
  peekSearchResponse,
} from '../../protocol/index.ts';
import { PEER_KINDS, type PeerKind } from './behaviour.ts';
import { meet, Probe, queryFor, says, treeSays } from './probe.test-support.ts';

async function answered(kind: PeerKind, ports = {}) {
  const met = await meet({ kind }, ports);
  met.probe.person.send({ type: 'UserSearch', username: 'peer', token: 1, query: queryFor(met.peer) });
  await met.sandbox.world.clock.advance(100);
  return met;
}

test('firewalled: announces a port that swallows everything, and still answers', async () => {
  const { sandbox, probe } = await answered('firewalled');
  const { port } = sandbox.server.world.session('peer')!;
  expect(port).toBeGreaterThan(0);
  expect(probe.links[0]!.read('peer').messages).toHaveLength(1);
  await expect(probe.dial('peer', port)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('firewalled on a network without firewalls: nobody listens there', async () => {
  const { sandbox, probe } = await meet();
  const peer = sandbox.peer('late', {});
  peer.behave({ firewalled: true });
  await sandbox.run(peer.login());
  await sandbox.world.clock.advance(10);
  const { port } = sandbox.server.world.session('late')!;
  await expect(probe.dial('late', port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('portless: announces nothing, is reached by asking', async () => {
  const { sandbox, probe } = await meet({ kind: 'portless' });
  expect(sandbox.server.world.session('peer')).toMatchObject({ port: 0, obfuscatedPort: 0 });
  probe.person.send({ type: 'ConnectToPeer', token: 5, username: 'peer', connectionType: 'P' });
  await sandbox.world.clock.advance(100);
  expect(probe.links).toHaveLength(1);
});

test('obfuscated only: no plain port; init and all that follows is in disguise, both ways', async () => {
  const { sandbox, peer, probe } = await meet({ kind: 'obfuscated only' });
  expect(sandbox.server.world.session('peer')!.port).toBe(0);
  const link = await probe.visit('peer', 'P');
  await sandbox.world.clock.advance(10);
  probe.person.send({ type: 'UserSearch', username: 'peer', token: 1, query: queryFor(peer) });
  await sandbox.world.clock.advance(100);
  expect(peer.wires).toEqual([{ user: 'probe', type: 'P', incoming: true, obfuscated: true }]);
  expect(link.read('peer', false)).toMatchObject({ messages: [{ type: 'FileSearchResponse' }], left: 0 });
  const plain = Buffer.from(encodePeerMessage({ type: 'UserInfoRequest' }));
  expect(link.bytes.includes(plain.subarray(4))).toBe(false);
});

test('obfuscated only, and asked to connect to somebody in disguise: all of P, of D only the start', async () => {
  const { sandbox, peer, probe } = await meet(
    { kind: 'obfuscated only', behaviour: { tree: {} } },
    { plain: 0, obfuscated: Probe.obfuscatedPort },
  );
  sandbox.server.setBranchRoot('peer', true);
  peer.send({ type: 'FileSearch', token: 1, query: 'wake up' });
  await sandbox.world.clock.advance(10);
  probe.person.send({ type: 'ConnectToPeer', token: 5, username: 'peer', connectionType: 'D' });
  await sandbox.world.clock.advance(100);
  expect(probe.links[0]!.read('distributed')).toEqual({
    init: { type: 'PierceFireWall', token: 5 },
    messages: [
      { type: 'DistribBranchLevel', level: 0 },
      { type: 'DistribBranchRoot', username: 'peer' },
    ],
    left: 0,
  });
});

test('a liar: introduces itself as somebody else, and signs as that one', async () => {
  const { sandbox, peer, probe } = await meet({ behaviour: { claims: 'victim' } });
  probe.person.send({ type: 'UserSearch', username: 'peer', token: 1, query: queryFor(peer) });
  await sandbox.world.clock.advance(100);
  const { init, messages } = probe.links[0]!.read('peer');
  expect([init, messages]).toMatchObject([{ username: 'victim' }, [{ username: 'victim', token: 1 }]]);
});

test('never closes', async () => {
  const { sandbox, probe } = await answered('never closes');
  await sandbox.world.clock.advance(24 * 3_600_000);
  expect(probe.links[0]!.closed).toBe(false);
});

test('never pierces, though it asks for it itself', async () => {
  const { sandbox, probe } = await answered('never pierces');
  probe.person.send({ type: 'ConnectToPeer', token: 5, username: 'peer', connectionType: 'F' });
  await sandbox.world.clock.advance(60_000);
  expect([probe.links.length, probe.person.all('CantConnectToPeer')]).toEqual([1, []]);
});

test('reads nothing: what one sends it stays with the sender; it answers nothing', async () => {
  const { sandbox, probe } = await meet({ kind: 'reads nothing' });
  const link = await probe.visit('peer', 'P');
  await sandbox.world.clock.advance(10);
  const search = says({ type: 'FileSearchRequest', token: 1, query: 'x'.repeat(200) });
  for (let i = 0; i < 2000; i++) link.write(search);
  await sandbox.world.clock.advance(30_000);
  expect(link.bufferedBytes).toBeGreaterThan(300_000);
});

test('a slow reader takes what it takes', async () => {
  const { sandbox, probe } = await meet({ behaviour: { reads: 65_536, idleMs: Infinity } });
  const link = await probe.visit('peer', 'P');
  await sandbox.world.clock.advance(10);
  const search = says({ type: 'FileSearchRequest', token: 1, query: 'x'.repeat(1012) });
  for (let i = 0; i < 512; i++) link.write(search);
  await sandbox.world.clock.advance(3000);
  expect(link.bufferedBytes).toBeGreaterThan(128_000);
  await sandbox.world.clock.advance(5000);
  expect(link.bufferedBytes).toBe(0);
});

test('stops in its introduction: half of it, and nothing more', async () => {
  const { probe } = await answered('stops in its introduction');
  const whole = encodeInitMessage({ type: 'PeerInit', username: 'peer', connectionType: 'P', token: 0 });
  expect(probe.links[0]!.bytes.equals(whole.subarray(0, whole.length >> 1))).toBe(true);
});

test('stops halfway: half a result, then silence for as long as it lives', async () => {
  const { sandbox, probe } = await answered('stops halfway');
  const link = probe.links[0]!;
  const { messages, left } = link.read('peer');
  expect(messages).toEqual([]);
  expect(left).toBeGreaterThan(8);
  link.write(says({ type: 'UserInfoRequest' }));
  await sandbox.world.clock.advance(10_000);
  expect(link.read('peer')).toMatchObject({ messages: [], left });
});

/** The bodies of the frames after the init frame. */
function bodies(probe: Probe): Buffer[] {
  const all: Buffer[] = [];
  const { bytes } = probe.links[0]!;
  for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt32LE(at))
    all.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt32LE(at)));
  return all.slice(1);
}

test('a bomber: a few hundred kilobytes that look like a result of this search, and inflate beyond any cap', async () => {
  const { probe } = await answered('bomber');
  const [body] = bodies(probe);
  expect(body!.length).toBeLessThan(400_000);
  expect(peekSearchResponse(body!)).toMatchObject({ ok: true, username: 'peer', token: 1 });
  expect(decodePeerMessage(body!)).toMatchObject({ ok: false, reason: 'inflate-limit' });
});

test('who counts wrong claims a list of four billion', async () => {
  const { sandbox, probe } = await answered('counts wrong');
  probe.links[0]!.write(
    says({ type: 'SharedFileListRequest' }),
    says({ type: 'FolderContentsRequest', token: 4, folder: 'x' }),
  );
  await sandbox.world.clock.advance(100);
  expect(peekSearchResponse(bodies(probe)[0]!)).toMatchObject({ ok: true, username: 'peer', token: 1 });
  expect(probe.links[0]!.read('peer').messages).toEqual(['bad-count', 'bad-count', 'bad-count']);
});

test('a babbler sends bytes that mean nothing', async () => {
  const { probe } = await answered('babbler');
  const { messages } = probe.links[0]!.read('peer');
  expect(messages.filter((message) => typeof message === 'object')).toEqual([]);
  expect(probe.links[0]!.bytes.length).toBeGreaterThan(100);
});

test('who says too much announces two gigabytes', async () => {
  const { probe } = await answered('says too much');
  expect(probe.links[0]!.read('peer').messages).toEqual(['too-long']);
});

test('old tokens: a PeerInit of eight more bytes, a user info of three more', async () => {
  const { sandbox, probe } = await answered('old tokens');
  const { bytes } = probe.links[0]!;
  const plain = Buffer.from(
    encodeInitMessage({ type: 'PeerInit', username: 'peer', connectionType: 'P', token: 0 }),
  );
  expect(bytes.readUInt32LE(0)).toBe(plain.readUInt32LE(0) + 4);
  expect(
    bytes.subarray(4, 4 + plain.length).equals(Buffer.concat([plain.subarray(4), Buffer.alloc(4)])),
  ).toBe(true);
  probe.links[0]!.write(says({ type: 'UserInfoRequest' }));
  await sandbox.world.clock.advance(100);
  const info = bodies(probe)[1]!;
  const decoded = decodePeerMessage(info);
  expect(decoded).toMatchObject({ ok: true, trailing: 3, message: { slotsFree: true } });
});

test.each(Object.keys(PEER_KINDS) as PeerKind[])(
  '%s leaves nothing behind when it is closed',
  async (kind) => {
    const { sandbox, peer, probe } = await answered(kind, { obfuscated: Probe.obfuscatedPort });
    probe.person.send({ type: 'ConnectToPeer', token: 5, username: 'peer', connectionType: 'D' });
    await sandbox.world.clock.advance(100);
    for (const link of probe.links) link.write(treeSays({ type: 'DistribPing' }));
    await sandbox.world.clock.advance(100);
    await sandbox.run(peer.close());
    await probe.person.close();
    await sandbox.stop();
    await sandbox.world.clock.advance(100_000);
    expect([sandbox.world.net.stats().connections, sandbox.world.clock.pending]).toEqual([0, 0]);
  },
);
