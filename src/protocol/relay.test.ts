import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDistributedMessage } from './messages/distributed.ts';
import { encodeServerResponse } from './messages/server.ts';
import { relayFrame, unwrapSearch } from './relay.ts';

const search = (identifier = 49, extra = ''): Buffer => {
  const frame = Buffer.concat([
    encodeDistributedMessage({
      type: 'DistribSearch',
      identifier,
      username: 'seeker',
      token: 99,
      query: 'artist title',
    }),
    Buffer.from(extra, 'hex'),
  ]);
  frame.writeUInt32LE(frame.length - 4, 0);
  return frame;
};

const embedded = (frame: Buffer): Buffer =>
  Buffer.from(
    encodeServerResponse({
      type: 'EmbeddedMessage',
      distribCode: frame[4]!,
      distribMessage: frame.subarray(5),
    }),
  );

const defect = (frame: Buffer, dialect: 'u8' | 'u32'): Buffer => {
  const body = Buffer.concat([Buffer.from(dialect === 'u8' ? '5d' : '5d000000', 'hex'), frame.subarray(4)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
};

describe('relayFrame', () => {
  it('passes a search of the parent on as it is, without copying', () => {
    const frame = search(49, 'c0ffee');
    expect(relayFrame('distributed', frame)).toBe(frame);
  });

  it('unwraps what the server embeds, fields that nobody knows included', () => {
    const frame = search(49, 'c0ffee');
    expect(relayFrame('server', embedded(frame))).toEqual(frame);
  });

  it.each(['u8', 'u32'] as const)('unwraps the defect of old roots, outer code as %s', (dialect) => {
    expect(relayFrame('distributed', defect(search(), dialect))).toEqual(search());
  });

  it('relays no other identifier, though it finds the search', () => {
    for (const frame of [search(0), search(48), search(49 * 256)]) {
      expect(relayFrame('distributed', frame)).toBeNull();
      expect(relayFrame('server', embedded(frame))).toBeNull();
      expect(relayFrame('distributed', defect(frame, 'u8'))).toBeNull();
      expect(unwrapSearch('server', embedded(frame))).toEqual(frame);
    }
  });

  it('relays no other message', () => {
    const level = Buffer.from(encodeDistributedMessage({ type: 'DistribBranchLevel', level: 49 }));
    expect(relayFrame('distributed', level)).toBeNull();
    expect(relayFrame('server', embedded(level))).toBeNull();
    expect(relayFrame('distributed', defect(level, 'u32'))).toBeNull();
    const say = encodeServerResponse({ type: 'SayChatroom', room: 'r', username: 'u', message: 'm' });
    expect(relayFrame('server', say)).toBeNull();
  });

  it('relays no search that is cut short', () => {
    const whole = search();
    for (let length = 0; length < whole.length; length++) {
      const frame = Buffer.from(whole.subarray(0, length));
      expect(relayFrame('distributed', frame)).toBeNull();
      if (length > 5) expect(relayFrame('server', embedded(frame))).toBeNull();
    }
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(3, 93, 0), (array, code) => {
        if (array.length > 4) array[4] = code;
        for (const source of ['server', 'distributed'] as const) {
          const relayed = relayFrame(source, array);
          if (relayed !== null) expect(relayed[4]).toBe(3);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
