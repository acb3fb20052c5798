import { describe, expect, it } from 'vitest';
import { filePath } from '../../../platform/files.ts';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { VirtualFiles } from '../../../platform/virtual/virtual-files.ts';
import { flac, mp3, wav } from '../audio.test-support.ts';
import { isAudio, readAttributes } from './read-attributes.ts';

async function read(name: string, bytes: Uint8Array, prepare: (files: VirtualFiles) => void = () => {}) {
  const clock = new VirtualClock();
  const files = new VirtualFiles(clock);
  files.put(`/${name}`, bytes);
  const path = filePath(`/${name}`);
  const facts = await files.facts(path);
  prepare(files);
  let found: unknown;
  void readAttributes({ files, clock }, { path, name: Buffer.from(name), facts }).then(
    (value) => (found = value),
  );
  await clock.advance(30_000);
  return found;
}

describe('what an audio file says of itself', () => {
  it('is duration, sample rate and depth of lossless ones, bitrate and duration of others', async () => {
    expect(await read('a.wav', wav(3))).toEqual({ duration: 3, sampleRate: 8_000, bitDepth: 16 });
    expect(await read('a.FLAC', flac(200))).toEqual({ duration: 200, sampleRate: 44_100, bitDepth: 16 });
    expect(await read('a.mp3', mp3(400))).toMatchObject({ bitrate: 128, duration: 10 });
  });

  it.each([
    ['nothing', 'a.mp3', Buffer.alloc(0)],
    ['zeros', 'a.mp3', Buffer.alloc(10_000)],
    ['text', 'a.flac', Buffer.from('this is no music at all')],
    ['a header without anything', 'a.ogg', Buffer.from('OggS')],
    ['a cut header', 'a.wav', wav(1).subarray(0, 20)],
    ['a length beyond the end', 'a.m4a', Buffer.from([0x7f, 0xff, 0xff, 0xff, 0x66, 0x74, 0x79, 0x70])],
    ['what is no audio by its name', 'a.txt', wav(1)],
  ])('is nothing of %s', async (_what, name, bytes) => {
    expect(await read(name, bytes)).toEqual({});
  });

  it('is nothing when the disk fails or takes too long', async () => {
    expect(
      await read('a.wav', wav(3), (files) => {
        files.faults = { fails: (operation) => (operation === 'read' ? 'EIO' : undefined) };
      }),
    ).toEqual({});
    expect(
      await read('a.wav', wav(3), (files) => {
        files.faults = { delayMs: 6_000 };
      }),
    ).toEqual({});
  });

  it('is asked by the ends of names', () => {
    expect(
      ['a.mp3', 'a.OpUs', 'mp3', 'a.mp3.txt', '.flac'].map((name) => isAudio(Buffer.from(name))),
    ).toEqual([true, true, false, false, true]);
  });
});
