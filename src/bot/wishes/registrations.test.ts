import { expect, it } from 'vitest';
import type { WishEngine } from './engine.ts';
import { Registrations } from './registrations.ts';
import { WishRegistry } from './registry.ts';
import { Work } from './work.ts';

it('a plugin has 2,000 wishes, also when it registers them all before the first is stored', async () => {
  let seq = 0;
  const registry = new WishRegistry({}, () => []);
  const work = new Work();
  // What registering uses of it.
  const engine = {
    registry,
    work,
    options: { store: { wishes: { insert: async () => ++seq } } },
    cron: { check: () => {} },
    telling: { again: () => {} },
    changed: () => {},
    now: () => 0,
  } as unknown as WishEngine;
  const registrations = new Registrations(engine);
  const register = (instance: string, id: string) =>
    registrations.register(instance, id, { query: `album ${id}` }, undefined);
  const undo = Array.from({ length: 2_000 }, (_, i) => register('p', `w${i}`));
  expect(() => register('p', 'more')).toThrow('2000 wishes');
  register('q', 'w');
  // Nobody wants it any more by the time it would be stored.
  undo[7]!();
  await work.idle();
  expect(registry.size).toBe(2_000);
  register('p', 'more');
  expect(() => register('p', 'too many')).toThrow('2000 wishes');
  await work.idle();
});
