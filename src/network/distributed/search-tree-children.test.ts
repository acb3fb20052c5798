import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { type DistributedMessage, encodeDistributedMessage } from '../../protocol/index.ts';
import { settled } from '../fake-link.test-support.ts';
import { FakePeerLink, searchFor } from './fake-peers.test-support.ts';
import { bench, level } from './tree-bench.test-support.ts';

const MiB = 1024 * 1024;

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
