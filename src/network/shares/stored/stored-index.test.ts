import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filePath } from '../../../platform/files.ts';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { VirtualFiles } from '../../../platform/virtual/virtual-files.ts';
import { readIncoming } from '../../search/incoming-query.ts';
import { buildIndex } from '../index/build-index.ts';
import { SharedIndex } from '../index/shared-index.ts';
import { loadIndex, type StoredIndex, saveIndex } from './stored-index.ts';

const file = filePath('/state/shares.index');

function indexOf(names: readonly string[]): StoredIndex {
  const { tables } = buildIndex([
    {
      name: 'S',
      audience: 'everyone',
      folders: [
        {
          parts: [Buffer.from('folder')],
          files: names.map((name, size) => ({
            name: Buffer.from(name),
            size,
            changed: 5,
            attributes: { bitrate: 320, vbr: true },
          })),
        },
      ],
    },
  ]);
  return { tables, shares: [{ name: 'S', key: 'k', missingSince: 7 }], attributes: true, at: 9 };
}

function disk(): VirtualFiles {
  const files = new VirtualFiles(new VirtualClock());
  files.put('/state/other', '');
  return files;
}

describe('an index on the disk', () => {
  it.each([[[]], [['song one.mp3', 'song two.mp3', 'b']]])(
    'is the same when it comes back: %j',
    async (names) => {
      const files = disk();
      const saved = indexOf(names);
      await saveIndex(files, file, indexOf(['older']));
      await saveIndex(files, file, saved);
      expect(await loadIndex(files, file)).toEqual(saved);
      expect(files.paths).toEqual(['/state/other', '/state/shares.index']);
      const index = new SharedIndex((await loadIndex(files, file))!.tables);
      const found = index.search(readIncoming('song'), { limit: 10 }).files;
      expect(found.map((id) => index.file(id).path)).toEqual(
        names.filter((name) => name.startsWith('song')).map((name) => `S\\folder\\${name}`),
      );
    },
  );

  it('is none when any byte of it is wrong, missing or too much', async () => {
    const files = disk();
    await saveIndex(files, file, indexOf(['one', 'two', 'three']));
    const whole = Buffer.from(files.get(file)!);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= change;
        files.put(file, damaged);
        expect(await loadIndex(files, file)).toBeUndefined();
        files.put(file, whole.subarray(0, at));
        expect(await loadIndex(files, file)).toBeUndefined();
        files.put(file, Buffer.concat([whole, Buffer.alloc(change)]));
        expect(await loadIndex(files, file)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
    files.put(file, whole);
    expect(await loadIndex(files, file)).toBeDefined();
  });

  it('stays the old one when the disk is full, and is none when it cannot be read', async () => {
    const files = disk();
    await saveIndex(files, file, indexOf(['one']));
    const before = Buffer.from(files.get(file)!);
    files.capacity = before.length + 100;
    await expect(saveIndex(files, file, indexOf(['one', 'two']))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(Buffer.from(files.get(file)!)).toEqual(before);
    files.faults = { fails: (operation) => (operation === 'read' ? 'EIO' : undefined) };
    expect(await loadIndex(files, file)).toBeUndefined();
    expect(await loadIndex(files, filePath('/nowhere/x'))).toBeUndefined();
  });
});
