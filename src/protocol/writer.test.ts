import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WireError } from './wire-error.ts';
import { Writer } from './writer.ts';

const written = (action: (writer: Writer) => void): string => {
  const writer = new Writer();
  writer.begin();
  action(writer);
  return writer.finish().toString('hex');
};

const refusal = (code: string) => expect.objectContaining({ name: 'WireError', code }) as WireError;

describe('Writer', () => {
  it('writes what the reader reads', () => {
    expect(written((w) => w.u8(255))).toBe('ff');
    expect(written((w) => w.u16(0x8001))).toBe('0180');
    expect(written((w) => w.u32(0x80000001))).toBe('01000080');
    expect(written((w) => w.i32(-1))).toBe('ffffffff');
    expect(written((w) => w.u64(0x0807060504030201n))).toBe('0102030405060708');
    expect(written((w) => w.bool(true))).toBe('01');
    expect(written((w) => w.flag(true))).toBe('01000000');
    expect(written((w) => w.ip('1.2.3.4'))).toBe('04030201');
    expect(written((w) => w.str('é'))).toBe('02000000c3a9');
    expect(written((w) => w.latin1('é'))).toBe('01000000e9');
    expect(written((w) => w.bin(Buffer.from([1, 2])))).toBe('020000000102');
  });

  it('writes UTF-8 after all where ISO-8859-1 lacks a letter', () => {
    expect(written((w) => w.latin1('☃'))).toBe('03000000e29883');
  });

  it('writes text of every length as Buffer does', () => {
    for (const letter of ['a', 'é', '☃', '𝄞']) {
      for (const length of [0, 1, 6, 19, 20, 21, 100, 4095, 4096, 70_000]) {
        const text = letter.repeat(length);
        const expected = Buffer.from(text, 'utf8');
        const hex = written((w) => w.str(text));
        expect(hex.slice(8)).toBe(expected.toString('hex'));
        expect(Buffer.from(hex.slice(0, 8), 'hex').readUInt32LE()).toBe(expected.length);
      }
    }
  });

  it.each<[string, string, (writer: Writer) => void]>([
    ['256 as u8', 'bad-value', (w) => w.u8(256)],
    ['-1 as u16', 'bad-value', (w) => w.u16(-1)],
    ['-1 as u32', 'bad-value', (w) => w.u32(-1)],
    ['2^32 as u32', 'bad-value', (w) => w.u32(2 ** 32)],
    ['a fraction', 'bad-value', (w) => w.u32(1.5)],
    ['NaN', 'bad-value', (w) => w.u32(Number.NaN)],
    ['2^31 as i32', 'bad-value', (w) => w.i32(2 ** 31)],
    ['2^64 as u64', 'bad-value', (w) => w.u64(2n ** 64n)],
    ['-1 as u64', 'bad-value', (w) => w.u64(-1n)],
    ['a number as u64', 'bad-value', (w) => w.u64(1 as never)],
    ['a number as text', 'bad-value', (w) => w.str(1 as never)],
    ['a number as bool', 'bad-value', (w) => w.bool(1 as never)],
    ['text as bytes', 'bad-value', (w) => w.bin('ab' as never)],
    ['text as a list', 'bad-value', (w) => w.count('ab' as never)],
    ['an address with five parts', 'bad-value', (w) => w.ip('1.2.3.4.5')],
    ['an address above 255', 'bad-value', (w) => w.ip('1.2.3.256')],
    ['an empty address', 'bad-value', (w) => w.ip('')],
    ['nothing as u32', 'missing-field', (w) => w.u32(undefined as never)],
    ['nothing as text', 'missing-field', (w) => w.str(undefined as never)],
    ['nothing as a list', 'missing-field', (w) => w.count(undefined as never)],
  ])('refuses %s', (_, code, action) => {
    expect(() => written(action)).toThrow(refusal(code));
  });

  it('never touches what it has handed out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40_000, size: 'max' }), { maxLength: 12 }),
        (messages) => {
          const writer = new Writer();
          const done = messages.map((message) => {
            writer.begin();
            writer.raw(message);
            return writer.finish();
          });
          for (const [i, message] of messages.entries()) expect(done[i]!.equals(message)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('throws away what an unfinished message has left', () => {
    const writer = new Writer();
    writer.begin();
    writer.u32(1);
    const first = writer.finish();
    writer.begin();
    writer.u32(2);
    writer.begin();
    writer.u8(3);
    expect(writer.finish().toString('hex')).toBe('03');
    expect(first.toString('hex')).toBe('01000000');
  });

  it('does not keep twice the memory of a big message', () => {
    const writer = new Writer();
    writer.begin();
    for (let i = 0; i < 300_001; i++) writer.u8(0);
    const done = writer.finish();
    expect(done.length).toBe(300_001);
    expect(done.buffer.byteLength).toBeLessThan(done.length * 1.3);
  });
});
