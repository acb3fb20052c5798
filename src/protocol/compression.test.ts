import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peekSearchResponse, unzip, unzipAsync, zip, zipAsync } from './compression.ts';
import {
  decodePeerMessage,
  decodePeerMessageAsync,
  encodePeerMessage,
  encodePeerMessageAsync,
  type PeerMessageOf,
} from './messages/peer.ts';

const failure = (code: string) => expect.objectContaining({ name: 'WireError', code }) as Error;

const searchBody = (payload: Uint8Array): Buffer => Buffer.concat([Buffer.of(9, 0, 0, 0), zip(payload)]);

const response = (files: number, username = 'somebody'): PeerMessageOf<'FileSearchResponse'> => ({
  type: 'FileSearchResponse',
  username,
  token: 0xfedcba98,
  results: Array.from({ length: files }, (_, i) => ({
    code: 1,
    filename: `Music\\${(i * 7919) % 10007}\\${i}.mp3`,
    size: BigInt(i),
    extension: '',
    attributes: [],
  })),
  slotFree: true,
  avgSpeed: 1,
  queueLength: 0,
  unknown: 0,
});

describe('zip and unzip', () => {
  it('go there and back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
        for (const zipped of [zip(bytes), await zipAsync(bytes, 9)]) {
          expect(unzip(zipped, 5000).equals(bytes)).toBe(true);
          expect((await unzipAsync(zipped, 5000)).equals(bytes)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('ignore what follows the stream', async () => {
    const zipped = Buffer.concat([zip(Buffer.from('hello')), Buffer.from('garbage')]);
    expect(unzip(zipped, 100).toString()).toBe('hello');
    expect((await unzipAsync(zipped, 100)).toString()).toBe('hello');
  });

  it('refuse what is damaged or cut off', async () => {
    const zipped = zip(Buffer.from('hello, hello, hello'));
    const damaged = Buffer.from(zipped);
    damaged[damaged.length - 1]! ^= 1;
    for (const bytes of [
      damaged,
      Buffer.alloc(0),
      Buffer.from('no zlib at all'),
      ...[...zipped.keys()].map((end) => zipped.subarray(0, end)),
    ]) {
      expect(() => unzip(bytes, 1000)).toThrow(failure('bad-zlib'));
      await expect(unzipAsync(bytes, 1000)).rejects.toThrow(failure('bad-zlib'));
    }
  });

  it('stop at the cap, to the byte', async () => {
    for (const size of [1, 1000, 16_384, 70_000]) {
      const zipped = zip(Buffer.alloc(size));
      expect(unzip(zipped, size).length).toBe(size);
      expect((await unzipAsync(zipped, size)).length).toBe(size);
      expect(() => unzip(zipped, size - 1)).toThrow(failure('inflate-limit'));
      await expect(unzipAsync(zipped, size - 1)).rejects.toThrow(failure('inflate-limit'));
    }
  });

  it('stop a bomb before it has unfolded', async () => {
    const bomb = zip(Buffer.alloc(200 * 1024 * 1024), 9);
    expect(bomb.length).toBeLessThan(300_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => unzip(bomb, 1_000_000)).toThrow(failure('inflate-limit'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    await expect(unzipAsync(bomb, 1_000_000)).rejects.toThrow(failure('inflate-limit'));
  });
});

describe('compressed messages', () => {
  it('are the same from the thread pool', async () => {
    const message = response(300);
    for (const frame of [encodePeerMessage(message), await encodePeerMessageAsync(message, { level: 9 })]) {
      expect(decodePeerMessage(frame.subarray(4))).toEqual({ ok: true, message, trailing: 0 });
      expect(await decodePeerMessageAsync(frame.subarray(4))).toEqual({ ok: true, message, trailing: 0 });
    }
    const plain = { type: 'QueueUpload', filename: 'a' } as const;
    const frame = await encodePeerMessageAsync(plain);
    expect(await decodePeerMessageAsync(frame.subarray(4))).toEqual({
      ok: true,
      message: plain,
      trailing: 0,
    });
  });

  it('are refused above the cap, with a reason', async () => {
    const body = encodePeerMessage(response(300)).subarray(4);
    expect(decodePeerMessage(body, { inflateCap: 1000 })).toMatchObject({
      ok: false,
      reason: 'inflate-limit',
      code: 9,
    });
    expect(await decodePeerMessageAsync(body, { inflateCap: 1000 })).toMatchObject({
      ok: false,
      reason: 'inflate-limit',
      code: 9,
    });
  });

  it('count the bytes that nobody knows within the stream', () => {
    const payload = Buffer.concat([
      unzip(encodePeerMessage({ ...response(1), privateResults: [] }).subarray(8), 1e6),
      Buffer.alloc(3),
    ]);
    expect(decodePeerMessage(searchBody(payload))).toMatchObject({ ok: true, trailing: 3 });
  });
});

describe('peekSearchResponse', () => {
  it.each([0, 1, 30, 5000])('reads the user and the token of a response with %i files', (files) => {
    const message = response(files, 'jemand ü');
    expect(peekSearchResponse(encodePeerMessage(message).subarray(4))).toEqual({
      ok: true,
      username: 'jemand ü',
      token: 0xfedcba98,
    });
  });

  it('needs no more than the start of the response', () => {
    const body = encodePeerMessage(response(5000)).subarray(4);
    const broken = Buffer.from(body.subarray(0, 4000));
    broken.fill(0xff, 1000);
    expect(peekSearchResponse(broken)).toMatchObject({ ok: true, username: 'somebody' });
  });

  it('looks further when the start is hard to compress', () => {
    const username = Array.from({ length: 1000 }, (_, i) =>
      String.fromCharCode(33 + ((i * i * 31 + i * 7) % 94)),
    ).join('');
    expect(peekSearchResponse(encodePeerMessage(response(50, username)).subarray(4))).toMatchObject({
      ok: true,
      username,
    });
  });

  it('refuses what is no response', () => {
    expect(peekSearchResponse(Buffer.alloc(0))).toMatchObject({ ok: false, reason: 'truncated' });
    expect(peekSearchResponse(Buffer.alloc(50, 7))).toMatchObject({ ok: false, reason: 'bad-zlib', code: 9 });
    expect(peekSearchResponse(searchBody(Buffer.alloc(6)))).toMatchObject({ ok: false, reason: 'truncated' });
    expect(peekSearchResponse(searchBody(Buffer.alloc(5_000_000, 0xff)))).toMatchObject({
      ok: false,
      reason: 'bad-value',
    });
  });
});
