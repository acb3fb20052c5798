import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deferred } from '../../platform/deferred.ts';
import { KeyedQueue } from './keyed-queue.ts';

it('runs tasks of a key in order, one at a time, whatever becomes of them, and keys side by side', async () => {
  const task = fc.record({ key: fc.constantFrom('a', 'b', 'c'), turns: fc.nat(5), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 30 }), async (tasks) => {
      const queue = new KeyedQueue();
      const began: number[] = [];
      const running = new Set<string>();
      const results = tasks.map(({ key, turns, fails }, index) =>
        queue.run(key, async () => {
          expect(running.has(key)).toBe(false);
          running.add(key);
          began.push(index);
          for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
          running.delete(key);
          if (fails) throw new Error(String(index));
          return index;
        }),
      );
      const settled = await Promise.allSettled(results);
      await queue.idle();
      expect(queue.size).toBe(0);
      expect(settled.map(({ status }) => status === 'rejected')).toEqual(tasks.map(({ fails }) => fails));
      for (const key of ['a', 'b', 'c']) {
        const inOrder = began.filter((index) => tasks[index]!.key === key);
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
      }
    }),
  );
});

it('keeps one key waiting and not the others', async () => {
  const queue = new KeyedQueue();
  const gate = deferred();
  const seen: string[] = [];
  void queue.run('a', () => gate.promise);
  void queue.run('a', async () => void seen.push('a'));
  await queue.run('b', async () => void seen.push('b'));
  expect(seen).toEqual(['b']);
  expect(queue.size).toBe(2);
  gate.resolve();
  await queue.idle();
  expect(seen).toEqual(['b', 'a']);
});
