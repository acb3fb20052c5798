import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect } from 'vitest';
import { nullLog } from '../../platform/null-log.ts';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { encodeDistributedMessage, FrameSplitter } from '../../protocol/index.ts';
import { FakeLink, settled } from '../fake-link.test-support.ts';
import { FakePeerLink, FakePeers, searchFor } from './fake-peers.test-support.ts';
import { SearchTree } from './search-tree.ts';

/** Something that happens around a tree. */
export type Action =
  | { readonly do: 'suggest'; readonly users: readonly string[] }
  | { readonly do: 'open' | 'fail'; readonly index: number }
  | { readonly do: 'place'; readonly index: number; readonly level: number; readonly root: string }
  | {
      readonly do: 'search';
      readonly index: number;
      readonly count: number;
      readonly dialect: number;
      readonly cut: number;
    }
  | { readonly do: 'embedded'; readonly count: number }
  | { readonly do: 'knock'; readonly user: string }
  | { readonly do: 'leave' | 'stick' | 'drain'; readonly index: number }
  /** A whole adoption in one: otherwise it hardly ever comes about. */
  | { readonly do: 'parent'; readonly user: string; readonly level: number }
  | { readonly do: 'reset' | 'relogin' | 'wait' };

const user = fc.constantFrom('ann', 'bob', 'cat', 'kim', 'lee', 'max', 'bot');
const index = fc.nat(9);
export const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constant('suggest' as const), users: fc.array(user, { minLength: 1, maxLength: 3 }) }),
  fc.record({ do: fc.constantFrom('open' as const, 'open' as const, 'fail' as const), index }),
  ...[1, 2].map(() =>
    fc.record({
      do: fc.constant('place' as const),
      index,
      level: fc.constantFrom(0, 1, 1, 2, 3, -1),
      root: fc.constantFrom('rex', 'zoe', 'ann', 'bot'),
    }),
  ),
  ...[1, 2, 3].map(() =>
    fc.record({
      do: fc.constant('search' as const),
      index,
      count: fc.integer({ min: 1, max: 5 }),
      dialect: fc.nat(2),
      cut: fc.nat(200),
    }),
  ),
  ...[1, 2].map(() => fc.record({ do: fc.constant('knock' as const), user })),
  ...[1, 2].map(() => fc.record({ do: fc.constant('parent' as const), user, level: fc.nat(2) })),
  fc.record({ do: fc.constant('embedded' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('knock' as const), user }),
  fc.record({ do: fc.constantFrom('leave' as const, 'stick' as const, 'drain' as const), index }),
  fc.record({ do: fc.constantFrom('reset' as const, 'relogin' as const, 'wait' as const) }),
);

/** The world around one tree: it knows what each child should have got. */
export class World {
  readonly clock = new VirtualClock();
  readonly link = new FakeLink();
  readonly peers = new FakePeers();
  readonly tree = new SearchTree({
    link: this.link,
    peers: this.peers,
    clock: this.clock,
    random: new SeededRandom(1),
    log: nullLog,
    options: { maxChildren: 3 },
  });
  links: FakePeerLink[] = [];
  /** What each child should have been sent and has been sent: searches only. */
  readonly expected = new Map<FakePeerLink, Buffer[]>();
  /** What each believes of its parent's place: level and root. */
  readonly believed = new Map<FakePeerLink, { level: number; root: string }>();
  readonly server: Record<string, unknown> = {};

  login(): void {
    this.link.login();
    this.link.says(
      { type: 'ParentMinSpeed', speed: 1 },
      { type: 'ParentSpeedRatio', ratio: 50 },
      { type: 'GetUserStats', username: 'bot', avgSpeed: 1e6, uploadNum: 0, unknown: 0, files: 0, dirs: 0 },
    );
  }

  get children(): FakePeerLink[] {
    return this.links.filter((link) => link.incoming && !link.closed);
  }

  /** The n-th of the links that we opened. */
  upstream(n: number): FakePeerLink | undefined {
    const open = this.links.filter((link) => !link.incoming && !link.closed);
    return open[n % Math.max(1, open.length)];
  }

  child(n: number): FakePeerLink | undefined {
    return this.children[n % Math.max(1, this.children.length)];
  }

  /** Looks at everything that was sent since the last time. */
  collect(): void {
    for (const request of this.link.take()) {
      const { type, ...fields } = request as unknown as Record<string, unknown>;
      this.server[String(type)] = Object.values(fields)[0];
    }
    for (const link of this.links) {
      const frames = splitFrames(link.takeBytes());
      if (!link.incoming) expect(frames).toEqual([]);
      const searches: Buffer[] = [];
      for (const frame of frames) {
        if (frame[4] === 3) searches.push(frame);
        else {
          const before = this.believed.get(link) ?? { level: -1, root: '' };
          const now =
            frame[4] === 4
              ? { ...before, level: frame.readInt32LE(5) }
              : { ...before, root: frame.toString('utf8', 9) };
          this.believed.set(link, now);
        }
      }
      const expected = this.expected.get(link) ?? [];
      // Each exactly once, in order, byte for byte; one that was let go may have got the beginning only.
      const due = link.closed ? expected.slice(0, searches.length) : expected;
      expect(searches.map((frame) => frame.toString('hex'))).toEqual(
        due.map((frame) => frame.toString('hex')),
      );
      this.expected.set(link, []);
    }
  }

  /** These should reach all children there are. */
  expectAll(frames: readonly Buffer[]): void {
    for (const child of this.children)
      this.expected.set(child, [...(this.expected.get(child) ?? []), ...frames]);
  }

  check(): void {
    const { tree, link } = this;
    const { role, parent, level, root, children, maxChildren, accepting } = tree.snapshot();
    const open = this.links.filter((other) => !other.closed);
    expect(children.map((child) => child.user).sort()).toEqual(
      this.children.map((child) => child.user).sort(),
    );
    expect(children.length).toBeLessThanOrEqual(maxChildren);
    expect(children.map((child) => child.user)).not.toContain(parent?.user);
    if (parent)
      expect(open.filter((other) => !other.incoming).map((other) => other.user)).toEqual([parent.user]);
    if (link.state.name !== 'online') expect(open).toEqual([]);
    else {
      expect(accepting).toBe((role === 'root' || role === 'child') && children.length < maxChildren);
      expect(this.server).toEqual({
        HaveNoParent: !parent,
        BranchLevel: level,
        BranchRoot: root,
        AcceptChildren: accepting,
      });
    }
    for (const child of this.children) expect(this.believed.get(child)).toEqual({ level, root });
  }
}

function splitFrames(bytes: Buffer): Buffer[] {
  const splitter = new FrameSplitter('distributed');
  splitter.push(bytes);
  const frames = [...splitter].map((frame) => (frame.ok ? Buffer.from(frame.bytes) : Buffer.alloc(0)));
  expect(Buffer.concat(frames).equals(bytes)).toBe(true);
  return frames;
}

const wrap = (search: Buffer, dialect: number): Buffer => {
  if (dialect === 0) return search;
  const head = dialect === 1 ? [93] : [93, 0, 0, 0];
  const frame = Buffer.concat([Buffer.alloc(4), Buffer.from(head), search.subarray(4)]);
  frame.writeUInt32LE(frame.length - 4, 0);
  return frame;
};

const someSearches = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => Buffer.from(encodeDistributedMessage(searchFor(`q${i}`))));

/** Makes it happen. */
export async function act(world: World, what: Action): Promise<void> {
  const { link, peers, tree } = world;
  switch (what.do) {
    case 'suggest':
      link.says({
        type: 'PossibleParents',
        parents: what.users.map((username) => ({ username, ip: '10.0.0.1', port: 2234 })),
      });
      return;
    case 'open':
    case 'fail': {
      const dial = peers.dials.splice(what.index % Math.max(1, peers.dials.length), 1)[0];
      if (dial === undefined) return;
      const peer = new FakePeerLink(dial.user);
      if (what.do === 'fail') dial.fail(new Error('no'));
      else {
        world.links.push(peer);
        dial.open(peer);
      }
      await settled();
      return;
    }
    case 'place':
      world
        .upstream(what.index)
        ?.says(
          { type: 'DistribBranchLevel', level: what.level },
          { type: 'DistribBranchRoot', username: what.root },
        );
      return;
    case 'search': {
      const from = world.upstream(what.index);
      if (from === undefined) return;
      const searches = someSearches(what.count);
      const bytes = Buffer.concat(searches.map((search) => wrap(search, what.dialect)));
      const cut = what.cut % bytes.length;
      const { parent, candidates } = tree.snapshot();
      const ready = candidates.some(
        ({ user: name, level, root }) => name === from.user && level !== undefined && root !== undefined,
      );
      if (parent?.user === from.user || ready) world.expectAll(searches);
      from.chunk(bytes.subarray(0, cut));
      from.chunk(bytes.subarray(cut));
      return;
    }
    case 'parent': {
      await act(world, { do: 'suggest', users: [what.user, 'zoe'] });
      const index = peers.dials.findIndex((dial) => dial.user === what.user);
      if (index < 0) return;
      await act(world, { do: 'open', index });
      const at = world.links.filter((other) => !other.incoming && !other.closed).length - 1;
      await act(world, { do: 'place', index: at, level: what.level, root: 'rex' });
      await act(world, { do: 'search', index: at, count: 2, dialect: 0, cut: 10 });
      return;
    }
    case 'embedded': {
      const searches = someSearches(what.count);
      if (link.state.name === 'online' && tree.snapshot().parent === undefined) world.expectAll(searches);
      link.says(
        ...searches.map((search) => ({
          type: 'EmbeddedMessage' as const,
          distribCode: 3,
          distribMessage: search.subarray(5),
        })),
      );
      await settled();
      return;
    }
    case 'knock': {
      const peer = new FakePeerLink(what.user, { incoming: true });
      if (peers.knocks(peer)) world.links.push(peer);
      return;
    }
    case 'leave':
      world.links[what.index % Math.max(1, world.links.length)]?.cut();
      return;
    case 'stick': {
      const child = world.child(what.index);
      if (child) child.stuck = true;
      return;
    }
    case 'drain':
      world.child(what.index)?.drain();
      return;
    case 'reset':
      link.says({ type: 'ResetDistributed' });
      return;
    case 'relogin':
      link.lose();
      await settled();
      world.collect();
      world.check();
      world.login();
      return;
    case 'wait':
      await world.clock.advance(40_000);
      return;
  }
}
