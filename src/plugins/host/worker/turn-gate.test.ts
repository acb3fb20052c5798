import { expect, it } from 'vitest';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { TurnGate } from './turn-gate.ts';

/** @param share of the time in which the process gets to work */
function gate(share = 1) {
  const clock = new VirtualClock();
  const watchdog = new VirtualClock();
  const worked = () => watchdog.monotonic() * share;
  const times = { startMs: 900, turnMs: 300 };
  return { clock, watchdog, gate: new TurnGate(clock, watchdog, worked, times, 'worker') };
}

it('holds the clock from the first message until the last was dealt with', () => {
  const { clock, gate: turns } = gate();
  const [first, second] = [turns.sent(false), turns.sent(false)];
  expect(clock.holding).toEqual(['worker']);
  turns.dealtWith(first);
  expect(clock.holding).toEqual(['worker']);
  turns.dealtWith(second);
  expect(clock.holding).toEqual([]);
});

it('lets go of a worker that does not answer, and does not wait for it again until it does', async () => {
  const { clock, watchdog, gate: turns } = gate();
  turns.sent(false);
  await watchdog.advance(299);
  expect(clock.holding).toHaveLength(1);
  await watchdog.advance(1);
  const late = turns.sent(false);
  expect(clock.holding).toEqual([]);
  turns.dealtWith(late);
  turns.sent(false);
  expect(clock.holding).toHaveLength(1);
});

it('waits anew after every sign of life', async () => {
  const { clock, watchdog, gate: turns } = gate();
  for (let i = 0; i < 5; i++) turns.sent(false);
  for (let turn = 1; turn < 5; turn++) {
    await watchdog.advance(299);
    turns.dealtWith(turn);
  }
  expect(clock.holding).toHaveLength(1);
  turns.dealtWith(5);
  expect([clock.holding, watchdog.pending]).toEqual([[], 0]);
});

it('waits as long as it sends something', async () => {
  const { clock, watchdog, gate: turns } = gate();
  turns.sent(false);
  for (let i = 0; i < 5; i++) {
    await watchdog.advance(299);
    turns.heard();
  }
  expect(clock.holding).toHaveLength(1);
});

it('is more patient while a plugin is loaded', async () => {
  const { clock, watchdog, gate: turns } = gate();
  const load = turns.sent(true);
  await watchdog.advance(899);
  expect(clock.holding).toHaveLength(1);
  const next = turns.sent(false);
  turns.dealtWith(load);
  await watchdog.advance(300);
  expect(clock.holding).toEqual([]);
  turns.dealtWith(next);
});

it('lets go when the worker has ended', () => {
  const { clock, watchdog, gate: turns } = gate();
  turns.sent(false);
  turns.end();
  turns.sent(false);
  expect([clock.holding, watchdog.pending]).toEqual([[], 0]);
});

it.each([
  [0.25, 600],
  [0, 1500],
])('waits longer on a busy machine, but not for ever: %d', async (share, ms) => {
  const { clock, watchdog, gate: turns } = gate(share);
  turns.sent(false);
  await watchdog.advance(ms - 1);
  expect(clock.holding).toHaveLength(1);
  await watchdog.advance(1);
  expect([clock.holding, watchdog.pending]).toEqual([[], 0]);
});
