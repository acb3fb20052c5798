import { expect, test } from 'vitest';
import { SoulseekClient } from '../../network/index.ts';
import { virtualSandbox } from '../sandbox.ts';
import { PEER_KINDS, type PeerKind } from './behaviour.ts';
import { library } from './generate-library.ts';
import { Library } from './library.ts';

/** Kinds whose results never arrive, or are none. */
const MUTE: readonly PeerKind[] = [
  'stops in its introduction',
  'stops halfway',
  'bomber',
  'counts wrong',
  'babbler',
  'says too much',
];

test('a client that searches among all kinds of peers finds what the sound ones have, and is rid of all of them soon', async () => {
  const kinds = Object.keys(PEER_KINDS) as PeerKind[];
  const sandbox = await virtualSandbox({ seed: 11 });
  const { clock, net } = sandbox.world;
  const client = new SoulseekClient({
    platform: sandbox.world.host('10.0.0.2'),
    server: sandbox.address,
    username: 'bot',
    password: 'secret',
    listen: { host: '0.0.0.0', port: 2234 },
  });
  await sandbox.run(client.start());
  await sandbox.run(client.online());
  await sandbox.run(client.rooms.join('hall'));
  for (const kind of kinds) {
    const shared = library(sandbox.world.random.fork(kind), { artists: 1 });
    const wanted = { path: 'music\\Wanted', files: [{ name: 'The Very Song.mp3', size: 1000 }] };
    const folders = [wanted, ...shared.folders];
    const peer = sandbox.peer(`${kinds.indexOf(kind)}`, { kind, library: new Library(folders) });
    await sandbox.run(peer.login());
    await sandbox.run(peer.join('hall'));
  }
  const found = new Set<string>();
  const search = client.search({ query: 'very song', scope: { room: 'hall' }, timeoutMs: 30_000 });
  const reading = (async () => {
    for await (const { user } of search) found.add(user);
  })();
  await clock.advance(31_000);
  await sandbox.run(reading);
  const sound = kinds.filter((kind) => !MUTE.includes(kind)).map((kind) => `${kinds.indexOf(kind)}`);
  expect([...found].sort()).toEqual(sound.sort());
  await clock.advance(30_000);
  const { accepted, outgoing } = client.peers.snapshot();
  expect(accepted.open + outgoing.open).toBe(0);
  await sandbox.run(client.stop());
  await sandbox.stop();
  await clock.advance(1000);
  expect(net.stats().connections).toBe(0);
});
