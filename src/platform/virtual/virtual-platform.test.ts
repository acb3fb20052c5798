import { expect, test } from 'vitest';
import { memoryLog } from '../memory-log.ts';
import { nullLog } from '../null-log.ts';
import { CryptoRandom } from '../real/crypto-random.ts';
import { RealClock } from '../real/real-clock.ts';
import { realPlatform } from '../real/real-platform.ts';
import { virtualPlatform } from './virtual-platform.ts';

test('hosts share the world and have their own randomness', async () => {
  const log = memoryLog();
  const world = virtualPlatform({ seed: 5, startAt: 1000, log, link: { latencyMs: 20 }, maxSegment: 1 });
  const [a, b] = [world.host('10.0.0.1'), world.host('10.0.0.2')];
  expect(world.host('10.0.0.1')).toBe(a);
  expect([a.clock, a.http, a.log]).toEqual([world.clock, world.http, log]);
  const fromA = a.random.u32();
  expect(fromA).not.toBe(b.random.u32());
  expect(virtualPlatform({ seed: '5' }).host('10.0.0.1').random.u32()).toBe(fromA);
  const chunks: number[] = [];
  await b.transport.listen({ host: '10.0.0.2', port: 5 }, (connection) => {
    connection.start({ onData: (chunk) => chunks.push(chunk.length), onClose: () => {} });
  });
  const connection = await world.clock.run(
    a.transport.connect({ host: '10.0.0.2', port: 5, timeoutMs: 1000 }),
  );
  connection.write(new Uint8Array(3));
  await world.clock.advance(20);
  expect([chunks, world.clock.now()]).toEqual([[1, 1, 1], 1060]);
});

test('by default nothing is logged and a year of ours begins', () => {
  const world = virtualPlatform();
  expect(world.log).toBe(nullLog);
  expect(new Date(world.clock.now()).toISOString()).toBe('2026-01-01T00:00:00.000Z');
});

test('the real world has real parts', () => {
  const platform = realPlatform(nullLog);
  expect(platform.clock).toBeInstanceOf(RealClock);
  expect(platform.random).toBeInstanceOf(CryptoRandom);
  expect(platform.log).toBe(nullLog);
});
