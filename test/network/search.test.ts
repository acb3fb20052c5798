import { beforeEach, describe, expect, it } from 'vitest';
import type { SoulseekClientOptions } from '../../src/network/network-options.ts';
import type { PeerKind } from '../../src/sandbox/peers/behaviour.ts';
import { makeWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await makeWorld();
});

const NOWHERE: Partial<SoulseekClientOptions> = { listen: false };

describe('a search among one user’s files', () => {
  const ways: readonly [name: string, kind: PeerKind, options: Partial<SoulseekClientOptions>][] = [
    ['somebody reachable', 'honest', {}],
    ['a firewalled peer', 'firewalled', {}],
    ['a peer with an obfuscated port only', 'obfuscated only', {}],
    ['a peer that keeps both of its connections', 'connects twice', {}],
    ['a peer that waits for its pending attempts', 'waits for pending', {}],
    ['a reachable peer, ourselves with no port at all', 'honest', NOWHERE],
    ['an obfuscated port, ourselves with no port at all', 'obfuscated only', NOWHERE],
    [
      'a reachable peer, ourselves with the obfuscated port only',
      'honest',
      { listen: { port: false, obfuscatedPort: 2235 } },
    ],
    [
      'a reachable peer, ourselves with the plain port only',
      'honest',
      { listen: { port: 2234, obfuscatedPort: false } },
    ],
  ];
  it.each(ways)('finds those of %s', async (_, kind, options) => {
    await world.sharer('sharer', { kind });
    const bot = await world.client('bot', options);
    const found = await world.hits(bot, { query: 'lantern harbour -flac', scope: { user: 'sharer' } });
    expect(found).toMatchObject([
      {
        user: 'sharer',
        verified: true,
        path: 'music\\Quiet Harbour\\Painting the Lantern (1994)\\01 - lantern song.mp3',
        size: 5_000_000,
        extension: 'mp3',
        attributes: { bitrate: 320, duration: 125 },
      },
    ]);
    expect(bot.peers.snapshot().links).toEqual({ P: 0, D: 0, F: 0 });
  });

  it('finds nothing of a firewalled peer when we have no port either, and leaves nothing open', async () => {
    await world.sharer('sharer', { kind: 'firewalled' });
    const bot = await world.client('bot', NOWHERE);
    expect(await world.hits(bot, { query: 'lantern', scope: { user: 'sharer' } })).toEqual([]);
    await world.pass(60_000);
    expect(bot.peers.snapshot().outgoing).toMatchObject({ open: 0, attempts: 0, tokens: 0 });
  });
});

it('an answer under somebody else’s name is marked, and left out where names must be proven', async () => {
  const bot = await world.client('bot');
  await world.sharer('sharer');
  const liar = await world.sharer('liar', { behaviour: { claims: 'sharer' } });
  liar.send({ type: 'JoinRoom', room: 'indie', private: false });
  await world.sandbox.run(bot.rooms.join('indie'));
  const scope = { room: 'indie' };
  const found = await world.hits(bot, { query: 'lantern song', scope });
  expect(found.map(({ user, verified }) => [user, verified])).toEqual([
    ['sharer', false],
    ['sharer', false],
  ]);
  const proven = await world.hits(bot, { query: 'song lantern harbour', scope, filter: { verified: true } });
  expect(proven).toEqual([]);
});

describe('a search in the network', () => {
  it('reaches everybody in a room, and ends with the session', async () => {
    const sharer = await world.sharer('sharer');
    sharer.send({ type: 'JoinRoom', room: 'indie', private: false });
    const bot = await world.client('bot');
    await world.sandbox.run(bot.rooms.join('indie'));
    const search = bot.search({ query: 'lantern song', scope: { room: 'indie' } });
    await world.pass(2000);
    expect(search.counts).toMatchObject({ responses: 1, hits: 2 });
    sharer.cutPeers();
    await world.sandbox.run(world.sandbox.server.stop());
    expect((await world.sandbox.run(search.done)).reason).toBe('session-lost');
  });

  it('costs one of the interval of wishlist searches, and nothing of the search budget', async () => {
    await world.sharer('sharer', { kind: 'member' });
    await world.pass(5000);
    const bot = await world.client('bot');
    const wish = bot.searches.wishlistSearch({ query: 'lantern song', timeoutMs: 20_000 });
    const again = bot.searches.wishlistSearch({ query: 'harbour song' });
    await world.pass(10_000);
    expect(wish.state).toBe('running');
    expect(again.state).toBe('waiting');
    expect((await world.sandbox.run(wish.done)).counts.hits).toBe(2);
    again.stop();
  });
});

describe('what others ask', () => {
  it('is answered: user info says that this is a bot, and nothing is shared', async () => {
    const other = await world.sharer('other');
    await world.client('bot');
    await world.sandbox.run(other.tell('bot', { type: 'UserInfoRequest' }));
    const info = await world.sandbox.run(other.untilWord('UserInfoResponse'));
    expect(info.description).toContain('bot');
    await world.sandbox.run(other.tell('bot', { type: 'SharedFileListRequest' }));
    const shares = await world.sandbox.run(other.untilWord('SharedFileListResponse'));
    expect(shares.directories).toEqual([]);
    await world.sandbox.run(other.tell('bot', { type: 'FolderContentsRequest', token: 5, folder: 'x' }));
    const folder = await world.sandbox.run(other.untilWord('FolderContentsResponse'));
    expect(folder).toMatchObject({ token: 5, folder: 'x', folders: [] });
  });

  it('is asked of others too: user info, shares, one folder', async () => {
    await world.sharer('other', { description: 'I like harbours' });
    const bot = await world.client('bot');
    const info = await world.sandbox.run(bot.userInfo('other'));
    expect(info.description).toBe('I like harbours');
    const shares = await world.sandbox.run(bot.browse('other'));
    expect(shares.directories.map(({ name, files }) => [name, files.length])).toEqual([
      ['music\\Quiet Harbour\\Painting the Lantern (1994)', 2],
    ]);
    const folder = await world.sandbox.run(
      bot.peerMessages.folderContents('other', 'music\\Quiet Harbour\\Painting the Lantern (1994)'),
    );
    expect(folder.folders[0]!.files).toHaveLength(2);
  });

  it.each(['firewalled', 'obfuscated only', 'honest'] as const)(
    'two clients browse each other, one %s',
    async (kind) => {
      const firewalled = kind === 'firewalled';
      const a = await world.client('a');
      const b = await world.client(
        'b',
        firewalled ? NOWHERE : kind === 'honest' ? {} : { listen: { port: false, obfuscatedPort: 4000 } },
      );
      for (const [asker, asked] of [
        [a, 'b'],
        [b, 'a'],
      ] as const) {
        expect((await world.sandbox.run(asker.userInfo(asked))).description).toContain('bot');
        expect((await world.sandbox.run(asker.browse(asked))).directories).toEqual([]);
      }
      await world.pass(70_000);
      expect(a.peers.snapshot().links.P + b.peers.snapshot().links.P).toBe(0);
    },
  );

  it('is answered with files when somebody here has some', async () => {
    const bot = await world.client('bot');
    const undo = bot.answering.add({
      answer: ({ asked }) =>
        asked.words.includes('lantern')
          ? { results: [{ code: 1, filename: 'bot\\lantern.mp3', size: 7n, extension: '', attributes: [] }] }
          : undefined,
    });
    const asker = await world.client('asker');
    const [hit] = await world.hits(asker, { query: 'lantern', scope: { user: 'bot' } });
    expect(hit).toMatchObject({ user: 'bot', path: 'bot\\lantern.mp3', size: 7, verified: true });
    expect(bot.answering.counts).toMatchObject({ asked: 1, answered: 1, sent: 1 });
    undo();
    expect(await world.hits(asker, { query: 'lantern new', scope: { user: 'bot' } })).toEqual([]);
  });
});
