import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import {
  type DistributedMessage,
  encodeDistributedMessage,
  type ServerResponse,
} from '../../protocol/index.ts';
import { FakeLink, settled } from '../fake-link.test-support.ts';
import { PeerError } from '../peers/peer-link.ts';
import { FakePeerLink, FakePeers, searchFor } from './fake-peers.test-support.ts';
import { SearchTree } from './search-tree.ts';
import type { TreeOptions } from './tree-options.ts';

const MiB = 1024 * 1024;
const level = (number: number): DistributedMessage => ({ type: 'DistribBranchLevel', level: number });
const root = (username: string): DistributedMessage => ({ type: 'DistribBranchRoot', username });
const speed = (avgSpeed: number): ServerResponse => ({
  type: 'GetUserStats',
  username: 'bot',
  avgSpeed,
  uploadNum: 0,
  unknown: 0,
  files: 0,
  dirs: 0,
});
const suggest = (...users: readonly string[]): ServerResponse => ({
  type: 'PossibleParents',
  parents: users.map((username) => ({ username, ip: '10.0.0.1', port: 2234 })),
});
const embedded = (search: DistributedMessage): ServerResponse => {
  const frame = encodeDistributedMessage(search);
  return { type: 'EmbeddedMessage', distribCode: 3, distribMessage: frame.subarray(5) };
};

function bench(options: TreeOptions = {}) {
  const clock = new VirtualClock();
  const link = new FakeLink();
  const peers = new FakePeers();
  const log = memoryLog();
  const tree = new SearchTree({ link, peers, clock, log, random: new SeededRandom(1), options });
  link.login();
  link.says({ type: 'ParentMinSpeed', speed: 1 }, { type: 'ParentSpeedRatio', ratio: 50 }, speed(1_000_000));
  /** Makes ann our parent: level 1, root rex. */
  const adopt = async () => {
    link.says(suggest('ann', 'bob'));
    const ann = await peers.opens('ann');
    ann.says(level(1), root('rex'), searchFor('first'));
    link.take();
    return ann;
  };
  return { clock, link, peers, log, tree, adopt };
}

describe('finding a parent', () => {
  it('dials all at once at the address given, adopts at the first search, and lets the others go', async () => {
    const { link, peers, tree } = bench();
    expect(link.take()).toEqual([
      { type: 'HaveNoParent', noParent: true },
      { type: 'BranchRoot', username: 'bot' },
      { type: 'BranchLevel', level: 0 },
      { type: 'AcceptChildren', accept: false },
    ]);
    link.says(suggest('ann', 'bob', 'cat'));
    expect(
      peers.dials.map(({ user, type, options }) => [user, type, options.priority, options.address]),
    ).toEqual(['ann', 'bob', 'cat'].map((user) => [user, 'D', 'tree', { host: '10.0.0.1', port: 2234 }]));
    const ann = await peers.opens('ann');
    const bob = await peers.opens('bob');
    ann.says(level(1), root('rex'));
    expect(tree.snapshot()).toMatchObject({
      role: 'none',
      candidates: [
        { user: 'ann', connected: true, level: 1, root: 'rex' },
        { user: 'bob', connected: true },
        { user: 'cat', connected: false },
      ],
    });
    expect(link.take()).toEqual([]);
    bob.says(searchFor('too early'), level(0), searchFor('now'));
    expect(link.take()).toEqual([
      { type: 'HaveNoParent', noParent: false },
      { type: 'BranchRoot', username: 'bob' },
      { type: 'BranchLevel', level: 1 },
      { type: 'AcceptChildren', accept: true },
    ]);
    expect(ann.closed).toBe(true);
    expect(peers.dial('cat').options.signal?.aborted).toBe(true);
    expect(bob.idleMs).toBe(60_000);
    expect(tree.snapshot()).toMatchObject({
      role: 'child',
      level: 1,
      root: 'bob',
      parent: { user: 'bob', level: 0 },
    });
    // A link that comes after all is not ours any more.
    const cat = await peers.opens('cat');
    expect(cat).toMatchObject({ closed: true, started: false });
  });

  it('notes why a candidate failed, and why the parent was lost; tries the others then', async () => {
    const { link, peers, tree, adopt } = bench();
    link.says(suggest('zed'));
    peers.dial('zed').fail(new PeerError('unreachable', 'zed', 'nobody there'));
    await settled();
    const ann = await adopt();
    peers.dials = [];
    ann.cut('idle for 60 s');
    expect(peers.dials.map(({ user }) => user)).toEqual(['bob']);
    expect(tree.snapshot().changes.map(({ change, why }) => `${change}: ${why}`)).toEqual([
      'online: logged in',
      'candidates: the server suggests zed',
      'candidate-dropped: zed: unreachable: nobody there',
      'candidates: the server suggests ann, bob',
      'parent: ann, level 1, root rex',
      'parent-lost: ann: idle for 60 s',
    ]);
  });

  it('begins anew with each session', async () => {
    const { link, peers, tree, adopt } = bench();
    const ann = await adopt();
    const kim = peers.child('kim');
    link.lose();
    expect(ann.closed).toBe(true);
    expect(kim.closed).toBe(true);
    expect(tree.snapshot()).toMatchObject({ role: 'offline', children: [], maxChildren: 0 });
    link.take();
    link.login();
    expect(link.takeTypes()).toEqual(['HaveNoParent', 'BranchRoot', 'BranchLevel', 'AcceptChildren']);
    expect(tree.snapshot()).toMatchObject({ role: 'none', level: 0, root: 'bot', maxChildren: 0 });
  });

  it('keeps the bytes of a root whose name is not UTF-8', async () => {
    const { link, peers } = bench();
    link.says(suggest('ann'));
    const ann = await peers.opens('ann');
    link.take();
    ann.says(level(1), Buffer.from([6, 0, 0, 0, 5, 1, 0, 0, 0, 0xe9]), searchFor('first'));
    expect(link.take()[1]).toEqual({ type: 'BranchRoot', username: 'é', latin1: ['username'] });
    expect([...peers.child('kim').takeBytes().subarray(-6)]).toEqual([5, 1, 0, 0, 0, 0xe9]);
  });
});

describe('relaying', () => {
  it('passes on the bytes that came, frames of one chunk in one piece', async () => {
    const { peers, adopt } = bench();
    const ann = await adopt();
    const children = [peers.child('kim'), peers.child('lee')];
    for (const child of children) expect(child.take()).toEqual(['2', 'rex']);
    // Unknown fields at the end of a search are passed on too.
    const long = Buffer.concat([encodeDistributedMessage(searchFor('b')), Buffer.from([1, 2, 3])]);
    long.writeUInt32LE(long.length - 4, 0);
    const frames = Buffer.concat([
      encodeDistributedMessage(searchFor('a')),
      long,
      encodeDistributedMessage(searchFor('c', 'bot')),
    ]);
    ann.chunk(frames);
    for (const child of children) {
      expect(child.pieces).toBe(1);
      expect(child.takeBytes()).toEqual(frames);
    }
    // However it is cut.
    for (const byte of frames) ann.chunk(Buffer.of(byte));
    for (const child of children) {
      expect(child.pieces).toBe(3);
      expect(child.takeBytes()).toEqual(frames);
    }
  });

  it('unwraps both dialects of embedded messages, and passes on nothing that is no search', async () => {
    const { peers, tree, adopt } = bench();
    const ann = await adopt();
    const kim = peers.child('kim');
    kim.takeBytes();
    const a = encodeDistributedMessage(searchFor('a'));
    const wrap = (...head: number[]) => {
      const frame = Buffer.concat([Buffer.alloc(4), Buffer.from(head), a.subarray(4)]);
      frame.writeUInt32LE(frame.length - 4, 0);
      return frame;
    };
    ann.says(a, wrap(93), a, wrap(93, 0, 0, 0), a);
    expect(kim.pieces).toBe(1);
    expect(kim.takeBytes()).toEqual(Buffer.concat([a, a, a, a, a]));
    const wrong = Buffer.from(a);
    wrong[5] = 50;
    ann.says(
      wrong,
      wrap(94),
      Buffer.from([2, 0, 0, 0, 4, 1]),
      { type: 'DistribPing' },
      { type: 'DistribChildDepth', depth: 3 },
      a,
    );
    expect(kim.takeBytes()).toEqual(Buffer.from(a));
    expect(tree.snapshot().counts).toEqual({ ignored: 2 });
    expect(ann.strikes).toBe(1);
    expect(tree.snapshot().requests).toBe(7);
  });

  it('tells children and server what changes above, in the order of the stream', async () => {
    const { link, peers, adopt } = bench();
    const ann = await adopt();
    const kim = peers.child('kim');
    kim.take();
    ann.says(searchFor('a'), level(4), searchFor('b'), root('zoe'), searchFor('c'), level(4));
    expect(kim.take()).toEqual(['?a', '5', '?b', 'zoe', '?c']);
    expect(link.take()).toEqual([
      { type: 'BranchLevel', level: 5 },
      { type: 'BranchRoot', username: 'zoe' },
    ]);
  });

  it('lets a parent go that changes its place all the time', async () => {
    const { clock, link, tree, adopt } = bench();
    const ann = await adopt();
    for (let i = 0; i < 60; i++) ann.says(level(2 + (i % 2)));
    expect(ann.closed).toBe(false);
    await clock.advance(61_000);
    for (let i = 0; i < 60; i++) ann.says(level(4 + (i % 2)));
    expect(ann.closed).toBe(false);
    link.take();
    ann.says(level(9), level(10), level(11));
    expect(ann.closed).toBe(true);
    expect(tree.snapshot().counts).toEqual({ restless: 1 });
    expect(link.takeTypes()).toEqual([
      'BranchLevel',
      'HaveNoParent',
      'BranchRoot',
      'BranchLevel',
      'AcceptChildren',
    ]);
  });
});

describe('as a root', () => {
  it('passes on what the server sends, its own searches too, what comes at once in one piece', async () => {
    const { link, peers, tree } = bench();
    link.take();
    link.says(embedded(searchFor('first')));
    expect(link.take()).toEqual([{ type: 'AcceptChildren', accept: true }]);
    expect(tree.snapshot()).toMatchObject({ role: 'root', isRoot: true, level: 0, root: 'bot' });
    const kim = peers.child('kim');
    expect(kim.take()).toEqual(['0', 'bot']);
    const searches = [searchFor('a'), searchFor('mine', 'bot'), searchFor('c')];
    link.says(...searches.map(embedded));
    await settled();
    expect(kim.pieces).toBe(1);
    expect(kim.takeBytes()).toEqual(Buffer.concat(searches.map(encodeDistributedMessage)));
    // What came before a reset still goes out before it.
    link.says(embedded(searchFor('last')), { type: 'ResetDistributed' });
    expect(kim.take()).toEqual(['?last']);
    expect(kim.closed).toBe(true);
  });

  it('ignores the server while there is a parent, and embedded messages that are no searches', async () => {
    const { link, peers, tree, adopt } = bench();
    link.says({ type: 'EmbeddedMessage', distribCode: 4, distribMessage: new Uint8Array([1, 0, 0, 0]) });
    link.says({ type: 'EmbeddedMessage', distribCode: 3, distribMessage: new Uint8Array([50, 0, 0, 0]) });
    expect(tree.snapshot()).toMatchObject({ role: 'none', counts: { ignored: 2 } });
    await adopt();
    const kim = peers.child('kim');
    kim.take();
    link.says(embedded(searchFor('not now')));
    await settled();
    expect(kim.take()).toEqual([]);
    expect(tree.snapshot().role).toBe('child');
  });
});

describe('children', () => {
  it('are refused without a feed, above the limit, under our name and our parent’s', async () => {
    const { link, peers, tree, adopt } = bench({ maxChildren: 1 });
    expect(peers.taker?.willing?.('kim')).toBe(false);
    expect(peers.knocks(new FakePeerLink('kim'))).toBe(false);
    await adopt();
    expect(peers.taker?.willing?.('kim')).toBe(true);
    for (const user of ['ann', 'bot']) expect(peers.knocks(new FakePeerLink(user))).toBe(false);
    const kim = peers.child('kim');
    expect(kim.idleMs).toBe(60_000);
    expect(link.take()).toEqual([{ type: 'AcceptChildren', accept: false }]);
    expect(peers.knocks(new FakePeerLink('lee'))).toBe(false);
    expect(tree.snapshot().counts).toEqual({
      'refused-not-fed': 1,
      'refused-upstream': 1,
      'refused-self': 1,
      'refused-full': 1,
    });
    kim.cut();
    expect(link.take()).toEqual([{ type: 'AcceptChildren', accept: true }]);
  });

  it('may come again, but nobody unproven takes the place of somebody proven', async () => {
    const { peers, tree, adopt } = bench();
    const ann = await adopt();
    const kim = peers.child('kim');
    expect(peers.knocks(new FakePeerLink('kim', { verified: false }))).toBe(false);
    const again = peers.child('kim');
    expect(kim.closed).toBe(true);
    again.take();
    await settled();
    ann.says(searchFor('a'));
    expect(again.take()).toEqual(['?a']);
    expect(tree.snapshot().children).toHaveLength(1);
  });

  it('may ping, but not speak like a parent', async () => {
    const { peers, tree, adopt } = bench();
    await adopt();
    const [kim, lee] = [peers.child('kim'), peers.child('lee')];
    kim.says({ type: 'DistribPing' }, { type: 'DistribChildDepth', depth: 1 });
    expect(kim.closed).toBe(false);
    lee.take();
    kim.says(searchFor('spoof'), searchFor('spoof'));
    expect(kim.closed).toBe(true);
    expect(lee.take()).toEqual([]);
    expect(tree.snapshot().counts).toEqual({ intruder: 1 });
  });

  it('that do not keep up are dropped at the bound, and cost the others nothing', async () => {
    const { peers, tree, adopt } = bench({ childQueueBytes: MiB });
    const ann = await adopt();
    const [kim, lee, max] = [peers.child('kim'), peers.child('lee'), peers.child('max')];
    kim.stuck = true;
    const chunk = Buffer.concat(
      Array.from({ length: 200 }, () => encodeDistributedMessage(searchFor('x'.repeat(200)))),
    );
    let most = 0;
    for (let sent = 0; sent <= MiB + 2 * chunk.length; sent += chunk.length) {
      ann.chunk(chunk);
      // Held back for a moment for the sake of one; time does not pass here.
      if (ann.paused) ann.resume();
      most = Math.max(most, kim.bufferedBytes);
      for (const child of [lee, max])
        expect(child.takeBytes().subarray(-chunk.length).equals(chunk)).toBe(true);
    }
    expect(most).toBeLessThanOrEqual(MiB + chunk.length);
    expect(kim).toMatchObject({ closed: true, destroyed: true });
    expect(tree.snapshot().counts).toEqual({ 'slow-child': 1 });
    expect(tree.snapshot().children.map(({ user }) => user)).toEqual(['lee', 'max']);
  });

  it('for whom bytes wait too long are dropped', async () => {
    const { clock, peers, tree, adopt } = bench();
    const ann = await adopt();
    const [kim, lee, max] = [peers.child('kim'), peers.child('lee'), peers.child('max')];
    kim.stuck = true;
    ann.says(...Array.from({ length: 10 }, () => searchFor('x'.repeat(10_000))));
    expect(tree.snapshot().children[0]).toMatchObject({ user: 'kim', behindMs: 0, messages: 10 });
    await clock.advance(20_000);
    expect(tree.snapshot().children[0]).toMatchObject({ behindMs: 20_000 });
    // It takes what it had, but gets more: nothing waits for long.
    kim.bufferedBytes = 0;
    ann.says(...Array.from({ length: 10 }, () => searchFor('x'.repeat(10_000))));
    await clock.advance(29_000);
    expect(kim.closed).toBe(false);
    await clock.advance(2000);
    expect(kim.destroyed).toBe(true);
    expect([lee.closed, max.closed]).toEqual([false, false]);
    expect(clock.pending).toBe(0);
  });

  it('hold the parent back while most are behind, for a second at most', async () => {
    const { clock, peers, adopt } = bench();
    const ann = await adopt();
    const [kim, lee, max] = [peers.child('kim'), peers.child('lee'), peers.child('max')];
    const big = () => ann.says(...Array.from({ length: 10 }, () => searchFor('x'.repeat(10_000))));
    kim.stuck = true;
    big();
    expect(ann.paused).toBe(false);
    lee.stuck = true;
    big();
    expect(ann.paused).toBe(true);
    lee.drain();
    await settled();
    expect(ann.paused).toBe(false);
    lee.stuck = true;
    big();
    expect(ann.paused).toBe(true);
    await clock.advance(1000);
    expect(ann.paused).toBe(false);
    // It did not help: not again.
    big();
    expect(ann.paused).toBe(false);
    expect(max.closed).toBe(false);
  });
});

describe('what reaches listeners', () => {
  it('is everybody else’s searches, in batches, with their bytes', async () => {
    const { tree, adopt, peers } = bench();
    const ann = await adopt();
    const kim = peers.child('kim');
    const batches: { count: number; searches: unknown[] }[] = [];
    const undo = tree.onSearch((batch) => {
      batches.push({
        count: batch.count,
        searches: [...batch].map(({ raw, ...search }) => ({ ...search, raw: Buffer.from(raw) })),
      });
    });
    const [a, own, c] = [searchFor('a', 'zed'), searchFor('mine', 'bot'), searchFor('c', 'Bot')] as const;
    ann.says(a, own, c);
    const read = (search: DistributedMessage) => ({
      ...(search.type === 'DistribSearch' && {
        user: search.username,
        token: search.token,
        query: search.query,
      }),
      raw: Buffer.from(encodeDistributedMessage(search)),
    });
    expect(batches).toEqual([{ count: 3, searches: [read(a), read(c)] }]);
    kim.take();
    undo();
    ann.says(a);
    expect(batches).toHaveLength(1);
    expect(kim.take()).toEqual(['?a']);
  });

  it('marks text that was not UTF-8', async () => {
    const { tree, adopt } = bench();
    const ann = await adopt();
    const found: unknown[] = [];
    tree.onSearch((batch) => found.push(...[...batch].map(({ user, latin1 }) => ({ user, latin1 }))));
    ann.says({ ...searchFor('x', 'é'), latin1: ['username'] } as DistributedMessage);
    expect(found).toEqual([{ user: 'é', latin1: ['user'] }]);
  });

  it('a listener that fails stops neither the relay nor the others', async () => {
    const { tree, adopt, peers, log } = bench();
    const ann = await adopt();
    const kim = peers.child('kim');
    let heard = 0;
    tree.onSearch(() => {
      throw new Error('no');
    });
    tree.onSearch(() => heard++);
    tree.onChange(() => {
      throw new Error('no');
    });
    kim.take();
    ann.says(searchFor('a'), level(7));
    expect(kim.take()).toEqual(['?a', '8']);
    expect(heard).toBe(1);
    expect(log.at('error')).toHaveLength(2);
  });

  it('counts a rate', async () => {
    const { clock, tree, adopt } = bench();
    const ann = await adopt();
    for (let second = 0; second < 60; second++) {
      ann.says(...Array.from({ length: 5 }, () => searchFor('x')));
      await clock.advance(1000);
    }
    expect(tree.snapshot().requestsPerSecond).toBeCloseTo(5, 0);
    await clock.advance(60_000);
    expect(tree.snapshot().requestsPerSecond).toBe(0);
  });
});

describe('telling the server', () => {
  it('is repeated when it did not leave, but not for a session that is over', async () => {
    const { clock, link } = bench();
    link.take();
    link.outcome = () => ({ state: 'dropped', code: 'queue-full', reason: 'full' });
    link.says(embedded(searchFor('a')));
    await settled();
    expect(link.takeTypes()).toEqual(['AcceptChildren']);
    link.outcome = () => ({ state: 'sent', at: 0 });
    await clock.advance(30_000);
    expect(link.take()).toEqual([
      { type: 'HaveNoParent', noParent: true },
      { type: 'BranchRoot', username: 'bot' },
      { type: 'BranchLevel', level: 0 },
      { type: 'AcceptChildren', accept: true },
    ]);
    await clock.advance(600_000);
    expect(link.take()).toEqual([]);
    link.outcome = () => ({ state: 'expired', reason: 'late' });
    link.says({ type: 'ResetDistributed' });
    link.lose();
    await clock.advance(600_000);
    expect(link.takeTypes()).toEqual(['HaveNoParent', 'BranchRoot', 'BranchLevel', 'AcceptChildren']);
    expect(clock.pending).toBe(0);
  });

  it('is repeated every few minutes while no searches reach us', async () => {
    const { clock, link, adopt } = bench();
    link.take();
    await clock.advance(30 * 60_000);
    const reminders = link.take().length / 4;
    expect(reminders).toBeGreaterThanOrEqual(5);
    expect(reminders).toBeLessThanOrEqual(7);
    const ann = await adopt();
    await clock.advance(30 * 60_000);
    expect(link.take()).toEqual([]);
    expect(clock.pending).toBe(0);
    ann.cut();
    link.take();
    await clock.advance(6 * 60_000);
    expect(link.takeTypes()).toHaveLength(4);
  });
});

it('leaves for good when closed', async () => {
  const { clock, link, peers, tree, adopt } = bench();
  const ann = await adopt();
  const kim = peers.child('kim');
  tree.close();
  expect([ann.closed, kim.closed]).toEqual([true, true]);
  link.take();
  link.says(suggest('ann'), embedded(searchFor('a')));
  link.login();
  await settled();
  expect(link.take()).toEqual([]);
  expect(peers.taker).toBeUndefined();
  expect(clock.pending).toBe(0);
});
