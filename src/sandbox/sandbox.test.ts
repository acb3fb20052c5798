import { expect, test } from 'vitest';
import { nullLog } from '../platform/null-log.ts';
import { realPlatform } from '../platform/real/real-platform.ts';
import { realSandbox, virtualSandbox } from './sandbox.ts';

test('over real TCP on loopback: the same people, the same server', async () => {
  const sandbox = await realSandbox({ platform: realPlatform(nullLog) });
  try {
    expect(sandbox.address.host).toBe('127.0.0.1');
    const [a, b] = [sandbox.person('a'), sandbox.person('b')];
    expect(await a.login()).toMatchObject({ success: true, ip: '127.0.0.1' });
    await b.login();
    for (const person of [a, b]) await person.join('lobby');
    a.say('lobby', 'hi');
    await b.untilLine('lobby', 'hi');
    b.pm('a', 'psst');
    await a.untilPm('b', 'psst');
    sandbox.server.ban('a', 30);
    await a.untilPm('server', /banned for 30 minutes/);
    await a.untilClosed();
    await b.untilType('UserLeftRoom');
    expect(sandbox.server.world.bans).toEqual({ accounts: ['a'], addresses: [] });
  } finally {
    await sandbox.stop();
  }
});

test('the virtual server has a name', async () => {
  const sandbox = await virtualSandbox({ seed: 3 });
  const a = sandbox.person('a', { server: { host: 'server.test', port: 2242 } });
  expect(await sandbox.run(a.login())).toMatchObject({ success: true });
  expect(sandbox.person('a')).toBe(a);
  await sandbox.stop();
  await sandbox.world.clock.advance(10);
  expect(sandbox.world.net.stats()).toMatchObject({ connections: 0, listeners: 0 });
  expect(sandbox.world.clock.pending).toBe(0);
});
