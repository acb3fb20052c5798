import { expect, it } from 'vitest';
import { type Directory, decodePeerMessage, encodeShareList } from './index.ts';

const directory = (name: string, files: number): Directory => ({
  name,
  files: Array.from({ length: files }, (_, i) => ({
    code: 1,
    filename: `${i} bÿ.mp3`,
    size: BigInt(i) * 5_000_000_000n,
    extension: '',
    attributes: [{ type: 0, value: 320 }],
    ...(i === 1 && { latin1: ['filename'] }),
  })),
  ...(name === 'b\xff' && { latin1: ['name'] }),
});

const decoded = (frame: Uint8Array) => {
  expect(new DataView(frame.buffer, frame.byteOffset).getUint32(0, true)).toBe(frame.length - 4);
  return decodePeerMessage(frame.subarray(4));
};

it('a list that is written in pieces is read as a whole one', async () => {
  const open = [directory('a', 3), directory('b\xff', 0), directory('c', 20_000)];
  const locked = [directory('d', 1)];
  const many = (list: readonly Directory[]) => ({
    count: list.length,
    directories: list.map(({ files, ...rest }) => ({ ...rest, count: files.length, files })),
  });
  expect(decoded(await encodeShareList(many(open), many(locked)))).toMatchObject({
    ok: true,
    trailing: 0,
    message: { directories: open, unknown: 0, privateDirectories: locked },
  });
  const alone = decoded(await encodeShareList(many(open)));
  expect(alone).toMatchObject({ ok: true, trailing: 0, message: { directories: open, unknown: 0 } });
  expect(alone.ok && 'privateDirectories' in alone.message).toBe(false);
  expect(decoded(await encodeShareList(many([])))).toMatchObject({
    ok: true,
    message: { directories: [] },
  });
});
