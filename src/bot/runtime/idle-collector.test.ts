import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { IdleCollector } from './idle-collector.ts';

function setUp() {
  const clock = new VirtualClock();
  const handlers = new Set<() => void>();
  let collected = 0;
  const disconnect = new IdleCollector(clock, () => (collected += 1)).connect({
    on(event, handler) {
      const one = () => handler({} as never);
      if (event === 'room.message') handlers.add(one);
      return () => handlers.delete(one);
    },
  });
  const messages = (count: number) => {
    for (let i = 0; i < count; i += 1) for (const handler of handlers) handler();
  };
  return { clock, messages, disconnect, collected: () => collected };
}

it('collects what starting has left, once', async () => {
  const { clock, collected } = setUp();
  await clock.advance(2_999);
  expect(collected()).toBe(0);
  await clock.advance(3_600_000);
  expect(collected()).toBe(1);
});

it('waits for the end of a burst', async () => {
  const { clock, messages, collected } = setUp();
  await clock.advance(10_000);
  for (let second = 0; second < 60; second += 1) {
    messages(200);
    await clock.advance(1_000);
  }
  expect(collected()).toBe(1);
  await clock.advance(6_000);
  expect(collected()).toBe(2);
});

it('collects now and then while a bot is never wholly silent, and not for every line', async () => {
  const { clock, messages, collected } = setUp();
  for (let second = 0; second < 3_600; second += 1) {
    messages(3);
    await clock.advance(1_000);
  }
  expect(collected()).toBeGreaterThan(10);
  expect(collected()).toBeLessThan(25);
});

it('does nothing after it was disconnected, whether or not it was waiting', async () => {
  const { clock, messages, disconnect, collected } = setUp();
  messages(1_000);
  disconnect();
  messages(1_000);
  await clock.advance(60_000);
  expect(collected()).toBe(0);
});
