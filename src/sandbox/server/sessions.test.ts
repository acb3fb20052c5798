import { expect, test } from 'vitest';
import type { Connection } from '../../platform/transport.ts';
import { virtualPlatform } from '../../platform/virtual/virtual-platform.ts';
import { Session } from './session.ts';
import { Sessions } from './sessions.ts';

async function session(): Promise<Session> {
  const world = virtualPlatform();
  let accepted: Connection | undefined;
  const host = world.host('10.0.0.1');
  await host.transport.listen({ host: '10.0.0.1', port: 1 }, (connection) => {
    accepted = connection;
  });
  await world.clock.run(host.transport.connect({ host: '10.0.0.1', port: 1, timeoutMs: 1000 }));
  await world.clock.advance(10);
  return new Session(accepted!, { onFrame: () => {}, onGone: () => {}, onSent: () => {} }, 0);
}

test('who is gone watches nobody any more', async () => {
  const sessions = new Sessions();
  const watcher = await session();
  sessions.add(watcher);
  sessions.watch(watcher, 'b');
  sessions.watch(watcher, 'c');
  expect([...sessions.watchersOf('b')]).toEqual([watcher]);
  expect(sessions.remove(watcher)).toBe(false);
  expect([...sessions.watchersOf('b'), ...sessions.watchersOf('c')]).toEqual([]);
  expect(sessions.connections()).toEqual([]);
});
