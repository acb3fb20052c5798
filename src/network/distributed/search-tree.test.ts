import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { encodeDistributedMessage } from '../../protocol/index.ts';
import { settled } from '../fake-link.test-support.ts';
import { PeerError } from '../peers/peer-link.ts';
import { searchFor } from './fake-peers.test-support.ts';
import { bench, embedded, level, root, suggest } from './tree-bench.test-support.ts';

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
