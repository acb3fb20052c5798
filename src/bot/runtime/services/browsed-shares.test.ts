import { expect, it } from 'vitest';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { BrowsedShares } from './browsed-shares.ts';

const list = {
  directories: [
    { name: 'a', files: [{ size: 3n }, { size: 4n }] },
    { name: 'b', files: [] },
  ],
};

function browsing(answer: (user: string) => Promise<unknown>) {
  const clock = new VirtualClock();
  let asked = 0;
  const shares = new BrowsedShares(
    {
      browse: (user) => {
        asked++;
        return answer(user) as never;
      },
    },
    clock,
  );
  return { clock, shares, asked: () => asked };
}

it('counts what the list says, and asks the same person once in ten minutes', async () => {
  const { clock, shares, asked } = browsing(async () => list);
  const at = clock.now();
  expect(await shares.of('ann')).toEqual({ user: 'ann', folders: 2, files: 2, size: 7, at });
  await clock.advance(599_000);
  expect((await shares.of('ann')).at).toBe(at);
  expect(asked()).toBe(1);
  await clock.advance(2_000);
  await shares.of('ann');
  await shares.of('bob');
  expect(asked()).toBe(3);
});

it('says why it cannot, and tries again after a minute', async () => {
  const { clock, shares, asked } = browsing(async () => {
    throw new Error('nobody answers');
  });
  await expect(shares.of('ann')).rejects.toThrow('the list of ann cannot be read: nobody answers');
  await expect(shares.of('ann')).rejects.toThrow('nobody answers');
  expect(asked()).toBe(1);
  await clock.advance(61_000);
  await expect(shares.of('ann')).rejects.toMatchObject({ code: 'failed' });
  expect(asked()).toBe(2);
});
