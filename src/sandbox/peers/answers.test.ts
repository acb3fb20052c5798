import { expect, test } from 'vitest';
import type { PeerMessage } from '../../protocol/index.ts';
import { Library } from './library.ts';
import { meet, queryFor, says } from './probe.test-support.ts';

test('a search is answered over a connection of its own, which stays until somebody closes it', async () => {
  const { sandbox, peer, probe } = await meet({
    uploadSpeed: 5000,
    queueLength: 3,
    behaviour: { idleMs: 5000 },
  });
  probe.person.send({ type: 'UserSearch', username: 'peer', token: 77, query: queryFor(peer) });
  await sandbox.world.clock.advance(100);
  expect(probe.links).toHaveLength(1);
  const { init, messages, left } = probe.links[0]!.read('peer');
  expect(init).toEqual({ type: 'PeerInit', username: 'peer', connectionType: 'P', token: 0 });
  expect(messages).toEqual([
    {
      type: 'FileSearchResponse',
      username: 'peer',
      token: 77,
      results: peer.library.search(queryFor(peer)).open,
      slotFree: false,
      avgSpeed: 5000,
      queueLength: 3,
      unknown: 0,
    },
  ]);
  expect([messages.length, left, probe.links[0]!.closed]).toEqual([1, 0, false]);
  expect(peer.searches).toEqual([{ user: 'probe', token: 77, query: queryFor(peer) }]);
  await sandbox.world.clock.advance(4000);
  expect(probe.links[0]!.closed).toBe(false);
  await sandbox.world.clock.advance(1500);
  expect([probe.links[0]!.closed, peer.wires]).toEqual([true, []]);
});

test('nothing is said to who finds nothing, or to oneself; excluded phrases are honoured', async () => {
  const { sandbox, peer, probe } = await meet();
  probe.person.send({ type: 'UserSearch', username: 'peer', token: 1, query: 'no such thing' });
  peer.send({ type: 'UserSearch', username: 'peer', token: 2, query: queryFor(peer) });
  await sandbox.world.clock.advance(100);
  sandbox.server.setExcludedPhrases([queryFor(peer).toUpperCase()]);
  await sandbox.world.clock.advance(100);
  probe.person.send({ type: 'UserSearch', username: 'peer', token: 3, query: queryFor(peer) });
  await sandbox.world.clock.advance(30_000);
  expect([probe.links.length, peer.wires.length, peer.searches.length]).toEqual([0, 0, 3]);
});

test('an answer may take its time', async () => {
  const { sandbox, peer, probe } = await meet({ behaviour: { answersAfterMs: 700 } });
  probe.person.send({ type: 'UserSearch', username: 'peer', token: 1, query: queryFor(peer) });
  await sandbox.world.clock.advance(650);
  expect(probe.links).toHaveLength(0);
  await sandbox.world.clock.advance(100);
  expect(probe.links[0]!.read('peer').messages).toHaveLength(1);
});

test('shares, a folder, user info, and the old direct search, all over one connection', async () => {
  const library = new Library([
    { path: 's\\open', files: [{ name: 'first song.mp3', size: 9 }] },
    { path: 's\\shut', files: [{ name: 'second song.mp3', size: 9 }], locked: true },
  ]);
  const { sandbox, probe } = await meet({ library, description: 'hello\nthere', uploadSlots: 4 });
  const link = await probe.visit('peer', 'P');
  link.write(
    says({ type: 'SharedFileListRequest' }),
    says({ type: 'FolderContentsRequest', token: 5, folder: 's\\open' }),
    says({ type: 'FolderContentsRequest', token: 6, folder: 's\\none' }),
    says({ type: 'UserInfoRequest' }),
    says({ type: 'FileSearchRequest', token: 8, query: 'song' }),
    says({ type: 'FileSearchRequest', token: 9, query: 'nothing' }),
  );
  await sandbox.world.clock.advance(100);
  const [open, shut] = [library.directories().open, library.directories().locked];
  const expected: Partial<PeerMessage>[] = [
    { type: 'SharedFileListResponse', directories: open, unknown: 0, privateDirectories: shut },
    { type: 'FolderContentsResponse', token: 5, folder: 's\\open', folders: open },
    { type: 'FolderContentsResponse', token: 6, folder: 's\\none', folders: [] },
    {
      type: 'UserInfoResponse',
      description: 'hello\nthere',
      hasPicture: false,
      uploadSlots: 4,
      queueSize: 0,
      slotsFree: true,
    },
    {
      type: 'FileSearchResponse',
      token: 8,
      results: library.search('song').open,
      privateResults: library.search('song').locked,
    },
  ];
  expect(link.read('peer', false).messages).toEqual(
    expected.map((message): unknown => expect.objectContaining(message)),
  );
});

test('two peers talk: one asks for everything, and keeps what it hears', async () => {
  const { sandbox, peer } = await meet({ description: 'me' });
  const other = sandbox.peer('other');
  await sandbox.run(other.login());
  await sandbox.run(other.tell('peer', { type: 'UserInfoRequest' }));
  expect(await sandbox.run(other.untilWord('UserInfoResponse'))).toMatchObject({ description: 'me' });
  other.send({ type: 'UserSearch', username: 'peer', token: 12, query: queryFor(peer) });
  expect(
    await sandbox.run(
      other.untilWord('FileSearchResponse', ({ token }, from) => token === 12 && from === 'peer'),
    ),
  ).toMatchObject({ username: 'peer' });
  expect(other.words.map(({ type, from }) => [type, from])).toEqual([
    ['UserInfoResponse', 'peer'],
    ['FileSearchResponse', 'peer'],
  ]);
});

test('the server is told what is shared, and the speed once', async () => {
  const { sandbox, peer } = await meet({ uploadSpeed: 4321 });
  const account = () => sandbox.server.world.accounts.find(({ username }) => username === 'peer')!;
  const { files, dirs } = account();
  expect([files, dirs]).toEqual([peer.library.fileCount, peer.library.folders.length]);
  await sandbox.run(peer.login());
  await sandbox.world.clock.advance(100);
  expect([account().avgSpeed, account().uploadNum]).toEqual([4321, 1]);
});
