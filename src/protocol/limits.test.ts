import { Buffer } from 'node:buffer';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { list, str, struct, u8 } from './codec.ts';
import { zip } from './compression.ts';
import { compileLayout, type MakeFunction } from './layout.ts';
import { channels } from './layouts.ts';
import {
  decodePeerMessage,
  decodePeerMessageAsync,
  encodePeerMessage,
  type PeerMessageOf,
} from './messages/peer.ts';
import { decodeServerResponse } from './messages/server.ts';
import { Reader } from './reader.ts';
import {
  type FieldShape,
  type ListShape,
  minimumOf,
  type PartShape,
  type StructShape,
  type WhenShape,
} from './shape.ts';
import { MiB } from './table.ts';
import type { WireError } from './wire-error.ts';

/** `Function` of a realm that may not generate code. */
const forbidden = runInContext(
  'Function',
  createContext({}, { codeGeneration: { strings: false, wasm: false } }),
) as FunctionConstructor;
const refuse: MakeFunction = (parameters, body) => forbidden(...parameters, body) as ReturnType<MakeFunction>;

interface Place {
  readonly name: string;
  readonly list: ListShape;
  /** Where the list's count is when all before it is zeros. */
  readonly at: number;
}

/** The lists of a message; those of its items are not among them. */
function listsOf(parts: readonly PartShape[]): readonly Place[] {
  let at = 0;
  const fields = parts.flatMap((part): readonly (FieldShape | WhenShape)[] =>
    part.kind === 'optional' ? part.fields : [part],
  );
  return fields.flatMap((field): readonly Place[] => {
    if (field.kind === 'when') {
      expect(listsOf([...field.whenTrue, ...field.whenFalse])).toEqual([]);
      at += minimumOf({ kind: 'struct', parts: [field] });
      return [];
    }
    const place = at;
    at += minimumOf(field.shape);
    return field.shape.kind === 'list' ? [{ name: field.name, list: field.shape, at: place }] : [];
  });
}

const places = channels.flatMap((channel) =>
  channel.entries.flatMap(({ row, shape }) =>
    listsOf(shape.parts).map((place) => ({ ...place, channel, row, title: `${row.name}.${place.name}` })),
  ),
);

/** A body that is zeros but for a count, so that all items are as short as can be. */
function many(code: number, at: number, count: number, itemBytes: number, compressed: boolean): Buffer {
  const payload = Buffer.alloc(at + 4 + count * itemBytes);
  payload.writeUInt32LE(count, at);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(code);
  return Buffer.concat([head, compressed ? zip(payload, 1) : payload]);
}

/** Does something and says by how many bytes the heap has grown. */
function growth(action: () => void): number {
  const before = process.memoryUsage().heapUsed;
  action();
  return process.memoryUsage().heapUsed - before;
}

const refused = { ok: false, reason: 'item-limit' };

describe('the items of a message', () => {
  it('are limited in every list of every message', () => {
    expect(places.length).toBeGreaterThan(40);
    for (const { channel, row, list: shape, at, title } of places) {
      const count = row.limits.items + 1;
      const payload = Buffer.alloc(at + 4 + count * shape.itemMin);
      payload.writeUInt32LE(count, at);
      const grown = growth(() => {
        expect(channel.decodePayload(row.code, payload), title).toMatchObject(refused);
      });
      expect(grown, title).toBeLessThan(8 * MiB);
    }
  });

  it.each([
    ['PrivilegedUsers', 69, 0],
    ['RoomList', 64, 0],
    ['JoinRoom', 14, 4],
  ])('stop 64 MB of empty strings: %s', (_, code, at) => {
    const body = many(code, at, 16_000_000, 4, false);
    const grown = growth(() => {
      expect(decodeServerResponse(body)).toMatchObject({ ...refused, code });
    });
    expect(grown).toBeLessThan(8 * MiB);
  });

  it('stop 12 million empty folders in a hundred kilobytes', async () => {
    const body = many(5, 0, 12_000_000, 8, true);
    expect(body.length).toBeLessThan(500_000);
    const grown = growth(() => {
      expect(decodePeerMessage(body)).toMatchObject({ ...refused, code: 5 });
    });
    expect(grown).toBeLessThan(8 * MiB);
    expect(await decodePeerMessageAsync(body)).toMatchObject({ ...refused, code: 5 });
  });

  it.each([
    ['FileSearchResponse', 9, 8, 21, 127],
    ['FolderContentsResponse', 37, 8, 8, 127],
    ['SharedFileListResponse', 5, 0, 8, 257],
  ])('are not even inflated beyond the cap: %s', (_, code, at, itemBytes, mebibytes) => {
    const body = many(code, at, Math.floor((mebibytes * MiB) / itemBytes), itemBytes, true);
    expect(decodePeerMessage(body)).toMatchObject({ ok: false, reason: 'inflate-limit', code });
    expect(decodePeerMessage(body, { inflateCap: 300 * MiB })).toMatchObject({ ...refused, code });
  });

  it('do not keep a long list of shares out', () => {
    const attributes = [0, 1, 2, 4].map((type) => ({ type, value: type * 1000 }));
    const files = Array.from({ length: 100 }, (_, i) => ({
      code: 1,
      filename: `${i} - a song with a name.mp3`,
      size: BigInt(i),
      extension: '',
      attributes,
    }));
    const message: PeerMessageOf<'SharedFileListResponse'> = {
      type: 'SharedFileListResponse',
      directories: Array.from({ length: 2000 }, (_, i) => ({ name: `Music\\Album ${i}`, files })),
    };
    const decoded = decodePeerMessage(encodePeerMessage(message, { level: 1 }).subarray(4));
    if (!decoded.ok || decoded.message.type !== 'SharedFileListResponse') throw new Error('not decoded');
    expect(decoded.message.directories.reduce((sum, directory) => sum + directory.files.length, 0)).toBe(
      200_000,
    );
    expect(decoded.message.directories.at(-1)).toEqual(message.directories.at(-1));
  });
});

describe.each([
  ['compiled', undefined],
  ['closures', refuse],
] as const)('a layout made of %s', (mode, makeFunction) => {
  const shape = struct({ groups: list(struct({ names: list(str) })), numbers: list(u8) })
    .shape as StructShape;
  const layout = compileLayout(shape, 'Test', makeFunction);
  // Two groups of three and one names, and two numbers: eight items.
  const name = '0100000061';
  const sound = `0200000003000000${name.repeat(3)}01000000${name}020000000102`;
  const read = (hex: string, items: number) => {
    const reader = new Reader();
    reader.reset(Buffer.from(hex, 'hex'), 0, hex.length / 2, items);
    const value = layout.read(reader);
    return { value, left: reader.itemsLeft };
  };
  const tooMany = expect.objectContaining({ name: 'WireError', code: 'item-limit' }) as WireError;

  it('adds up the items of all lists, inner ones too', () => {
    expect(layout.mode).toBe(mode);
    expect(read(sound, 8)).toMatchObject({
      value: { groups: [{ names: ['a', 'a', 'a'] }, { names: ['a'] }], numbers: [1, 2] },
      left: 0,
    });
    for (let items = 0; items < 8; items++) expect(() => read(sound, items)).toThrow(tooMany);
  });

  it('counts them once in a message with ISO-8859-1, which is read twice', () => {
    const latin1 = sound.replace(name, '01000000ff');
    expect(read(latin1, 8)).toMatchObject({
      value: { groups: [{ names: ['ÿ', 'a', 'a'], latin1: ['names.0'] }, { names: ['a'] }] },
      left: 0,
    });
    expect(() => read(latin1, 7)).toThrow(tooMany);
  });

  it('still says of a count that cannot fit that it is a lie', () => {
    expect(() => read('ffffffff00000000', 8)).toThrow(
      expect.objectContaining({ code: 'bad-count' }) as WireError,
    );
  });
});
