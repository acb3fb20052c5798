import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reader } from './reader.ts';
import type { WireError } from './wire-error.ts';
import { Writer } from './writer.ts';

function read<T>(hex: string | Buffer, action: (reader: Reader) => T): T {
  const reader = new Reader();
  reader.reset(typeof hex === 'string' ? Buffer.from(hex, 'hex') : hex);
  return action(reader);
}

const withLength = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};

describe('Reader', () => {
  it('reads integers as little-endian', () => {
    expect(read('ff', (r) => r.u8())).toBe(255);
    expect(read('0180', (r) => r.u16())).toBe(0x8001);
    expect(read('01000080', (r) => r.u32())).toBe(0x80000001);
    expect(read('ffffffff', (r) => r.i32())).toBe(-1);
    expect(read('0102030405060708', (r) => r.u64())).toBe(0x0807060504030201n);
    expect(read('ffffffffffffffff', (r) => r.u64())).toBe(2n ** 64n - 1n);
  });

  it('takes only the lower word of a size whose upper word is all ones', () => {
    expect(read('00000080ffffffff', (r) => r.size())).toBe(0x80000000n);
    expect(read('00000080feffffff', (r) => r.size())).toBe(0xfffffffe80000000n);
    expect(read('0000008000000001', (r) => r.size())).toBe(0x0100000080000000n);
  });

  it('takes any byte but zero as true', () => {
    expect(read('02', (r) => r.bool())).toBe(true);
    expect(read('00', (r) => r.bool())).toBe(false);
    expect(read('00010000', (r) => r.flag())).toBe(true);
  });

  it('reads an address in reverse', () => {
    expect(read('04030201', (r) => r.ip())).toBe('1.2.3.4');
  });

  it.each([
    ['a byte order mark', '\uFEFFx'],
    ['two byte order marks', '\uFEFF\uFEFF'],
    ['a character beyond the first plane', '𝄞 and 👩‍👩‍👧'],
    ['decomposed letters', 'e\u0301'],
    ['a true replacement character', 'a\uFFFDb'],
    ['a zero', 'a\0b'],
    ['noncharacters', '\uFFFE\uFFFF'],
  ])('keeps %s', (_, text) => {
    const bytes = withLength(Buffer.from(text, 'utf8'));
    const reader = new Reader();
    reader.reset(bytes);
    expect(reader.str()).toBe(text);
    expect(reader.fellBack).toBe(false);
    const writer = new Writer();
    writer.str(text);
    expect(writer.finish().equals(bytes)).toBe(true);
  });

  it.each([
    ['a lone byte', 'c3', 'Ã'],
    ['a bad byte after good ones', '6f6be29883ff', 'okâ\x98\x83ÿ'],
    ['an encoded surrogate', 'eda080', 'í\xa0\x80'],
    ['an overlong form', 'c0af', 'À¯'],
    ['a code point above the last', 'f4908080', 'ô\x90\x80\x80'],
    ['the bytes that windows-1252 has no letters for', '818d8f909d', '\x81\x8d\x8f\x90\x9d'],
    ['a true replacement character beside a bad byte', 'efbfbdff', 'ï¿½ÿ'],
  ])('takes the whole string as ISO-8859-1 for %s', (_, hex, text) => {
    const reader = new Reader();
    reader.reset(withLength(Buffer.from(hex, 'hex')));
    expect(reader.str()).toBe(text);
    expect(reader.fellBack).toBe(true);
  });

  it('reads any bytes as text that can be written back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const wire = withLength(Buffer.from(bytes));
        const reader = new Reader();
        reader.reset(wire);
        const text = reader.str();
        const writer = new Writer();
        if (reader.fellBack) writer.latin1(text);
        else writer.str(text);
        expect(writer.finish().toString('hex')).toBe(wire.toString('hex'));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['u8', '', (r: Reader) => r.u8()],
    ['u16', '00', (r: Reader) => r.u16()],
    ['u32', '000000', (r: Reader) => r.u32()],
    ['u64', '00000000000000', (r: Reader) => r.u64()],
    ['ip', '000000', (r: Reader) => r.ip()],
    ['a string', '0300000061', (r: Reader) => r.str()],
    ['a string with a count of 2^32 - 1', 'ffffffff61', (r: Reader) => r.str()],
    ['bytes', '0300000061', (r: Reader) => r.bin()],
  ])('refuses %s that is cut short', (_, hex, action) => {
    expect(() => read(hex, action as (reader: Reader) => unknown)).toThrow(
      expect.objectContaining({ name: 'WireError', code: 'truncated' }) as WireError,
    );
  });

  it('refuses a count that cannot fit', () => {
    expect(() => read('ffffffff0000', (r) => r.count(1))).toThrow(
      expect.objectContaining({ code: 'bad-count' }) as WireError,
    );
    expect(read('020000000000', (r) => r.count(1))).toBe(2);
  });

  it('reads both dialects of an embedded code', () => {
    expect(read('0331000000', (r) => [r.embedded(), r.left])).toEqual([3, 4]);
    expect(read('0000000331000000', (r) => [r.embedded(), r.left])).toEqual([3, 4]);
    expect(read('000000', (r) => [r.embedded(), r.left])).toEqual([0, 2]);
    expect(read('0000000000', (r) => [r.embedded(), r.left])).toEqual([0, 4]);
  });

  it('hands out bytes as views', () => {
    const bytes = Buffer.from('0200000061620102', 'hex');
    read(bytes, (r) => {
      expect(r.bin().buffer).toBe(bytes.buffer);
      expect([...r.raw()]).toEqual([1, 2]);
      expect(r.left).toBe(0);
    });
  });
});
