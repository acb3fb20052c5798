import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { Slot } from './slot.ts';

it('a turn that fails for no known reason is told, and is not the last', async () => {
  const clock = new VirtualClock();
  const told: unknown[] = [];
  let turns = 0;
  const slot = new Slot({
    clock,
    interval: () => 720,
    delay: () => 0,
    firstEligible: () => 0,
    onReady: () => {},
    turn: async () => {
      turns++;
      throw new Error('of all things');
    },
    failed: (error) => told.push(error),
  });
  slot.start({ name: 'online' } as Parameters<Slot['start']>[0]);
  await clock.advance(35_000);
  expect([turns, told]).toEqual([1, [new Error('of all things')]]);
  await clock.advance(60_000);
  expect(turns).toBe(2);
  slot.stop();
});
