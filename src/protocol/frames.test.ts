import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type Frame,
  type FramedKind,
  type FrameFault,
  FrameSplitter,
  type SplitterOptions,
} from './frames.ts';
import { encodeDistributedMessage } from './messages/distributed.ts';
import { encodeInitMessage } from './messages/init.ts';
import { encodePeerMessage } from './messages/peer.ts';
import { obfuscate } from './obfuscation.ts';

const init = Buffer.from(
  encodeInitMessage({ type: 'PeerInit', username: 'me', connectionType: 'P', token: 0 }),
);
const info = Buffer.from(encodePeerMessage({ type: 'UserInfoRequest' }));
const queue = Buffer.from(encodePeerMessage({ type: 'QueueUpload', filename: '@@abcde\\Music\\a.mp3' }));
const level = Buffer.from(encodeDistributedMessage({ type: 'DistribBranchLevel', level: 2 }));

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** All that comes out of chunks pushed one by one. */
function split(
  kind: FramedKind,
  chunks: readonly Uint8Array[],
  options?: SplitterOptions,
): (Frame | FrameFault)[] {
  const splitter = new FrameSplitter(kind, options);
  const found: (Frame | FrameFault)[] = [];
  for (const chunk of chunks) {
    splitter.push(chunk);
    found.push(...splitter);
  }
  return found;
}

const shown = (found: readonly (Frame | FrameFault)[]): readonly string[] =>
  found.map((each) => (each.ok ? `${each.code}:${hex(each.bytes)}` : `${each.reason}:${each.length}`));

/** Cuts bytes into chunks at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
}

const frameOf = (code: number, size: number): Buffer => {
  const frame = Buffer.alloc(8 + size, 0xaa);
  frame.writeUInt32LE(4 + size, 0);
  frame.writeUInt32LE(code, 4);
  return frame;
};

const header = (length: number, code: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(length, 0);
  bytes.writeUInt32LE(code, 4);
  return bytes;
};

describe.each([false, true])('FrameSplitter, obfuscated: %s', (obfuscated) => {
  const wire = (frame: Buffer, key: number): Buffer =>
    obfuscated ? Buffer.from(obfuscate(frame, key)) : frame;

  it('finds the same frames wherever the stream is cut', () => {
    const frames = [info, queue, frameOf(4, 0), frameOf(43, 300)];
    const stream = Buffer.concat(frames.map((frame, i) => wire(frame, 0x80000001 + i * 77)));
    const expected = frames.map((frame) => `${frame.readUInt32LE(4)}:${hex(frame)}`);
    expect(shown(split('peer', [stream], { obfuscated }))).toEqual(expected);
    for (let i = 0; i <= stream.length; i++)
      expect(shown(split('peer', cut(stream, [i]), { obfuscated }))).toEqual(expected);
    const single = [...stream].map((byte) => Buffer.of(byte));
    expect(shown(split('peer', single, { obfuscated }))).toEqual(expected);
  });

  it('finds the same frames however the stream is chunked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.boolean(),
        (sizes, places, pushFirst) => {
          const frames = sizes.map((size, i) => frameOf(i + 1, size));
          const stream = Buffer.concat(frames.map((frame, i) => wire(frame, i * 0x01234567)));
          const chunks = cut(stream, places);
          const expected = frames.map((frame, i) => `${i + 1}:${hex(frame)}`);
          if (!pushFirst) {
            expect(shown(split('peer', chunks, { obfuscated }))).toEqual(expected);
            return;
          }
          const splitter = new FrameSplitter('peer', { obfuscated });
          for (const chunk of chunks) splitter.push(chunk);
          expect(splitter.buffered).toBe(stream.length);
          expect(shown([...splitter])).toEqual(expected);
          expect(splitter.buffered).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('passes over a frame without a code and goes on', () => {
    const short = Buffer.from('03000000aabbcc', 'hex');
    const stream = Buffer.concat([wire(info, 1), wire(short, 2), wire(Buffer.alloc(4), 3), wire(queue, 4)]);
    const expected = [`15:${hex(info)}`, 'bad-length:3', 'bad-length:0', `43:${hex(queue)}`];
    for (let i = 0; i <= stream.length; i++)
      expect(shown(split('peer', cut(stream, [i]), { obfuscated }))).toEqual(expected);
    expect(
      shown(
        split(
          'peer',
          [...stream].map((byte) => Buffer.of(byte)),
          { obfuscated },
        ),
      ),
    ).toEqual(expected);
  });

  it('stops at a frame above its cap, or skips it if told so', () => {
    const big = frameOf(43, 100);
    const stream = Buffer.concat([wire(info, 1), wire(big, 2), wire(queue, 3)]);
    for (let i = 0; i <= stream.length; i++) {
      const splitter = new FrameSplitter('peer', { obfuscated, capOf: (code) => (code === 43 ? 50 : 1000) });
      const found: (Frame | FrameFault)[] = [];
      for (const chunk of cut(stream, [i])) {
        splitter.push(chunk);
        for (let next = splitter.next(); next !== undefined; next = splitter.next()) {
          found.push(next);
          if (next.ok || next.reason !== 'too-long') continue;
          expect(splitter.next()).toBe(next);
          expect([...splitter]).toEqual([next]);
          splitter.skip();
        }
      }
      expect(shown(found)).toEqual([`15:${hex(info)}`, 'too-long:104', `43:${hex(queue)}`]);
      expect(found[1]).toMatchObject({ code: 43, error: { name: 'WireError', code: 'too-long' } });
    }
  });

  it('goes on with frames of another kind behind the init frame, wherever the stream is cut', () => {
    for (const [kind, frame, key] of [
      ['peer', queue, 9],
      ['distributed', level, undefined],
    ] as const) {
      // Behind an init frame only `P` connections stay obfuscated.
      const stream = Buffer.concat([
        wire(init, 5),
        ...[frame, frame].map((each) => (key === undefined ? each : wire(each, key))),
      ]);
      for (let i = 0; i <= stream.length; i++) {
        const splitter = new FrameSplitter('init', { obfuscated });
        const found: (Frame | FrameFault)[] = [];
        for (const chunk of cut(stream, [i, i + 3])) {
          splitter.push(chunk);
          found.push(...splitter);
          if (found.length !== 1 || splitter.kind !== 'init') continue;
          splitter.switchTo(kind);
          found.push(...splitter);
        }
        expect(shown(found).map((each) => each.split(':')[1])).toEqual([hex(init), hex(frame), hex(frame)]);
      }
    }
  });

  it('gives out the bytes behind the init frame of a file connection as they came', () => {
    const data = Buffer.from('0102030405ffffffff', 'hex');
    const stream = Buffer.concat([wire(init, 5), data]);
    for (let i = 0; i <= stream.length; i++) {
      const splitter = new FrameSplitter('init', { obfuscated });
      const rest: Uint8Array[] = [];
      let seen = 0;
      for (const chunk of cut(stream, [i, i + 2])) {
        splitter.push(chunk);
        seen += [...splitter].length;
        if (seen === 1) rest.push(splitter.takeRest());
      }
      expect(seen).toBe(1);
      expect(hex(Buffer.concat(rest))).toBe(hex(data));
      expect(splitter.buffered).toBe(0);
    }
  });
});

describe('FrameSplitter', () => {
  it('yields no second init frame, whatever follows', () => {
    const splitter = new FrameSplitter('init');
    splitter.push(Buffer.concat([init, init]));
    expect([...splitter].length).toBe(1);
    expect(splitter.next()).toBeUndefined();
    expect(splitter.buffered).toBe(init.length);
  });

  it('takes out a frame that has not come whole', () => {
    const splitter = new FrameSplitter('peer');
    for (const byte of queue.subarray(0, 11)) {
      splitter.push(Buffer.of(byte));
      expect(splitter.next()).toBeUndefined();
    }
    splitter.push(queue.subarray(11, 13));
    splitter.push(queue.subarray(13, 14));
    expect(splitter.buffered).toBe(14);
    expect(hex(splitter.takeRest())).toBe(hex(queue.subarray(0, 14)));
    expect(splitter.takeRest().length).toBe(0);
  });

  it('hands out frames as views of the chunk, next to each other', () => {
    const chunk = Buffer.concat([level, level]);
    const splitter = new FrameSplitter('distributed');
    splitter.push(chunk);
    expect(splitter.advance()).toBe('frame');
    expect([splitter.code, splitter.start, splitter.end]).toEqual([4, 0, level.length]);
    expect(splitter.source).toBe(chunk);
    expect(splitter.advance()).toBe('frame');
    expect([splitter.source === chunk, splitter.start, splitter.end]).toEqual([
      true,
      level.length,
      chunk.length,
    ]);
    expect(splitter.advance()).toBe('more');
  });

  it('passes over frames that were looked through already', () => {
    const whole = Buffer.concat([level, level, level]);
    const splitter = new FrameSplitter('distributed');
    splitter.push(Buffer.concat([whole, level.subarray(0, 3)]));
    splitter.push(level.subarray(3));
    expect(splitter.advance()).toBe('frame');
    expect(() => splitter.passTo(0)).toThrow(RangeError);
    expect(() => splitter.passTo(whole.length + 4)).toThrow(RangeError);
    splitter.passTo(splitter.end);
    splitter.passTo(2 * level.length);
    splitter.passTo(whole.length);
    expect(splitter.buffered).toBe(level.length);
    // The last one came in two chunks, and is followed by nothing.
    expect(splitter.advance()).toBe('frame');
    expect(hex(splitter.source.subarray(splitter.start, splitter.end))).toBe(hex(level));
    expect(() => splitter.passTo(splitter.end + 1)).toThrow(RangeError);
    expect(splitter.advance()).toBe('more');
    splitter.push(whole);
    expect(splitter.advance()).toBe('frame');
    splitter.passTo(whole.length);
    expect(splitter.advance()).toBe('more');
    expect(splitter.buffered).toBe(0);
  });

  it('accepts the shortest frames', () => {
    expect(shown(split('peer', [info]))).toEqual([`15:${hex(info)}`]);
    expect(shown(split('distributed', [Buffer.from('0100000000', 'hex')]))).toEqual(['0:0100000000']);
  });

  it.each<[FramedKind, number, number, boolean]>([
    ['server', 64, 448 * 1024 * 1024, true],
    ['server', 64, 448 * 1024 * 1024 + 1, false],
    ['peer', 43, 1024 * 1024, true],
    ['peer', 43, 1024 * 1024 + 1, false],
    ['peer', 9, 16 * 1024 * 1024, true],
    ['peer', 9, 16 * 1024 * 1024 + 1, false],
    ['peer', 37, 16 * 1024 * 1024, true],
    ['peer', 12547, 16 * 1024 * 1024, true],
    ['peer', 12547, 16 * 1024 * 1024 + 1, false],
    ['peer', 5, 448 * 1024 * 1024, true],
    ['peer', 16, 448 * 1024 * 1024 + 1, false],
    ['init', 1, 16 * 1024, true],
    ['init', 1, 16 * 1024 + 1, false],
    ['distributed', 3, 16 * 1024, true],
    ['distributed', 3, 16 * 1024 + 1, false],
    ['distributed', 3, 0xffffffff, false],
  ])('by default: %s connection, code %i, length %i: %s', (kind, code, length, accepted) => {
    const splitter = new FrameSplitter(kind);
    splitter.push(header(length, code));
    const found = splitter.next();
    if (accepted) expect(found).toBeUndefined();
    else expect(found).toMatchObject({ ok: false, reason: 'too-long', length, code });
  });

  it('takes no memory on the word of a length field', () => {
    const splitter = new FrameSplitter('server');
    const before = process.memoryUsage().arrayBuffers;
    splitter.push(header(448 * 1024 * 1024, 64));
    expect(splitter.next()).toBeUndefined();
    splitter.push(Buffer.alloc(1000));
    expect(splitter.next()).toBeUndefined();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  it('copies each byte of a frame in many chunks a bounded number of times', () => {
    const frame = frameOf(5, 4_000_000);
    const chunks = Array.from({ length: Math.ceil(frame.length / 100) }, (_, i) =>
      frame.subarray(i * 100, i * 100 + 100),
    );
    const copy = vi.spyOn(Buffer.prototype, 'copy');
    const found = split('peer', chunks);
    const copied = copy.mock.results.map((result) => result.value as number);
    copy.mockRestore();
    expect(shown(found)[0] === `5:${hex(frame)}`).toBe(true);
    expect(copied.reduce((sum, count) => sum + count, 0)).toBeLessThan(frame.length * 4);
  });
});
