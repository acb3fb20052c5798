import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after } from '../../platform/time.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { KeyedQueue } from './keyed-queue.ts';

describe('KeyedQueue', () => {
  it('keeps order per key and runs keys side by side, whatever each job takes', async () => {
    const jobs = fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        ms: fc.integer({ min: 0, max: 50 }),
        fails: fc.boolean(),
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(jobs, async (list) => {
        const clock = new VirtualClock();
        const queue = new KeyedQueue();
        const begun: number[] = [];
        const busy = new Set<string>();
        for (const [i, job] of list.entries()) {
          queue.push(
            job.key,
            async () => {
              expect(busy.has(job.key)).toBe(false);
              busy.add(job.key);
              begun.push(i);
              await after(clock, job.ms);
              busy.delete(job.key);
              if (job.fails) throw new Error('a job failed');
            },
            () => {},
          );
        }
        expect(queue.size).toBe(list.length);
        const longest = Math.max(
          0,
          ...['a', 'b', 'c'].map((key) =>
            list.filter((j) => j.key === key).reduce((sum, j) => sum + j.ms, 0),
          ),
        );
        await clock.advance(longest);
        expect([queue.size, queue.lanes]).toEqual([0, 0]);
        for (const key of ['a', 'b', 'c']) {
          const mine = begun.filter((i) => list[i]!.key === key);
          expect(mine).toEqual([...mine].sort((x, y) => x - y));
        }
        expect(begun).toHaveLength(list.length);
      }),
    );
  });

  it('clear cancels what waits, and only that', async () => {
    const queue = new KeyedQueue();
    const seen: string[] = [];
    let finish = () => {};
    queue.push(
      'a',
      () => new Promise<void>((resolve) => (finish = resolve)),
      () => seen.push('cancelled 1'),
    );
    queue.push(
      'a',
      async () => void seen.push('ran 2'),
      () => seen.push('cancelled 2'),
    );
    queue.clear();
    expect([seen, queue.size]).toEqual([['cancelled 2'], 1]);
    finish();
    await new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
    expect([queue.size, queue.lanes]).toEqual([0, 0]);
    queue.push(
      'a',
      async () => void seen.push('ran 3'),
      () => {},
    );
    expect(seen).toEqual(['cancelled 2', 'ran 3']);
  });
});
