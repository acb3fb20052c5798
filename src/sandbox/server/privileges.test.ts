import { expect, test } from 'vitest';
import type { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';

const DAY = 24 * 3600;
const types = (person: SandboxPerson) => person.heard.map(({ message }) => message.type);

test('privileges change the wishlist interval, the status and the time left, there and back', async () => {
  const sandbox = await virtualSandbox();
  const [a, watcher] = await sandbox.online('a', 'watcher');
  watcher!.watch('a');
  await sandbox.world.clock.advance(10);
  a!.forget();
  sandbox.server.setPrivileges('a', 100);
  await sandbox.world.clock.advance(10);
  expect(types(a!)).toEqual(['WishlistInterval', 'CheckPrivileges']);
  expect(a!.all('WishlistInterval')[0]?.interval).toBe(120);
  expect(a!.all('CheckPrivileges')[0]?.timeLeft).toBe(100);
  expect(watcher!.all('GetUserStatus')[0]).toMatchObject({ username: 'a', status: 2, privileged: true });
  a!.forget();
  await sandbox.world.clock.advance(100_000);
  expect(a!.all('WishlistInterval')[0]?.interval).toBe(720);
  expect(a!.all('CheckPrivileges')[0]?.timeLeft).toBe(0);
  expect(watcher!.all('GetUserStatus')[1]).toMatchObject({ privileged: false });
});

test('soulfind tells the user its own status as well, in the order that was observed', async () => {
  const sandbox = await virtualSandbox({ server: { dialect: 'soulfind' } });
  const [a] = await sandbox.online('a');
  a!.forget();
  sandbox.server.setPrivileges('a', 100);
  await sandbox.world.clock.advance(10);
  expect(types(a!)).toEqual(['WishlistInterval', 'GetUserStatus', 'CheckPrivileges']);
});

test('they last over sessions, and a login knows them', async () => {
  const sandbox = await virtualSandbox({
    server: {
      accounts: [{ username: 'a', password: 'sandbox', privilegedSeconds: 500 }],
      wishlistInterval: { ordinary: 60, privileged: 6 },
    },
  });
  const [a] = await sandbox.online('a');
  expect(a!.all('Login')[0]).toMatchObject({ isSupporter: true });
  expect(a!.all('WishlistInterval')[0]?.interval).toBe(6);
  a!.forget();
  await sandbox.world.clock.advance(500_000);
  expect(a!.all('WishlistInterval')[0]?.interval).toBe(60);
});

test("giving takes whole days from one's own, never more than there are", async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  sandbox.server.setPrivileges('a', 3 * DAY + 60);
  a!.send({ type: 'GivePrivileges', username: 'b', days: 4 });
  a!.send({ type: 'GivePrivileges', username: 'nobody', days: 1 });
  a!.send({ type: 'GivePrivileges', username: 'a', days: 1 });
  a!.send({ type: 'GivePrivileges', username: 'b', days: 0xffffffff });
  b!.send({ type: 'GivePrivileges', username: 'a', days: 1 });
  await sandbox.world.clock.advance(10);
  expect(sandbox.server.world.account('b')?.privilegedSeconds).toBe(0);
  a!.send({ type: 'GivePrivileges', username: 'b', days: 2 });
  await sandbox.world.clock.advance(10);
  expect(sandbox.server.world.account('b')?.privilegedSeconds).toBe(2 * DAY);
  expect(sandbox.server.world.account('a')?.privilegedSeconds).toBe(DAY + 60);
  a!.forget();
  a!.send({ type: 'CheckPrivileges' }, { type: 'UserPrivileged', username: 'b' });
  await sandbox.world.clock.advance(10);
  expect(a!.heard.map(({ message }) => message)).toEqual([
    { type: 'CheckPrivileges', timeLeft: DAY + 60 },
    { type: 'UserPrivileged', username: 'b', privileged: true },
  ]);
});

test('notices of privileges are passed on and answered', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  a!.send({ type: 'NotifyPrivileges', token: 5, username: 'b' });
  await sandbox.world.clock.advance(10);
  expect(a!.all('AckNotifyPrivileges')).toEqual([{ type: 'AckNotifyPrivileges', token: 5 }]);
  expect(b!.all('NotifyPrivileges')).toEqual([{ type: 'NotifyPrivileges', token: 5, username: 'a' }]);
});
