import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { Inflater } from './inflater.ts';
import type { PeerLink } from './peer-link.ts';

/** A link of which only its pauses matter. */
function fakeLink() {
  const calls: string[] = [];
  const link = { pause: () => calls.push('pause'), resume: () => calls.push('resume') };
  return { link: link as unknown as PeerLink, calls };
}

const body = (payload: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([9, 0, 0, 0]), deflateSync(payload)]);

function setUp() {
  const clock = new VirtualClock();
  const inflater = new Inflater(clock);
  const reasons: string[] = [];
  /** Resolves when it was decoded; undefined if it was refused. */
  const decode = (bytes: Uint8Array, link = fakeLink().link): Promise<void> | undefined => {
    let done = () => {};
    const decoded = new Promise<void>((resolve) => {
      done = resolve;
    });
    const taken = inflater.decode(link, bytes, (result) => {
      reasons.push(result.ok ? 'ok' : result.reason);
      done();
    });
    return taken ? decoded : undefined;
  };
  return { decode, reasons };
}

test('what is small and stays small is decoded at once', () => {
  const { decode, reasons } = setUp();
  const { link, calls } = fakeLink();
  void decode(body(Buffer.alloc(100_000)), link);
  expect(reasons).toEqual(['ok']);
  expect(calls).toEqual([]);
});

test('what is small and becomes large does not hold the others up', async () => {
  const { decode, reasons } = setUp();
  const { link, calls } = fakeLink();
  const bomb = body(Buffer.alloc(40 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(50_000);
  const decoded = decode(bomb, link);
  expect([calls, reasons]).toEqual([['pause'], []]);
  await decoded;
  expect(reasons).toEqual(['inflate-limit']);
  await Promise.resolve();
  expect(calls).toEqual(['pause', 'resume']);
});

test('four are inflated at a time, and 64 MiB wait; the rest is refused', async () => {
  const { decode, reasons } = setUp();
  const large = body(new SeededRandom(1).bytes(3_500_000));
  const all = Array.from({ length: 40 }, () => decode(large));
  const taken = all.filter((decoded) => decoded !== undefined);
  expect(taken).toHaveLength(4 + Math.floor((64 * 1024 * 1024) / large.length));
  expect(all.indexOf(undefined)).toBe(taken.length);
  await Promise.all(taken);
  expect(reasons).toHaveLength(taken.length);
  await decode(large);
  expect(reasons).toHaveLength(taken.length + 1);
});
