import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePeerMessage, type PeerMessage } from '../../protocol/index.ts';
import { answersOf } from './peer-answers.ts';
import type { PeerError, PeerLink } from './peer-link.ts';
import type { PeerSendOutcome } from './peer-messaging.ts';
import { dialNode, Hub, isAtRest, listenRaw, node, type RawPeer, result } from './peers.test-support.ts';

const ANN = '10.0.0.1';
const BOB = '10.0.0.2';
const EVE = '10.0.0.66';
const options = { priority: 'person', timeoutMs: 30_000 } as const;

const directory = (name: string, files: number) => ({
  name,
  files: Array.from({ length: files }, (_, at) => ({
    code: 1,
    filename: `${name} ${at * 7919}.mp3`,
    size: BigInt(at),
    extension: '',
    attributes: [],
  })),
});

async function pair() {
  const hub = new Hub();
  const ann = await node(hub, 'ann', ANN);
  const bob = await node(hub, 'bob', BOB, {
    answers: {
      userInfo: () => ({
        description: 'bob',
        hasPicture: true,
        picture: new Uint8Array([1]),
        uploadSlots: 1,
        queueSize: 0,
        slotsFree: true,
      }),
      shares: async () => ({ directories: [directory('music', 30_000)], unknown: 0 }),
      folder: (name) => (name === 'music' ? [directory('music', 2)] : undefined),
    },
  });
  return { hub, clock: hub.world.clock, ann, bob };
}

/** A peer that ann can dial, driven by hand. */
async function raw(hub: Hub, name: string) {
  const accepted = await listenRaw(hub, '10.0.0.9', 5);
  hub.users.set(name, { ip: '10.0.0.9', port: 5, obfuscatedPort: 0 });
  return accepted;
}

const frame = (code: number, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(4 + body.length, 0);
  head.writeUInt32LE(code, 4);
  return Buffer.concat([head, body]);
};

describe('questions', () => {
  it('are answered, large lists too, over one connection', async () => {
    const { clock, ann, bob } = await pair();
    const { messages } = ann;
    const [info, list, folder, nothing] = await clock.run(
      Promise.all([
        messages.userInfo('bob'),
        messages.browse('bob'),
        messages.folderContents('bob', 'music'),
        messages.folderContents('bob', 'else').catch((error: unknown) => error),
      ]),
      { timeoutMs: 200_000 },
    );
    expect(info).toMatchObject({ description: 'bob', hasPicture: true });
    expect(list.directories[0]?.files).toHaveLength(30_000);
    expect(folder.folders[0]?.files).toHaveLength(2);
    // The second of two questions in a row was not answered.
    expect(nothing).toMatchObject({ code: 'timeout' });
    expect(await clock.run(messages.folderContents('bob', 'else'))).toMatchObject({ folders: [] });
    expect(bob.peers.snapshot().abuse).toEqual({ 'too-often': 1 });
    expect(ann.peers.snapshot()).toMatchObject({ links: { P: 1 }, outgoing: { peakOpen: 1 } });
    await clock.advance(70_000);
    expect([isAtRest(ann), isAtRest(bob)]).toEqual([true, true]);
  });

  it('have defaults: a bot that shares nothing', async () => {
    const { clock, ann, bob } = await pair();
    expect(await clock.run(bob.messages.userInfo('ann'))).toMatchObject({
      description: expect.stringContaining('bot') as string,
      uploadSlots: 0,
    });
    expect(await clock.run(bob.messages.browse('ann'))).toMatchObject({ directories: [] });
    expect(ann.messages.snapshot()).toEqual({ requests: 0, waitingBytes: 0 });
  });

  it('of one asker are answered once in 0.4 s, however many names it has', async () => {
    const { hub, clock, ann } = await pair();
    const raws = [];
    for (let at = 0; at < 5; at++) {
      const peer = await dialNode(hub, EVE, ann);
      peer.init(`eve${at}`);
      peer.say({ type: 'UserInfoRequest' });
      raws.push(peer);
    }
    await clock.advance(500);
    expect(raws.flatMap(({ messages }) => messages)).toHaveLength(1);
    raws[0]!.say({ type: 'UserInfoRequest' });
    await clock.advance(100);
    expect(raws.flatMap(({ messages }) => messages)).toHaveLength(2);
  });

  it('of somebody who does not read the answers are not answered for ever', async () => {
    const hub = new Hub();
    const { clock } = hub.world;
    const links = new Set<PeerLink>();
    const ann = await node(hub, 'ann', ANN, {
      answers: {
        ...answersOf('ann'),
        userInfo: (link) => {
          links.add(link);
          const picture = new Uint8Array(1024 * 1024);
          return {
            description: '',
            hasPicture: true,
            picture,
            uploadSlots: 0,
            queueSize: 0,
            slotsFree: false,
          };
        },
      },
    });
    const unread = () => [...links].reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0);
    const peers: RawPeer[] = [];
    for (let at = 0; at < 30; at++) {
      const peer = await dialNode(hub, `10.5.0.${at}`, ann);
      peer.init(`eve${at}`);
      peer.connection.pause();
      peers.push(peer);
    }
    const ask = async (askers: readonly RawPeer[]) => {
      for (const peer of askers) peer.say({ type: 'UserInfoRequest' });
      await clock.advance(500);
    };
    const [greedy, ...others] = peers;
    for (let round = 0; round < 12; round++) await ask([greedy!]);
    expect(unread()).toBeGreaterThan(4e6);
    expect(unread()).toBeLessThan(6e6);
    for (let round = 0; round < 4; round++) await ask(others);
    expect(unread()).toBeGreaterThan(60e6);
    expect(unread()).toBeLessThan(100e6);
    expect(ann.peers.snapshot().abuse).toEqual({ 'too-often': expect.any(Number) as number });
    for (const peer of peers) peer.connection.resume();
    await clock.advance(5000);
    const [asker] = others;
    asker!.messages.length = 0;
    await ask([asker!]);
    expect(asker!.messages).toHaveLength(1);
  });

  it('are asked again once when the connection ends, and end with an error in the end', async () => {
    const { hub, clock, ann } = await pair();
    const accepted = await raw(hub, 'dora');
    const asked = ann.messages.userInfo('dora');
    const failed = asked.catch((error: unknown) => error as PeerError);
    await clock.advance(100);
    accepted[0]!.connection.end();
    await clock.advance(100);
    expect(accepted).toHaveLength(2);
    accepted[1]!.connection.end();
    await clock.advance(100);
    expect(await clock.run(failed)).toMatchObject({ code: 'refused', user: 'dora' });
    expect(accepted).toHaveLength(2);
    const leave = new AbortController();
    const left = ann.messages.userInfo('dora', { signal: leave.signal }).catch((e: unknown) => e);
    leave.abort();
    expect(await left).toMatchObject({ code: 'cancelled' });
    const closing = ann.messages.browse('dora').catch((e: unknown) => e);
    ann.messages.close();
    expect(await closing).toMatchObject({ code: 'cancelled' });
    expect(ann.messages.snapshot().requests).toBe(0);
  });
});

it('an answer that cannot be read is the end of the question', async () => {
  const { hub, clock, ann } = await pair();
  const accepted = await raw(hub, 'dora');
  const asked = ann.messages.browse('dora').catch((error: unknown) => error);
  await clock.advance(100);
  accepted[0]!.connection.write(frame(5, Buffer.from('no zlib')));
  expect(await clock.run(asked, { timeoutMs: 100 })).toMatchObject({
    code: 'refused',
    message: 'what dora answered cannot be read',
  });
  expect(ann.peers.snapshot().abuse).toEqual({ undecodable: 1 });
});

describe('replies that nobody asked for', () => {
  it('are refused before they are read, also from an impostor of somebody who was asked', async () => {
    const { hub, clock, ann } = await pair();
    const accepted = await raw(hub, 'dora');
    const list = frame(5, Buffer.alloc(1000));
    const eve = await dialNode(hub, EVE, ann);
    eve.init('dora');
    eve.connection.write(list);
    await clock.advance(50);
    expect(eve.closed).toBe(true);
    const asked = ann.messages.browse('dora');
    await clock.advance(50);
    const again = await dialNode(hub, EVE, ann);
    again.init('dora');
    await clock.advance(50);
    again.say({ type: 'SharedFileListResponse', directories: [directory('false', 1)] });
    await clock.advance(50);
    expect(again.closed).toBe(true);
    accepted[0]!.say({ type: 'SharedFileListResponse', directories: [directory('true', 1)] });
    expect((await clock.run(asked)).directories[0]?.name).toBe('true');
    accepted[0]!.connection.write(list.subarray(0, 8));
    await clock.advance(50);
    expect(accepted[0]!.closed).toBe(true);
    expect(ann.peers.snapshot().abuse).toMatchObject({ unsolicited: 3 });
  });
});

describe('search responses', () => {
  it('are decoded only if somebody wants that token', async () => {
    const { hub, clock, ann } = await pair();
    const offers: unknown[] = [];
    const got: PeerMessage[] = [];
    ann.messages.onSearchResponse((offer, link) => {
      offers.push([offer.username, offer.token, link.user]);
      return offer.token === 1;
    });
    ann.messages.on('FileSearchResponse', (message) => got.push(message));
    const peer = await dialNode(hub, EVE, ann);
    peer.init('eve');
    // The first is a bomb behind its token: it must not matter, since nobody wants it.
    const start = encodeBomb(2, 40);
    peer.connection.write(start);
    peer.say(result(1));
    await clock.advance(100);
    expect(offers).toEqual([
      ['whoever', 2, 'eve'],
      ['whoever', 1, 'eve'],
    ]);
    expect(got).toHaveLength(1);
    expect(ann.peers.snapshot().abuse).toEqual({ 'unwanted-result': 1 });
    await clock.advance(1100);
    expect(peer.closed).toBe(true);
  });

  it('large ones are inflated outside, in order with what follows, also if the peer hangs up at once', async () => {
    const { hub, clock, ann } = await pair();
    const got: (number | string)[] = [];
    ann.messages.onSearchResponse(() => true);
    ann.messages.on('FileSearchResponse', ({ results }) => got.push(results.length));
    ann.messages.on('QueueUpload', ({ filename }) => got.push(filename));
    const peer = await dialNode(hub, EVE, ann);
    peer.init('eve');
    const large = result(1, 3);
    if (large.type !== 'FileSearchResponse') throw new Error();
    const noise = Array.from({ length: 30_000 }, (_, at) => `${(at * 2654435761) % 4294967296}`).join(' ');
    const [first, ...others] = large.results;
    const heavy: PeerMessage = { ...large, results: [{ ...first!, filename: noise }, ...others] };
    expect(encodePeerMessage(heavy).length).toBeGreaterThan(100 * 1024);
    peer.say(heavy);
    peer.say({ type: 'QueueUpload', filename: 'next' });
    peer.connection.end();
    await clock.advance(500);
    expect(got).toEqual([3, 'next']);
    await clock.advance(3000);
    expect(isAtRest(ann)).toBe(true);
  });

  it('bombs and lying counts stop at their caps', async () => {
    const { hub, clock, ann } = await pair();
    ann.messages.onSearchResponse(() => true);
    const got: PeerMessage[] = [];
    ann.messages.on('FileSearchResponse', (message) => got.push(message));
    const peer = await dialNode(hub, EVE, ann);
    peer.init('eve');
    const name = Buffer.from([1, 0, 0, 0, 120]);
    const lie = Buffer.concat([name, Buffer.from([1, 0, 0, 0]), Buffer.from([0x40, 0x42, 0x0f, 0])]);
    peer.connection.write(frame(9, deflateSync(lie)));
    peer.say(result(1));
    await clock.advance(100);
    expect(got).toHaveLength(1);
    expect(ann.peers.snapshot().abuse).toEqual({ undecodable: 1 });
    peer.connection.write(frame(9, Buffer.alloc(1)).subarray(0, 8).fill(0xff, 0, 4));
    await clock.advance(100);
    expect(peer.closed).toBe(true);
    const bomber = await dialNode(hub, EVE, ann);
    bomber.init('eve');
    bomber.connection.write(encodeBomb(1, 9));
    bomber.say(result(1));
    await clock.advance(100);
    expect(bomber.closed).toBe(true);
    expect(got).toHaveLength(1);
    expect(ann.peers.snapshot().abuse).toEqual({ undecodable: 1, 'too-long': 1, bomb: 1 });
  });
});

/** A search response whose beginning is right and that inflates to so many MiB. */
function encodeBomb(token: number, mebibytes: number): Buffer {
  const head = Buffer.alloc(15);
  head.writeUInt32LE(7, 0);
  head.write('whoever', 4, 'latin1');
  head.writeUInt32LE(token, 11);
  return frame(9, deflateSync(Buffer.concat([head, Buffer.alloc(mebibytes * 1024 * 1024)])));
}

describe('messages', () => {
  it('keep their order, whether the connection was there, on its way, or came from the peer', async () => {
    const { hub, clock, ann, bob } = await pair();
    const got: string[] = [];
    bob.messages.on('QueueUpload', ({ filename }, link) => got.push(`${link.user} ${filename}`));
    const send = (filename: string) =>
      ann.messages.send('bob', { type: 'QueueUpload', filename }, { ...options });
    const first = Promise.all([send('1'), send('2'), send('3')]);
    // Bob comes by himself meanwhile.
    hub.world.net.link(ANN, BOB, { latencyMs: 30 });
    void bob.peers.connect('ann', 'P', options);
    expect(await clock.run(first)).toEqual([{ state: 'sent' }, { state: 'sent' }, { state: 'sent' }]);
    expect(await clock.run(send('4'))).toEqual({ state: 'sent' });
    await clock.advance(200);
    expect(got).toEqual(['ann 1', 'ann 2', 'ann 3', 'ann 4']);
  });

  it('that cannot be delivered say why', async () => {
    const { clock, ann } = await pair();
    const message = { type: 'QueueUpload', filename: 'x' } as const;
    expect(await clock.run(ann.messages.send('nobody', message, options))).toMatchObject({
      state: 'failed',
      code: 'offline',
    });
    const wrong = { type: 'Nothing' } as unknown as PeerMessage;
    expect(await ann.messages.send('bob', wrong, options)).toMatchObject({
      state: 'failed',
      code: 'refused',
    });
    const many = Array.from({ length: 300 }, () => ann.messages.send('bob', message, options));
    const outcomes = await clock.run(Promise.all(many));
    expect(outcomes.filter(({ state }) => state === 'sent')).toHaveLength(256);
    expect(outcomes.at(-1)).toMatchObject({ code: 'over-budget' });
    expect(ann.messages.snapshot().waitingBytes).toBe(0);
  });

  it('that wait for a slow reader move to the connection that replaces it', async () => {
    const { hub, clock, ann } = await pair();
    const accepted = await raw(hub, 'dora');
    await clock.run(ann.peers.connect('dora', 'P', options));
    await clock.advance(3500);
    accepted[0]!.connection.pause();
    const big = (at: number) =>
      ann.messages.send('dora', { type: 'QueueUpload', filename: `${at}`.padEnd(200_000, 'x') }, options);
    const sent = Promise.all([0, 1, 2, 3, 4, 5].map(big));
    await clock.advance(1000);
    expect(ann.messages.snapshot().waitingBytes).toBeGreaterThan(200_000);
    const fresh = await dialNode(hub, '10.0.0.9', ann);
    fresh.init('dora');
    expect(await clock.run(sent)).toHaveLength(6);
    await clock.advance(1000);
    const moved = fresh.messages.map((message) =>
      message.type === 'QueueUpload' ? message.filename[0] : '',
    );
    expect(moved.length).toBeGreaterThan(0);
    expect(moved).toEqual(['0', '1', '2', '3', '4', '5'].slice(-moved.length));
    expect(ann.messages.snapshot().waitingBytes).toBe(0);
  });

  it('that nobody reads expire, and do not take the place of those for others', async () => {
    const { hub, clock, ann } = await pair();
    const accepted = await raw(hub, 'dora');
    await clock.run(ann.peers.connect('dora', 'P', options));
    await clock.advance(3500);
    accepted[0]!.connection.pause();
    const message = { type: 'QueueUpload', filename: 'x'.repeat(500_000) } as const;
    const aborting = new AbortController();
    const send = (timeoutMs: number, signal?: AbortSignal) =>
      ann.messages.send('dora', message, { ...options, timeoutMs, ...(signal && { signal }) });
    const early = Promise.all(Array.from({ length: 4 }, () => send(5000)));
    const late = Promise.all(Array.from({ length: 10 }, () => send(9000)));
    const unwanted = send(20_000, aborting.signal);
    await clock.advance(1000);
    expect(ann.messages.snapshot().waitingBytes).toBeLessThan(4.2e6);
    const codes = (outcomes: readonly PeerSendOutcome[]) =>
      outcomes.map((outcome) => (outcome.state === 'sent' ? 'sent' : outcome.code));
    await clock.advance(4100);
    expect(codes(await early)).toEqual(['sent', 'timeout', 'timeout', 'timeout']);
    expect(ann.messages.snapshot().waitingBytes).toBeGreaterThan(1e6);
    await clock.advance(4000);
    expect(new Set(codes(await late))).toEqual(new Set(['timeout', 'over-budget']));
    aborting.abort();
    accepted[0]!.connection.resume();
    expect(codes([await clock.run(unwanted)])).toEqual(['over-budget']);
    expect(ann.messages.snapshot().waitingBytes).toBe(0);
    expect(codes([await clock.run(send(1000))])).toEqual(['sent']);
  });

  it('that a slow reader takes its time for are not cut off', async () => {
    const { hub, clock, ann } = await pair();
    const accepted = await raw(hub, 'dora');
    hub.world.net.link(ANN, '10.0.0.9', { bytesPerSecond: 10_000 });
    await clock.run(
      ann.messages.send('dora', { type: 'QueueUpload', filename: 'x'.repeat(900_000) }, options),
    );
    await clock.advance(100_000);
    expect(accepted[0]!.messages.map(({ type }) => type)).toEqual(['QueueUpload']);
  });

  it('that somebody takes by the byte do not hold the connection', async () => {
    const { hub, clock, ann } = await pair();
    const accepted = await raw(hub, 'dora');
    hub.world.net.link(ANN, '10.0.0.9', { bytesPerSecond: 5 });
    await clock.run(
      ann.messages.send('dora', { type: 'QueueUpload', filename: 'x'.repeat(900_000) }, options),
    );
    await clock.advance(200_000);
    expect(accepted[0]!.messages).toEqual([]);
    expect(ann.peers.snapshot().links).toMatchObject({ P: 0 });
  });
});
