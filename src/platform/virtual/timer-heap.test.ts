import { expect, test } from 'vitest';
import { TimerHeap } from './timer-heap.ts';

test('cancelled timers do not pile up', () => {
  const heap = new TimerHeap();
  heap.add(1e9, () => {});
  for (let i = 0; i < 10_000; i++) heap.add(1e6 + i, () => {}).cancel();
  expect(heap.size).toBe(1);
  expect(heap.entries).toBeLessThan(200);
});

test('compaction keeps the order', () => {
  const heap = new TimerHeap();
  const fired: number[] = [];
  const timers = Array.from({ length: 1000 }, (_, i) => {
    const due = (i * 387) % 1000;
    return { due, timer: heap.add(due, () => fired.push(due)) };
  });
  for (const { due, timer } of timers) if (due % 10 !== 3) timer.cancel();
  expect(heap.entries).toBeLessThan(250);
  for (let next = heap.peek(); next !== undefined; next = heap.peek()) heap.take(next)();
  expect(fired).toEqual(Array.from({ length: 100 }, (_, i) => 10 * i + 3));
  expect([heap.size, heap.entries]).toEqual([0, 0]);
});

test('only the first timer can be taken, once', () => {
  const heap = new TimerHeap();
  const late = heap.add(2, () => {});
  const early = heap.add(1, () => {});
  expect(() => heap.take(late)).toThrow('peek');
  heap.take(early);
  expect(() => heap.take(early)).toThrow('peek');
  early.cancel();
  expect(heap.size).toBe(1);
});
