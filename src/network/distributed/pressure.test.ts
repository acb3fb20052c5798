import { expect, it } from 'vitest';
import { Child } from './child.ts';
import { FakePeerLink } from './fake-peers.test-support.ts';
import { Pressure } from './pressure.ts';

const MB = 1_000_000;

/** A child for whom so much waits; it may have shown before that it is fast. */
function child(waiting = 0, trusted = false) {
  const link = new FakePeerLink('kim');
  const made = new Child(1, link, 0, 0);
  made.trusted = trusted;
  made.bytes = 100 * MB;
  link.bufferedBytes = waiting;
  if (waiting > 0) made.fallBehind(0);
  made.lagging = waiting >= MB;
  return made;
}

/** So many children, of whom the first are behind. */
const flock = (all: number, behind: number) =>
  Array.from({ length: all }, (_, i) => child(i < behind ? 1 : 0));

function bench() {
  const changes: boolean[] = [];
  const pressure = new Pressure(0, (on) => changes.push(on));
  return { pressure, take: () => changes.splice(0) };
}

it('is free while most are behind, up to a second at a stretch', () => {
  const { pressure, take } = bench();
  pressure.weigh(flock(10, 5), 0, true);
  expect(take()).toEqual([]);
  pressure.weigh(flock(10, 6), 0, true);
  expect(take()).toEqual([true]);
  expect(pressure.due).toBe(1000);
  pressure.weigh(flock(10, 5), 500, false);
  expect(take()).toEqual([false]);
  expect(pressure.due).toBe(Number.POSITIVE_INFINITY);
  pressure.weigh(flock(10, 6), 600, true);
  pressure.weigh(flock(10, 6), 1600, false);
  expect(take()).toEqual([true, false]);
  pressure.weigh(flock(10, 7), 1700, true);
  expect(take()).toEqual([]);
  // Most keep up again: next time it may help.
  pressure.weigh(flock(10, 5), 1800, false);
  pressure.weigh(flock(10, 6), 1900, true);
  expect(take()).toEqual([true]);
});

it('for the sake of slow strangers takes a hundredth of the time, however many come', () => {
  const { pressure, take } = bench();
  const SPAN = 600_000;
  const others = flock(9, 0);
  let held = 0;
  let since: number | undefined;
  let slow = child(MB);
  for (let now = 0; now < SPAN; now += 10) {
    if (now % 200 === 0) slow = child(MB);
    pressure.weigh([slow, ...others], now, since === undefined);
    for (const on of take()) {
      if (on) since = now;
      else {
        held += now - since!;
        since = undefined;
      }
    }
  }
  expect(held / SPAN).toBeLessThan(0.02);
  expect(held / SPAN).toBeGreaterThan(0.005);
});

it('waits for the trusted while they are fast, and not again for one who was not', () => {
  const { pressure, take } = bench();
  const [fast, slow] = [child(10 * MB, true), child(10 * MB, true)];
  const all = [fast, slow, ...flock(8, 0)];
  const takes = (one: Child, bytes: number) => {
    if (one.link instanceof FakePeerLink) one.link.bufferedBytes -= bytes;
  };
  pressure.weigh(all, 0, true);
  expect(take()).toEqual([true]);
  takes(fast, 3 * MB);
  takes(slow, MB);
  pressure.weigh(all, 300, false);
  expect([fast.givenUp, slow.givenUp]).toEqual([false, true]);
  expect(take()).toEqual([]);
  takes(fast, 7 * MB);
  fast.catchUp(400);
  pressure.weigh(all, 400, false);
  expect(take()).toEqual([false]);
  expect([fast.trusted, slow.trusted]).toEqual([true, false]);
  pressure.weigh(all, 401, true);
  expect(take()).toEqual([]);
  // It caught up quickly: too soon after, that proves nothing.
  takes(slow, 9 * MB);
  slow.catchUp(450);
  expect(slow).toMatchObject({ trusted: false, givenUp: false, lagging: false });
  slow.fallBehind(21_000);
  slow.bytes += MB;
  slow.catchUp(21_010);
  expect(slow.trusted).toBe(true);
});

it('begins only when something is sent, and is forgotten with the parent', () => {
  const { pressure, take } = bench();
  pressure.weigh(flock(3, 3), 0, false);
  expect(take()).toEqual([]);
  pressure.weigh(flock(3, 3), 0, true);
  pressure.forget();
  expect(take()).toEqual([true]);
  pressure.weigh(flock(3, 0), 1, false);
  expect(take()).toEqual([]);
  expect(pressure.due).toBe(Number.POSITIVE_INFINITY);
});
