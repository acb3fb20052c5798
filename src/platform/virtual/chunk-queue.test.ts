import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkQueue } from './chunk-queue.ts';

test('gives back what was put in, however it is taken', () => {
  const op = fc.oneof(
    fc.record({ push: fc.uint8Array({ maxLength: 20 }) }),
    fc.record({ take: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ takeDue: fc.integer({ min: 1, max: 30 }), ago: fc.nat({ max: 3 }) }),
  );
  fc.assert(
    fc.property(fc.array(op), (ops) => {
      const queue = new ChunkQueue();
      const put: number[] = [];
      const got: number[] = [];
      let time = 0;
      for (const step of ops) {
        if ('push' in step) {
          queue.push(step.push, time++);
          put.push(...step.push);
        } else if ('take' in step) {
          const chunk = queue.take(step.take);
          expect(chunk === undefined).toBe(got.length === put.length);
          expect(chunk?.length ?? 0).toBeLessThanOrEqual(step.take);
          got.push(...(chunk ?? []));
        } else {
          const now = time - step.ago;
          const isDue = queue.firstDue <= now;
          const chunk = queue.takeDue(now, step.takeDue);
          expect(chunk !== undefined).toBe(isDue);
          got.push(...(chunk ?? []));
        }
        expect(queue.bytes).toBe(put.length - got.length);
        expect(queue.isEmpty).toBe(put.length === got.length);
      }
      expect(got).toEqual(put.slice(0, got.length));
    }),
  );
});

test('a queue that never runs empty does not keep what was taken', () => {
  const queue = new ChunkQueue();
  let next = 0;
  for (let i = 0; i < 20_000; i++) {
    queue.push(Uint8Array.of(i & 255, (i >> 8) & 255), i);
    if (i >= 10) {
      const chunk = queue.take(10)!;
      expect(chunk[0]! + 256 * chunk[1]!).toBe(next++);
    }
  }
  expect(queue.bytes).toBe(20);
  expect(queue.takeDue(Infinity, 100)).toHaveLength(20);
  expect(queue.firstDue).toBe(Infinity);
});

test('what takeDue returns is a copy', () => {
  const queue = new ChunkQueue();
  const mine = Uint8Array.of(1, 2);
  queue.push(mine, 0);
  queue.takeDue(0, 10)!.fill(9);
  expect(mine).toEqual(Uint8Array.of(1, 2));
});
