import { expect, test } from 'vitest';
import { virtualSandbox } from '../sandbox.ts';

test('waiting counts what was heard before, next does not', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  for (const person of [a, b]) await sandbox.run(person!.join('r'));
  a!.say('r', 'one');
  await sandbox.world.clock.advance(100);
  const before = sandbox.clock.now();
  expect(await sandbox.run(b!.untilLine('r', /on/))).toMatchObject({ username: 'a' });
  expect(sandbox.clock.now()).toBe(before);
  await expect(sandbox.run(b!.next('SayChatroom', undefined, 500))).rejects.toThrow(
    /b did not hear SayChatroom: 500 ms passed\. Latest: .*SayChatroom/,
  );
  b!.forget();
  await expect(sandbox.run(b!.untilLine('r', 'one', 500))).rejects.toThrow('Latest: nothing');
});

test('who waits is told when the connection ends', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a');
  const waiting = a!.next('SayChatroom');
  const closed = a!.untilClosed();
  sandbox.server.kick('a');
  await expect(sandbox.run(waiting)).rejects.toThrow('the connection ended');
  await sandbox.run(closed);
  await sandbox.run(a!.untilClosed());
  await expect(a!.next('SayChatroom')).rejects.toThrow('there is no connection');
  await expect(sandbox.run(sandbox.person('b').untilType('Login'))).rejects.toThrow('there is no connection');
});

test('waiting for an end that does not come', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a');
  await expect(sandbox.run(a!.untilClosed(100))).rejects.toThrow(
    'a did not hear the end of the connection: 100 ms passed',
  );
});

test('connecting fails like the network does', async () => {
  const sandbox = await virtualSandbox();
  await sandbox.server.stop();
  await expect(sandbox.run(sandbox.person('a').login())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('acknowledging can be switched on and off', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  a!.pm('b', 'one');
  await sandbox.world.clock.advance(10);
  b!.acknowledges = false;
  a!.pm('b', 'two');
  await sandbox.world.clock.advance(10);
  expect(sandbox.server.world.unacknowledged('b').map((m) => m.text)).toEqual(['two']);
});

test('a person who logs in again leaves the old connection', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a');
  expect(await sandbox.run(a!.login())).toMatchObject({ success: true });
  await sandbox.world.clock.advance(10);
  expect(sandbox.server.world.sessions).toHaveLength(1);
  a!.logout();
  await sandbox.world.clock.advance(10);
  expect([a!.connected, sandbox.server.world.sessions.length]).toEqual([false, 0]);
});
