import { expect, test } from 'vitest';
import { virtualSandbox } from '../sandbox.ts';

test('addresses: known, not told yet, offline', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  a!.send({ type: 'SetWaitPort', port: 4000, obfuscationType: 1, obfuscatedPort: 4001 });
  await sandbox.world.clock.advance(10);
  for (const username of ['a', 'b', 'nobody']) b!.send({ type: 'GetPeerAddress', username });
  await sandbox.world.clock.advance(10);
  expect(b!.all('GetPeerAddress').map((m) => [m.ip, m.port, m.obfuscationType, m.obfuscatedPort])).toEqual([
    ['10.1.0.1', 4000, 1, 4001],
    ['10.1.0.2', 0, 0, 0],
    ['0.0.0.0', 0, 0, 0],
  ]);
});

test("a request to connect is relayed with the requester's address; an offline peer is answered for", async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  sandbox.server.setPrivileges('a', 50);
  a!.send({ type: 'SetWaitPort', port: 4000, obfuscationType: 1, obfuscatedPort: 4001 });
  a!.send({ type: 'ConnectToPeer', token: 99, username: 'b', connectionType: 'P' });
  a!.send({ type: 'ConnectToPeer', token: 98, username: 'nobody', connectionType: 'P' });
  await sandbox.world.clock.advance(10);
  expect(b!.all('ConnectToPeer')).toEqual([
    {
      type: 'ConnectToPeer',
      username: 'a',
      connectionType: 'P',
      ip: '10.1.0.1',
      port: 4000,
      token: 99,
      privileged: true,
      obfuscationType: 1,
      obfuscatedPort: 4001,
    },
  ]);
  b!.send({ type: 'CantConnectToPeer', token: 99, username: 'a' });
  b!.send({ type: 'SendConnectToken', username: 'a', token: 3 });
  await sandbox.world.clock.advance(10);
  expect(a!.all('CantConnectToPeer').map((m) => m.token)).toEqual([98, 99]);
  expect(a!.all('SendConnectToken')).toEqual([{ type: 'SendConnectToken', username: 'b', token: 3 }]);
});
