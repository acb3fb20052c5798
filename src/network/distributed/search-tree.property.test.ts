import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settled } from '../fake-link.test-support.ts';
import { act, action, World } from './tree-world.test-support.ts';

describe('a tree in any weather', () => {
  it('gives each search to each child once, byte for byte, and tells everybody the same', async () => {
    let relayed = 0;
    let adopted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 60, size: 'max' }), async (actions) => {
        const world = new World();
        world.login();
        for (const what of actions) {
          await act(world, what);
          await settled();
          for (const frames of world.expected.values()) relayed += frames.length;
          world.collect();
          world.check();
        }
        adopted += world.tree.snapshot().changes.filter(({ change }) => change === 'parent').length;
        world.tree.close();
        await settled();
        expect(world.clock.pending).toBe(0);
      }),
      { numRuns: 500 },
    );
    // The actions must not be so random that nothing ever happens.
    expect(relayed).toBeGreaterThan(400);
    expect(adopted).toBeGreaterThan(100);
  });
});
