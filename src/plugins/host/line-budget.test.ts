import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { LineBudget } from './line-budget.ts';

it('lets through a burst and then a rate, and counts what it did not', async () => {
  const clock = new VirtualClock();
  const budget = new LineBudget(clock, { burst: 3, perSecond: 2 });
  const take = (count: number) => Array.from({ length: count }, () => budget.take());
  expect(take(5)).toEqual([0, 0, 0, undefined, undefined]);
  await clock.advance(499);
  expect(take(1)).toEqual([undefined]);
  await clock.advance(1);
  expect(take(2)).toEqual([3, undefined]);
  await clock.advance(60_000);
  expect(take(5)).toEqual([1, 0, 0, undefined, undefined]);
});
