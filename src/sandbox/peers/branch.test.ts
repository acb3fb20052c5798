import { describe, expect, test } from 'vitest';
import {
  type DistributedMessage,
  encodeDistributedMessage,
  encodeInitMessage,
  type ServerRequest,
} from '../../protocol/index.ts';
import { virtualSandbox } from '../sandbox.ts';
import { meet, Probe, type RawLink, treeSays } from './probe.test-support.ts';

const search = (token: number, username = 'somebody'): DistributedMessage => ({
  type: 'DistribSearch',
  identifier: 49,
  username,
  token,
  query: 'wanted thing',
});
const level = (value: number): DistributedMessage => ({ type: 'DistribBranchLevel', level: value });
const root = (username: string): DistributedMessage => ({ type: 'DistribBranchRoot', username });

/** What the peer told the server about the tree, since the last look. */
function told(met: Awaited<ReturnType<typeof meet>>) {
  let seen = 0;
  const types = new Set<ServerRequest['type']>([
    'HaveNoParent',
    'BranchLevel',
    'BranchRoot',
    'AcceptChildren',
  ]);
  return () => {
    const all = met.sandbox.server.received('peer').map(({ request }) => request);
    const fresh = all.slice(seen).filter(({ type }) => types.has(type));
    seen = all.length;
    return fresh.map(({ type, ...values }) => [type, ...(Object.values(values) as unknown[])]);
  };
}

const ALONE = [
  ['HaveNoParent', true],
  ['BranchRoot', 'peer'],
  ['BranchLevel', 0],
  ['AcceptChildren', false],
];

/** The peer, offered the probe as its parent; the probe's end of their connection. */
async function offered(tree = {}) {
  const met = await meet({ behaviour: { tree, idleMs: Infinity } });
  const news = told(met);
  expect(news()).toEqual(ALONE);
  // The server resets whoever names a root that is not online.
  await met.sandbox.online('top', 'other', 'twin');
  const offer = async (...names: readonly string[]) => {
    const parents = names.map((username) => ({ username, ip: '10.0.0.2', port: Probe.plainPort }));
    met.sandbox.server.sendTo('peer', { type: 'PossibleParents', parents });
    await met.sandbox.world.clock.advance(100);
  };
  await offer('probe');
  const say = async (link: RawLink, ...messages: readonly DistributedMessage[]) => {
    link.write(...messages.map(treeSays));
    await met.sandbox.world.clock.advance(100);
  };
  return { ...met, news, offer, say };
}

describe('as a child', () => {
  test('a candidate becomes the parent with its first search, once level and root are known', async () => {
    const { peer, probe, news, say } = await offered();
    const link = probe.links[0]!;
    expect(link.read('distributed').init).toMatchObject({ username: 'peer', connectionType: 'D' });
    await say(link, search(1));
    await say(link, level(3), search(2));
    await say(link, root('top'));
    expect([news(), peer.tree.parent, peer.searches]).toEqual([[], undefined, []]);
    await say(link, search(3));
    expect(news()).toEqual([
      ['HaveNoParent', false],
      ['BranchRoot', 'top'],
      ['BranchLevel', 4],
      ['AcceptChildren', true],
    ]);
    expect(peer.tree).toEqual({ parent: 'probe', isRoot: false, level: 4, root: 'top', children: [] });
    expect(peer.searches.map(({ token }) => token)).toEqual([3]);
    await say(link, level(1), root('other'));
    expect(news()).toEqual([
      ['BranchLevel', 2],
      ['BranchRoot', 'other'],
    ]);
  });

  test('of several candidates the first to send a search stays, the others are closed', async () => {
    const { peer, probe, offer, say } = await offered();
    await offer('probe', 'twin');
    const [dropped, one, two] = probe.links;
    expect([dropped!.closed, one!.closed, two!.closed]).toEqual([true, false, false]);
    await say(one!, level(0));
    await say(two!, level(0));
    await say(two!, search(1));
    expect([one!.closed, two!.closed, peer.tree.parent]).toEqual([true, false, 'twin']);
    await offer('probe');
    expect(probe.links).toHaveLength(3);
  });

  test.each([
    ['a level below zero', [level(-1)]],
    ['an empty root', [level(1), root('')]],
    ['a loop', [level(1), root('peer')]],
  ])('%s is no parent', async (_what, messages) => {
    const { peer, probe, news, say } = await offered();
    await say(probe.links[0]!, ...messages, search(1));
    expect([probe.links[0]!.closed, peer.tree.parent, news()]).toEqual([true, undefined, []]);
  });

  test('a parent that leaves is told to the server; children stay', async () => {
    const { sandbox, peer, probe, news, say } = await offered();
    await say(probe.links[0]!, level(0), search(1));
    const child = await probe.visit('peer', 'D', 'kid');
    await sandbox.world.clock.advance(100);
    news();
    probe.links[0]!.destroy();
    await sandbox.world.clock.advance(100);
    expect(news()).toEqual(ALONE);
    expect([child.closed, peer.tree.children]).toEqual([false, ['kid']]);
  });

  test('a reset closes everything', async () => {
    const { sandbox, peer, probe, news, say } = await offered();
    await say(probe.links[0]!, level(0), search(1));
    const child = await probe.visit('peer', 'D', 'kid');
    await sandbox.world.clock.advance(100);
    news();
    sandbox.server.resetDistributed('peer');
    await sandbox.world.clock.advance(100);
    expect(news()).toEqual(ALONE);
    expect([child.closed, probe.links[0]!.closed]).toEqual([true, true]);
    expect(peer.tree).toMatchObject({ parent: undefined, isRoot: false, children: [] });
  });

  test('an old root whose searches are in envelopes is a parent too', async () => {
    const { peer, probe, say } = await offered();
    const inner = encodeDistributedMessage(search(7)).subarray(5);
    await say(probe.links[0]!, level(0), {
      type: 'DistribEmbeddedMessage',
      distribCode: 3,
      distribMessage: inner,
    });
    expect(peer.searches.map(({ token }) => token)).toEqual([7]);
  });
});

describe('as a parent', () => {
  /** The peer as a branch root with the probe as its child. */
  async function parent(options: Parameters<typeof meet>[0]) {
    const met = await meet({ ...options, behaviour: { idleMs: Infinity, ...options?.behaviour } });
    const news = told(met);
    news();
    met.sandbox.server.setBranchRoot('peer', true);
    const ask = async (token: number) => {
      met.probe.person.send({ type: 'FileSearch', token, query: 'anything' });
      await met.sandbox.world.clock.advance(100);
    };
    await ask(1);
    const link = await met.probe.visit('peer', 'D');
    await met.sandbox.world.clock.advance(100);
    return { ...met, news, ask, link };
  }
  const heard = (link: RawLink) => link.read('distributed', false).messages;
  const wanted = { type: 'DistribSearch', identifier: 49, username: 'probe', query: 'anything' };

  test('a branch root takes children, tells them its place and passes on every search, byte for byte', async () => {
    const { peer, news, ask, link } = await parent({ kind: 'member' });
    expect(news()).toEqual([['AcceptChildren', true]]);
    await ask(2);
    await ask(3);
    expect(heard(link)).toEqual([level(0), root('peer'), { ...wanted, token: 2 }, { ...wanted, token: 3 }]);
    expect(peer.tree).toEqual({
      parent: undefined,
      isRoot: true,
      level: 0,
      root: 'peer',
      children: ['probe'],
    });
    expect(peer.searches.map(({ token }) => token)).toEqual([1, 2, 3]);
  });

  test('no more children than it has room for', async () => {
    const { sandbox, news, probe, link } = await parent({ behaviour: { tree: { maxChildren: 1 } } });
    expect(news()).toEqual([
      ['AcceptChildren', true],
      ['AcceptChildren', false],
    ]);
    const second = await probe.visit('peer', 'D', 'second');
    await sandbox.world.clock.advance(100);
    expect(second.closed).toBe(true);
    link.destroy();
    await sandbox.world.clock.advance(100);
    expect(news()).toEqual([['AcceptChildren', true]]);
  });

  test('without a place in the tree, or a part in it, there are no children', async () => {
    for (const kind of ['member', 'honest'] as const) {
      const { sandbox, probe } = await meet({ kind });
      const link = await probe.visit('peer', 'D');
      await sandbox.world.clock.advance(100);
      expect(link.closed).toBe(true);
    }
  });

  test.each([
    ['level below zero', [level(-1), root('peer')]],
    ['empty root', [level(0), root('')]],
    ['old root', [level(0)]],
  ] as const)('%s', async (kind, place) => {
    const { link } = await parent({ kind });
    expect(heard(link)).toEqual(place);
  });

  test('a loop: names the child as the root', async () => {
    const { link } = await parent({ behaviour: { tree: { root: 'probe', level: 4 } } });
    expect(heard(link)).toEqual([level(4), root('probe')]);
  });

  test.each([
    ['old root', 4],
    ['old Nicotine+ root', 1],
  ] as const)('%s: searches in an envelope whose code takes %i bytes', async (kind, width) => {
    const { ask, link } = await parent({ kind });
    const before = link.bytes.length;
    await ask(2);
    const frame = link.bytes.subarray(before);
    const inner = encodeDistributedMessage({
      ...search(2, 'probe'),
      query: 'anything',
    } as DistributedMessage);
    expect(frame.readUInt32LE(0)).toBe(frame.length - 4);
    expect(frame.subarray(4, 4 + width).toString('hex')).toBe(width === 1 ? '5d' : '5d000000');
    expect(frame.subarray(4 + width).equals(inner.subarray(4))).toBe(true);
  });

  test('stops halfway through a search', async () => {
    const { ask, link } = await parent({ kind: 'stops halfway', behaviour: { tree: {} } });
    await ask(2);
    await ask(3);
    expect(heard(link)).toEqual([level(0), root('peer')]);
    expect(link.read('distributed', false).left).toBeGreaterThan(0);
  });

  test('asked through the server: it connects, and still is the parent', async () => {
    const { sandbox, probe, peer } = await parent({ kind: 'member' });
    const kid = sandbox.peer('kid', { kind: 'member', behaviour: { dials: 'indirect' } });
    await sandbox.run(kid.login());
    const { port } = sandbox.server.world.session('peer')!;
    sandbox.server.sendTo('kid', {
      type: 'PossibleParents',
      parents: [{ username: 'peer', ip: sandbox.hostOf('peer')!, port }],
    });
    await sandbox.world.clock.advance(100);
    expect(peer.tree.children).toEqual(['probe', 'kid']);
    probe.person.send({ type: 'FileSearch', token: 9, query: 'anything' });
    await sandbox.world.clock.advance(100);
    expect(kid.tree).toMatchObject({ parent: 'peer', level: 1, root: 'peer' });
    expect(kid.searches.map(({ token }) => token)).toEqual([9]);
  });
});

test('a whole tree of peers forms by upload speed, and each search reaches each of them once', async () => {
  const sandbox = await virtualSandbox({ seed: 5 });
  const peers = Array.from({ length: 40 }, (_, i) =>
    sandbox.peer(`peer${i}`, { uploadSpeed: 1000 + i, behaviour: { tree: { maxChildren: 4 } } }),
  );
  for (const peer of peers) await sandbox.run(peer.login());
  const [asker] = await sandbox.online('asker');
  let token = 0;
  const ask = async (ms: number) => {
    asker!.send({ type: 'FileSearch', token: ++token, query: 'anything' });
    await sandbox.world.clock.advance(ms);
  };
  for (let i = 0; i < 30; i++) await ask(20_000);
  // Were news of a moved parent multiplied on their way down, it would be many times as much.
  expect(sandbox.world.net.stats().bytes).toBeLessThan(300_000);
  const depth = Math.max(...peers.map(({ tree }) => tree.level));
  expect(depth).toBeGreaterThanOrEqual(2);
  const roots = peers.filter(({ tree }) => tree.isRoot);
  expect(roots.length).toBeLessThan(6);
  const settled = token;
  for (let i = 0; i < 5; i++) await ask(20_000);
  for (const peer of peers) {
    const heard = peer.searches.map((search) => search.token).filter((each) => each > settled);
    expect(heard).toEqual([1, 2, 3, 4, 5].map((n) => settled + n));
  }
});

test('init in the wrong place is no distributed message', async () => {
  const { sandbox, probe } = await meet({ kind: 'member' });
  const link = await probe.visit('peer', 'D');
  link.write(encodeInitMessage({ type: 'PierceFireWall', token: 3 }));
  await sandbox.world.clock.advance(100);
  expect(link.closed).toBe(true);
});
