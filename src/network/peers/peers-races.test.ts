import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after } from '../../platform/time.ts';
import { Hub, isAtRest, type Node, node } from './peers.test-support.ts';

const IPS = { ann: '10.0.0.1', bob: '10.0.0.2' };

interface Act {
  /** When it begins, milliseconds. */
  readonly at: number;
  readonly by: 'ann' | 'bob';
}

const act: fc.Arbitrary<Act> = fc.record({
  at: fc.integer({ min: 0, max: 400 }),
  by: fc.constantFrom('ann', 'bob'),
});

/** Delays of the server and the network, who is behind a firewall, and who wants to say something when. */
const scenario = fc.record({
  seed: fc.integer(),
  serverMs: fc.integer({ min: 0, max: 300 }),
  latencyMs: fc.integer({ min: 0, max: 150 }),
  jitterMs: fc.integer({ min: 0, max: 100 }),
  wall: fc.constantFrom('none', 'ann', 'bob'),
  obfuscated: fc.constantFrom('none', 'ann', 'both'),
  acts: fc.array(act, { minLength: 1, maxLength: 6 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

async function play({ seed, serverMs, latencyMs, jitterMs, wall, obfuscated, acts }: Scenario) {
  const hub = new Hub({ seed, link: { latencyMs, jitterMs }, maxSegment: 200 });
  const { clock, random } = hub.world;
  hub.delay = () => random.int(0, serverMs);
  const ann = await node(hub, 'ann', IPS.ann);
  const bob = await node(hub, 'bob', IPS.bob);
  const nodes = { ann, bob };
  if (obfuscated !== 'none') hub.users.get('ann')!.port = 0;
  if (obfuscated === 'both') hub.users.get('bob')!.port = 0;
  if (wall !== 'none') hub.world.net.host(IPS[wall]).firewalled = true;
  const got: Record<string, string[]> = { ann: [], bob: [] };
  for (const { name, messages } of [ann, bob]) {
    messages.on('QueueUpload', ({ filename }, link) => got[name]!.push(`${link.user} ${filename}`));
  }
  const sent: Record<string, string[]> = { ann: [], bob: [] };
  const work = acts.map(async ({ at, by }, index) => {
    await after(clock, at);
    const to = by === 'ann' ? 'bob' : 'ann';
    const outcome = await nodes[by].messages.send(
      to,
      { type: 'QueueUpload', filename: String(index) },
      { priority: 'person', timeoutMs: 40_000 },
    );
    expect(outcome).toEqual({ state: 'sent' });
    sent[to]!.push(`${by} ${index}`);
  });
  await clock.run(Promise.all(work));
  await clock.advance(6000);
  return { clock, hub, ann, bob, got, sent };
}

const openLinks = ({ peers }: Node) => {
  const { links, outgoing } = peers.snapshot();
  return { links, tokens: outgoing.tokens, halfOpen: outgoing.halfOpen, attempts: outgoing.attempts };
};

describe('races of direct, indirect, piercing and incoming connections', () => {
  it('end with one connection, with every message delivered once, and with nothing left over', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { clock, hub, ann, bob, got, sent } = await play(given);
        for (const name of ['ann', 'bob']) expect([...got[name]!].sort()).toEqual([...sent[name]!].sort());
        const one = { links: { P: 1, D: 0, F: 0 }, tokens: 0, halfOpen: 0, attempts: 0 };
        expect([openLinks(ann), openLinks(bob)]).toEqual([one, one]);
        expect(ann.peers.current('bob')?.verified).toBe(true);
        expect(bob.peers.current('ann')?.verified).toBe(true);
        expect(hub.world.net.stats().connections).toBe(1);
        await clock.advance(70_000);
        expect([isAtRest(ann), isAtRest(bob)]).toEqual([true, true]);
        expect(hub.world.net.stats().connections).toBe(0);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('of types D and F give each caller its own connection, of the right direction', async () => {
    const { ann, bob, hub } = await play({
      seed: 1,
      serverMs: 20,
      latencyMs: 10,
      jitterMs: 5,
      wall: 'none',
      obfuscated: 'none',
      acts: [{ at: 0, by: 'ann' }],
    });
    const opened: string[] = [];
    for (const { name, peers } of [ann, bob]) {
      for (const type of ['D', 'F'] as const) {
        peers.onIncoming(type, (link) => {
          opened.push(`${name} ${type} from ${link.user}`);
          link.start({ onClose: () => {} });
          return true;
        });
      }
    }
    const options = { priority: 'tree', timeoutMs: 10_000 } as const;
    const links = await hub.world.clock.run(
      Promise.all([
        ann.peers.connect('bob', 'D', options),
        bob.peers.connect('ann', 'D', options),
        ann.peers.connect('bob', 'F', options),
        ann.peers.connect('bob', 'F', options),
      ]),
    );
    await hub.world.clock.advance(2000);
    expect(new Set(links).size).toBe(4);
    expect(links.every(({ incoming, started }) => !incoming && !started)).toBe(true);
    // The loser of a race may have been seen for a moment.
    for (const expected of ['ann D from bob', 'bob D from ann', 'bob F from ann'])
      expect(opened).toContain(expected);
    for (const { peers } of [ann, bob]) expect(peers.snapshot().links).toEqual({ P: 1, D: 2, F: 2 });
  });
});
