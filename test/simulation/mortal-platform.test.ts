import { expect, it } from 'vitest';
import { virtualPlatform } from '../../src/platform/virtual/virtual-platform.ts';
import { MortalPlatform } from './mortal-platform.ts';

it('who was killed does nothing any more, and the host can be used again', async () => {
  const world = virtualPlatform();
  const host = world.net.host('10.0.0.2');
  const first = new MortalPlatform(world.host('10.0.0.2'), host);
  const rung: string[] = [];
  await first.listen({ host: '0.0.0.0', port: 2234 }, () => rung.push('connection'));
  first.setTimeout(() => rung.push('before'), 10);
  await world.clock.advance(10);
  first.setTimeout(() => rung.push('after'), 10);
  first.kill();
  first.setTimeout(() => rung.push('much later'), 10);
  const there = { host: '10.0.0.2', port: 2234 };
  await expect(first.connect({ ...there, timeoutMs: 10 })).rejects.toMatchObject({ code: 'ABORT_ERR' });
  await expect(first.listen(there, () => {})).rejects.toMatchObject({ code: 'ABORT_ERR' });
  await world.clock.advance(1000);
  expect(rung).toEqual(['before']);
  const second = new MortalPlatform(world.host('10.0.0.2'), host);
  expect((await second.listen(there, () => {})).address.port).toBe(2234);
});
