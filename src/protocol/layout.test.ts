import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { bool, type Codec, list, optional, str, struct, u8, u32, when } from './codec.ts';
import { compileLayout, type MakeFunction } from './layout.ts';
import { Reader } from './reader.ts';
import { describe as describeShape, type StructShape } from './shape.ts';
import type { WireError } from './wire-error.ts';
import { Writer } from './writer.ts';

const shapeOf = (codec: Codec<unknown>): StructShape => codec.shape as StructShape;

/** `Function` of a realm that may not generate code. */
const forbidden = runInContext(
  'Function',
  createContext({}, { codeGeneration: { strings: false, wasm: false } }),
) as FunctionConstructor;
const refuse: MakeFunction = (parameters, body) => forbidden(...parameters, body) as ReturnType<MakeFunction>;

const item = struct({ name: str, score: u8 });
const everything = struct(
  { token: u32, names: list(str), items: list(item), success: bool },
  when('success', [{ greeting: str }], [{ reason: str }]),
  optional({ a: u32, b: u32 }),
  optional({ c: str }),
);
const branching = struct(
  { success: bool },
  when('success', [], [{ reason: str }, optional({ detail: str })]),
);

function codecs(shape: StructShape) {
  return [
    { mode: 'compiled', layout: compileLayout(shape, 'Test') },
    { mode: 'closures', layout: compileLayout(shape, 'Test', refuse) },
  ] as const;
}

const decode = (layout: ReturnType<typeof compileLayout>, hex: string) => {
  const reader = new Reader();
  reader.reset(Buffer.from(hex, 'hex'));
  return layout.read(reader);
};

const encode = (layout: ReturnType<typeof compileLayout>, value: object) => {
  const writer = new Writer();
  writer.begin();
  layout.write(writer, value as never);
  return writer.finish().toString('hex');
};

describe.each(codecs(shapeOf(everything)))('a layout made of $mode', ({ mode, layout }) => {
  it('is what it says', () => {
    expect(layout.mode).toBe(mode);
  });

  it.each([
    ['all of it', { success: true, greeting: 'hi', a: 1, b: 2, c: 'x' }],
    ['a later group left out', { success: true, greeting: 'hi', a: 1, b: 2 }],
    ['the other branch', { success: false, reason: 'no', a: 1, b: 2, c: 'x' }],
    ['the shortest', { success: false, reason: 'no' }],
  ])('goes there and back: %s', (_, rest) => {
    const message = { type: 'Test', token: 7, names: ['a', 'b'], items: [{ name: 'n', score: 3 }], ...rest };
    expect(decode(layout, encode(layout, message))).toEqual(message);
  });

  it('remembers which text was ISO-8859-1, in the object that holds it', () => {
    const hex = `0700000003000000010000006101000000e902000000c3a90200000001000000ff0501000000ff060001000000e8`;
    const message = decode(layout, hex);
    expect(message).toEqual({
      type: 'Test',
      token: 7,
      names: ['a', 'é', 'é'],
      items: [
        { name: 'ÿ', score: 5, latin1: ['name'] },
        { name: 'ÿ', score: 6, latin1: ['name'] },
      ],
      success: false,
      reason: 'è',
      latin1: ['names.1', 'reason'],
    });
    expect(encode(layout, message)).toBe(hex);
  });

  it('writes UTF-8 again once marked text has been changed to what ISO-8859-1 lacks', () => {
    const marked = { token: 0, names: ['☃'], items: [], success: false, reason: '', latin1: ['names.0'] };
    expect(encode(layout, marked)).toContain('e29883');
  });

  it('ignores marks that name nothing', () => {
    const plain = { token: 0, names: ['é'], items: [], success: false, reason: '' };
    const hex = encode(layout, plain);
    for (const latin1 of [undefined, [], ['token', 'names.7', 'names.00'], 'names.0']) {
      expect(encode(layout, { ...plain, latin1 })).toBe(hex);
    }
  });

  it('leaves an optional group out unless all of it can be there', () => {
    const base = encode(layout, { token: 0, names: [], items: [], success: false, reason: 'r' });
    expect(decode(layout, `${base}01000000`)).not.toHaveProperty('a');
    expect(decode(layout, `${base}0100000002000000`)).toMatchObject({ a: 1, b: 2 });
  });

  it.each([
    ['half a group', { a: 1 }, 'missing-field', 'b'],
    ['a later group without the one before', { c: 'x' }, 'missing-field', 'a'],
    ['no branch', { reason: undefined }, 'missing-field', 'reason'],
    ['a bad item', { names: ['a', 5] }, 'bad-value', 'names.1'],
    ['a bad struct in a list', { items: [null] }, 'bad-value', 'items.0'],
    ['a missing list', { items: undefined }, 'missing-field', 'items'],
  ])('refuses %s and names the field', (_, change, code, field) => {
    const message = { token: 0, names: [], items: [], success: false, reason: '', ...change };
    expect(() => encode(layout, message)).toThrow(
      expect.objectContaining({
        name: 'WireError',
        code,
        message: expect.stringContaining(field) as string,
      }) as WireError,
    );
  });

  it('starts again where it was after a refusal', () => {
    const writer = new Writer();
    writer.begin();
    writer.u32(9);
    expect(() => layout.write(writer, { token: -1 })).toThrow(/token/);
    writer.begin();
    layout.write(writer, { token: 0, names: [], items: [], success: false, reason: '' });
    expect(writer.finish().length).toBe(17);
  });
});

describe('compileLayout', () => {
  it('passes on what is wrong with the code itself', () => {
    const broken: MakeFunction = () => {
      throw new SyntaxError('bad code');
    };
    expect(() => compileLayout(shapeOf(item), undefined, broken)).toThrow('bad code');
  });

  it('falls back where the process may not generate code', () => {
    const script = `
      const { serverResponseChannel } = await import('./src/protocol/messages/server.ts');
      const frame = serverResponseChannel.encode({ type: 'SayChatroom', room: 'r', username: 'u', message: 'm' });
      const result = serverResponseChannel.decode(frame.subarray(4));
      console.log(JSON.stringify([serverResponseChannel.entryNamed('SayChatroom').layout.mode, result]));`;
    const output = execFileSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', '--import', 'tsx', '--input-type=module', '-e', script],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8' },
    );
    expect(JSON.parse(output)).toEqual([
      'closures',
      { ok: true, message: { type: 'SayChatroom', room: 'r', username: 'u', message: 'm' }, trailing: 0 },
    ]);
  });
});

describe.each(codecs(shapeOf(branching)))('a branch that may end early, made of $mode', ({ layout }) => {
  it.each([
    ['000100000072', { success: false, reason: 'r' }, 0],
    ['000100000072000000', { success: false, reason: 'r' }, 3],
    ['00010000007200000000', { success: false, reason: 'r', detail: '' }, 0],
    ['0100000000', { success: true }, 4],
  ])('reads %s', (hex, fields, left) => {
    const reader = new Reader();
    reader.reset(Buffer.from(hex, 'hex'));
    expect(layout.read(reader)).toEqual({ type: 'Test', ...fields });
    expect(reader.left).toBe(left);
  });
});

describe('codecs', () => {
  it('know their shortest length', () => {
    expect(item.min).toBe(5);
    expect(everything.min).toBe(17);
    expect(list(item).min).toBe(4);
  });

  it('say what they look like', () => {
    expect(describeShape(everything.shape)).toBe(
      '{token:u32, names:[str], items:[{name:str, score:u8}], success:bool, if success {greeting:str}, if !success {reason:str}, opt(a:u32, b:u32), opt(c:str)}',
    );
  });

  it('refuse fields after what may be absent', () => {
    expect(() => struct(optional({ a: u32 }), { b: u32 })).toThrow(RangeError);
    expect(() =>
      struct({ success: bool }, when('success', [optional({ a: u32 })]), optional({ b: u32 })),
    ).toThrow(RangeError);
  });

  it('refuse a list whose count could not be checked', () => {
    expect(() => list(struct())).toThrow(RangeError);
  });
});
