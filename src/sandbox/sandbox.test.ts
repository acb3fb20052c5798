import { expect, test } from 'vitest';
import { nullLog } from '../platform/null-log.ts';
import { realPlatform } from '../platform/real/real-platform.ts';
import { library } from './peers/generate-library.ts';
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

test('over real TCP peers find each other: plain, in disguise, and through the server', async () => {
  const platform = realPlatform(nullLog);
  const sandbox = await realSandbox({ platform });
  try {
    const shared = library(platform.random, { artists: 1 });
    const seeker = sandbox.peer('seeker');
    await seeker.login();
    const peers = [
      sandbox.peer('plain', { library: shared, behaviour: { dials: 'direct' } }),
      sandbox.peer('disguised', { library: shared, kind: 'obfuscated only' }),
      sandbox.peer('asking', { library: shared, behaviour: { dials: 'indirect' } }),
    ];
    for (const [i, peer] of peers.entries()) {
      await peer.login();
      const query = shared.folders[0]!.files[0]!.name;
      seeker.send({ type: 'UserSearch', username: peer.name, token: i, query });
      const result = await seeker.untilWord('FileSearchResponse', ({ token }) => token === i);
      expect(result.results.length).toBeGreaterThan(0);
    }
    expect(() => sandbox.person('talker') && sandbox.peer('talker')).toThrow('only talks');
    await seeker.tell('disguised', { type: 'UserInfoRequest' });
    expect(await seeker.untilWord('UserInfoResponse', (_, from) => from === 'disguised')).toMatchObject({
      uploadSlots: 2,
    });
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
