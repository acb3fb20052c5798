import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deobfuscate, obfuscate } from './obfuscation.ts';

describe('obfuscation', () => {
  // Known answers published by aioslsk (the first) and seeleseek.
  it.each([
    ['1494ee4a', '0800000079000000e8030000', '1494ee4a2028dd952850ba2b4aa37457'],
    ['01020304', '080000004142434445464748', '010203040a040608454a4f544d565f68'],
    ['00000080', '0400000000000000', '000000800500000002000000'],
  ])('with key %s', (key, plain, wire) => {
    const frame = Buffer.from(plain, 'hex');
    expect(Buffer.from(obfuscate(frame, Buffer.from(key, 'hex').readUInt32LE(0))).toString('hex')).toBe(wire);
    expect(Buffer.from(deobfuscate(Buffer.from(wire, 'hex'))).toString('hex')).toBe(plain);
  });

  it('goes there and back with any key and length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (frame, key) => {
          const wire = obfuscate(frame, key);
          expect(wire.length).toBe(frame.length + 4);
          expect([...deobfuscate(wire)]).toEqual([...frame]);
        },
      ),
    );
  });

  it('makes an empty frame of what has no key', () => {
    for (let length = 0; length <= 4; length++) expect(deobfuscate(new Uint8Array(length)).length).toBe(0);
  });
});
