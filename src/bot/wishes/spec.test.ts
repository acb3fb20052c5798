import { expect, it } from 'vitest';
import type { WishSpec } from '../../plugins/host/wire.ts';
import { newWish } from '../store/wish-rows.ts';
import type { WishEngine } from './engine.ts';
import { compileWish, LiveWish } from './live-wish.ts';
import { follow, respec } from './spec.ts';

/** What another spec makes of a wish that is collecting. */
function changed(before: WishSpec, after: WishSpec) {
  const fresh = newWish({ instance: 'p', id: 'w', spec: before, registered: false, createdAt: 0 });
  const wish = new LiveWish({ ...fresh, seq: 1 }, compileWish(before, {}));
  const { stored } = wish;
  Object.assign(stored, { variant: 1, fruitless: 3, lastTurn: 5, heard: false });
  stored.doc.before = { skew: 0, fruitless: 2, variant: 0 };
  stored.doc.history.set('q', { turns: 1, hits: 1 });
  const ended: string[] = [];
  const ends = (name: string) => ({ [name]: () => void ended.push(name) });
  const engine = { searches: ends('abort'), turns: ends('leave'), settling: ends('drop') };
  const compiled = compileWish(after, {});
  respec(stored, after);
  follow(engine as unknown as WishEngine, wish, { before, compiled });
  expect(wish.spec).toBe(after);
  expect(wish.compiled).toBe(compiled);
  return { stored, ended };
}

it.each<[string, WishSpec]>([
  ['another query', { query: 'other' }],
  ['another scope', { query: 'rare ep', scope: 'buddies' }],
])('with %s nothing is searched and collected for what was asked before', (_, after) => {
  const { stored, ended } = changed({ query: 'rare ep' }, after);
  expect(ended).toEqual(['abort', 'leave', 'drop']);
  expect(stored).toMatchObject({ variant: 0, fruitless: 0, lastTurn: 5, heard: true });
  expect(stored.doc.before).toBeUndefined();
  expect(stored.doc.history.size).toBe(0);
});

it('with anything else its turns go on', () => {
  const { stored, ended } = changed(
    { query: 'rare ep' },
    { query: 'rare ep', scope: 'network', priority: 9 },
  );
  expect(ended).toEqual([]);
  expect(stored).toMatchObject({ variant: 1, fruitless: 3, heard: false });
  expect(stored.doc.before).toBeDefined();
});
