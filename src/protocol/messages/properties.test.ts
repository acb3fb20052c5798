import { Buffer, isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zip } from '../compression.ts';
import { compileLayout } from '../layout.ts';
import { channels } from '../layouts.ts';
import { Reader } from '../reader.ts';
import type { DecodeResult } from '../result.ts';
import type { FieldShape, PartShape, Scalar, Shape, StructShape } from '../shape.ts';
import { Writer } from '../writer.ts';

type Loose = Record<string, unknown>;

const RUNS = 40;

const bytes = fc.uint8Array({ maxLength: 24 }).map((array) => Buffer.from(array));

/** Any text that UTF-8 can carry: byte order marks, other planes, zeros. */
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', '\uFEFF', '\uFEFFabc', '\uFFFD', '𝄞', 'a'.repeat(30), 'é'.repeat(30)),
);

/** Text of bytes that are no UTF-8. */
const latin1Text = fc
  .uint8Array({ minLength: 1, maxLength: 24 })
  .filter((array) => !isUtf8(array))
  .map((array) => Buffer.from(array).toString('latin1'));

const scalars: Readonly<Record<Exclude<Scalar, 'str'>, Arbitrary<unknown>>> = {
  u8: fc.integer({ min: 0, max: 0xff }),
  u16: fc.integer({ min: 0, max: 0xffff }),
  u32: fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 0xffffffff)),
  i32: fc.integer(),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  size: fc.bigInt({ min: 0n, max: 0xfffffffeffffffffn }),
  bool: fc.boolean(),
  flag: fc.boolean(),
  ip: fc.ipV4(),
  bin: bytes,
  raw: bytes,
  // Three zeros before a code are the other dialect, so that code 0 before zeros could not be told from it.
  embedded: fc.integer({ min: 1, max: 255 }),
};

/** A value and the marks that it brings to the object that holds it. */
interface Marked {
  readonly value: unknown;
  readonly marks: readonly string[];
}

const textOf = (name: string): Arbitrary<Marked> =>
  fc.oneof(
    { weight: 4, arbitrary: text.map((value) => ({ value, marks: [] })) },
    { weight: 1, arbitrary: latin1Text.map((value) => ({ value, marks: [name] })) },
  );

const plain = (arbitrary: Arbitrary<unknown>): Arbitrary<Marked> =>
  arbitrary.map((value) => ({ value, marks: [] }));

function fieldValue(name: string, shape: Shape): Arbitrary<Marked> {
  if (shape.kind === 'str') return textOf(name);
  if (shape.kind === 'struct') return plain(structOf(shape));
  if (shape.kind !== 'list') return plain(scalars[shape.kind]);
  if (shape.item.kind !== 'str') {
    return plain(
      fc.array(
        fieldValue('', shape.item).map(({ value }) => value),
        { maxLength: 3 },
      ),
    );
  }
  return fc.integer({ min: 0, max: 4 }).chain((length) =>
    fc.tuple(...Array.from({ length }, (_, i) => textOf(`${name}.${i}`))).map((items) => ({
      value: items.map((item) => item.value),
      marks: items.flatMap((item) => item.marks),
    })),
  );
}

interface Piece {
  readonly fields: Loose;
  readonly marks: readonly string[];
}

const join = (pieces: readonly Piece[]): Piece => ({
  fields: Object.assign({}, ...pieces.map((piece) => piece.fields)) as Loose,
  marks: pieces.flatMap((piece) => piece.marks),
});

const fieldOf = ({ name, shape }: FieldShape): Arbitrary<Piece> =>
  fieldValue(name, shape).map(({ value, marks }) => ({ fields: { [name]: value }, marks }));

/** Fields of parts; of the optional groups any number from the front. */
function partsOf(parts: readonly PartShape[], known: Loose = {}): Arbitrary<Piece> {
  const [first, ...rest] = parts;
  if (first === undefined) return fc.constant({ fields: {}, marks: [] });
  if (first.kind === 'optional') {
    const present = fc.tuple(...first.fields.map(fieldOf), partsOf(rest)).map(join);
    return fc.oneof(fc.constant({ fields: {}, marks: [] }), present);
  }
  const head =
    first.kind === 'field'
      ? fieldOf(first)
      : partsOf(known[first.flag] === true ? first.whenTrue : first.whenFalse);
  const branches = rest.some((part) => part.kind === 'when');
  if (!branches) return fc.tuple(head, partsOf(rest)).map(join);
  return head.chain((piece) =>
    partsOf(rest, { ...known, ...piece.fields }).map((tail) => join([piece, tail])),
  );
}

const structOf = (shape: StructShape): Arbitrary<Loose> =>
  partsOf(shape.parts).map(({ fields, marks }) => (marks.length > 0 ? { ...fields, latin1: marks } : fields));

const refuse = () => {
  throw new EvalError('no code from strings');
};

const rows = channels.flatMap((channel) =>
  channel.entries.map((entry) => {
    const { kind, direction } = channel;
    const messages = structOf(entry.shape).map((fields): Loose => ({ type: entry.row.name, ...fields }));
    const isFile = kind === 'file';
    return {
      name: `${kind} ${direction} ${entry.row.code} ${entry.row.name}`,
      code: entry.row.code,
      compressed: entry.row.compressed,
      width: channel.codeWidth,
      shape: entry.shape,
      messages,
      encode: (message: Loose): Buffer =>
        isFile ? channel.encodePayload(message as never) : channel.encode(message as never),
      decode: (frame: Uint8Array): DecodeResult<unknown> =>
        isFile ? channel.decodePayload(entry.row.code, frame) : channel.decode(frame.subarray(4)),
      encodePayload: (message: Loose): Buffer => channel.encodePayload(message as never),
      decodePayload: (payload: Uint8Array): DecodeResult<unknown> =>
        channel.decodePayload(entry.row.code, payload),
      layout: entry.layout,
      closures: compileLayout(entry.shape, entry.row.name, refuse),
    };
  }),
);

const expectedFailures = new Set(['truncated', 'bad-count']);

function expectSound(result: DecodeResult<unknown>, also: readonly string[] = []): void {
  if (result.ok || expectedFailures.has(result.reason) || also.includes(result.reason)) return;
  throw result.error;
}

it('covers every table', () => {
  expect(rows.length).toBe(172);
  expect(rows.every((row) => row.layout.mode === 'compiled' && row.closures.mode === 'closures')).toBe(true);
});

describe.each(rows)('$name', (row) => {
  it('comes back from bytes as it was, and as the same bytes', () => {
    fc.assert(
      fc.property(row.messages, (message) => {
        const frame = row.encode(message);
        const result = row.decode(frame);
        if (!result.ok) throw result.error;
        if (!isDeepStrictEqual(result.message, message)) expect(result.message).toEqual(message);
        expect(result.trailing).toBe(0);
        expect(row.encode(result.message as Loose).equals(frame)).toBe(true);
        const payload = row.encodePayload(message);
        expect(isDeepStrictEqual(row.decodePayload(payload), result)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('is the same made of closures', () => {
    fc.assert(
      fc.property(row.messages, (message) => {
        const writer = new Writer();
        writer.begin();
        row.closures.write(writer, message);
        const payload = writer.finish();
        expect(payload.equals(row.encodePayload(message))).toBe(true);
        const reader = new Reader();
        reader.reset(payload);
        expect(isDeepStrictEqual(row.closures.read(reader), message)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('gives a message or a reason when cut anywhere', () => {
    fc.assert(
      fc.property(row.messages, (message) => {
        const payload = row.encodePayload(message);
        for (let length = 0; length < payload.length; length++)
          expectSound(row.decodePayload(payload.subarray(0, length)));
        const frame = row.encode(message);
        for (let length = 4; length < frame.length; length++) {
          expectSound(row.decode(frame.subarray(0, length)), row.compressed ? ['bad-zlib'] : []);
        }
      }),
      { numRuns: row.compressed ? 3 : 10 },
    );
  });

  it('gives a message or a reason for any bytes, and what it gives is stable', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (array, small) => {
        // Small numbers make counts and lengths that fit.
        const payload = Buffer.from(small ? array.map((byte, i) => (i % 4 === 0 ? byte % 6 : 0)) : array);
        const result = row.decodePayload(payload);
        expectSound(result);
        if (!result.ok) return;
        const again = row.decodePayload(row.encodePayload(result.message as Loose));
        expect(again.ok && isDeepStrictEqual(again.message, result.message)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('believes no count or length that cannot be true', () => {
    for (const lie of ['ffffffff', 'ffffff7f', '00000080', '01000010']) {
      const payload = Buffer.from(lie.repeat(40), 'hex');
      expectSound(row.decodePayload(payload));
      if (row.compressed)
        expectSound(row.decode(Buffer.concat([Buffer.alloc(4), codeOf(row.code), zip(payload)])));
    }
  });
});

function codeOf(code: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(code);
  return bytes;
}

describe('a frame that is no message', () => {
  it.each(
    channels
      .filter((channel) => channel.kind !== 'file')
      .map((channel) => ({ name: `${channel.kind} ${channel.direction}`, channel })),
  )('is refused with a reason: $name', ({ channel }) => {
    expect(channel.decode(Buffer.alloc(0))).toMatchObject({ ok: false, reason: 'truncated' });
    const unknown = Buffer.alloc(channel.codeWidth, 0xee);
    const code = channel.codeWidth === 4 ? 0xeeeeeeee : 0xee;
    expect(channel.decode(unknown)).toMatchObject({ ok: false, reason: 'unknown-code', code });
    expect(() => channel.encode({ type: 'NoSuchMessage' } as never)).toThrow(
      expect.objectContaining({ code: 'unknown-type' }) as Error,
    );
  });

  it('never throws, whatever the bytes', async () => {
    for (const channel of channels) {
      await fc.assert(
        fc.asyncProperty(
          fc.uint8Array({ maxLength: 60 }),
          fc.integer({ min: 0, max: 1100 }),
          async (array, code) => {
            const body = Buffer.concat([
              channel.codeWidth === 4 ? codeOf(code) : Buffer.of(code & 0xff),
              array,
            ]);
            const also = ['bad-zlib', 'unknown-code', 'inflate-limit'];
            expectSound(channel.decode(body), also);
            expectSound(await channel.decodeAsync(body), also);
          },
        ),
        { numRuns: 200 },
      );
    }
  });
});
