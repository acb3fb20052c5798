import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { Child } from './child.ts';
import { FakePeerLink } from './fake-peers.test-support.ts';
import { FanOut } from './fan-out.ts';

const CHUNK = new Uint8Array(60_000);

function bench() {
  const clock = new VirtualClock();
  const overflowed: string[] = [];
  const pressure: boolean[] = [];
  const fanOut: FanOut = new FanOut({
    clock,
    maxBytes: 1_000_000,
    maxMs: 30_000,
    overflow: (child) => {
      overflowed.push(child.link.user);
      fanOut.remove(child);
    },
    pressure: (on) => pressure.push(on),
  });
  let id = 0;
  const join = (user: string) => {
    const link = new FakePeerLink(user, { incoming: true });
    const child = new Child(++id, link, clock.now(), clock.monotonic());
    fanOut.add(child);
    return { link, child };
  };
  const send = (times = 1) => {
    for (let i = 0; i < times; i++) fanOut.send(CHUNK, 1, clock.monotonic());
  };
  return { clock, fanOut, join, send, overflowed, take: () => pressure.splice(0) };
}

it('trusts newcomers until one left while it lagged', async () => {
  const { clock, fanOut, join, send, overflowed } = bench();
  const others = [join('kim'), join('lee'), join('max')];
  const slow = join('zed');
  expect(slow.child.trusted).toBe(true);
  slow.link.stuck = true;
  send(17);
  expect(overflowed).toEqual(['zed']);
  expect(fanOut.children).toHaveLength(3);
  expect(join('zoe').child.trusted).toBe(false);
  await clock.advance(60_000);
  expect(join('zac').child.trusted).toBe(true);
  for (const { child } of others) expect(child.trusted).toBe(true);
});

it('holds the parent back for one who lags, and lets it go on at once when that one leaves', () => {
  const { fanOut, join, send, take } = bench();
  join('kim');
  join('lee');
  const slow = join('zed');
  slow.link.stuck = true;
  send(4);
  expect(take()).toEqual([]);
  send(1);
  expect(take()).toEqual([true]);
  fanOut.remove(slow.child);
  expect(take()).toEqual([false]);
  expect(fanOut.isBehind).toBe(false);
  expect(fanOut.due).toBe(Number.POSITIVE_INFINITY);
});

it('gives a child up that takes nothing, and goes on', async () => {
  const { clock, fanOut, join, send, take } = bench();
  join('kim');
  join('lee');
  const slow = join('zed');
  slow.link.stuck = true;
  send(5);
  await clock.advance(fanOut.due - clock.monotonic());
  fanOut.check(clock.monotonic());
  expect(take()).toEqual([true, false]);
  expect(slow.child.givenUp).toBe(true);
  expect(join('max').child.trusted).toBe(false);
  send(1);
  expect(take()).toEqual([]);
  slow.link.drain();
  fanOut.drained(slow.child);
  expect(slow.child).toMatchObject({ behind: false, lagging: false, givenUp: false, trusted: false });
});
