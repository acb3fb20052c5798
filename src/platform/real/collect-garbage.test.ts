import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { collectGarbage } from './collect-garbage.ts';

it('collects what nobody holds any more', async () => {
  const ref = new WeakRef({ some: 'thing' });
  // What was made or looked at in one turn of the event loop is kept until its end.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(ref.deref()).toBeUndefined();
});

it('leaves no way to collect in anybody else’s hands', () => {
  collectGarbage();
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
