import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { Deadlines, type Due } from './deadlines.ts';

it('calls everything once, at its last deadline, with one timer at a time', async () => {
  const step = fc.record({ item: fc.nat(7), at: fc.integer({ min: 0, max: 100 }), clear: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const clock = new VirtualClock();
      const deadlines = new Deadlines(clock);
      const called: [item: number, at: number][] = [];
      const items = Array.from({ length: 8 }, (_, item): Due => {
        return { dueAt: 0, slot: -1, due: (now) => void called.push([item, now]) };
      });
      const expected = new Map<number, number>();
      for (const { item, at, clear } of steps) {
        if (clear) {
          deadlines.clear(items[item]!);
          expected.delete(item);
        } else {
          deadlines.set(items[item]!, at);
          expected.set(item, at);
        }
        expect(deadlines.size).toBe(expected.size);
        expect(clock.pending).toBe(expected.size > 0 ? 1 : 0);
      }
      await clock.advance(200);
      const sorted = [...called].sort(([a], [b]) => a - b);
      expect(sorted).toEqual([...expected].sort(([a], [b]) => a - b));
      expect(called.map(([, at]) => at)).toEqual(called.map(([, at]) => at).sort((a, b) => a - b));
      expect([deadlines.size, clock.pending]).toEqual([0, 0]);
    }),
  );
});
