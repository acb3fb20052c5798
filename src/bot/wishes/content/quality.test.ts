import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileAttributes } from '../../../plugins/api/search.ts';
import { bitrateOf, vbrOf } from './bitrate.ts';
import { classOf, EXTENSIONS, extensionsOf, FILE_CLASSES } from './file-class.ts';
import { anyHit, hitOf } from './hit.test-support.ts';
import { quality, qualityInWords } from './quality.ts';

const of = (path: string, attributes: FileAttributes = {}) => quality(hitOf(path, { attributes }));

describe('bitrate', () => {
  it('is what the owner says, or what size and duration make, or what the name does', () => {
    const size = 4_000_000;
    const named = 'x [V0]\\a.mp3';
    expect(bitrateOf(hitOf(named, { size, attributes: { bitrate: 192, duration: 100 } }))).toBe(192);
    expect(bitrateOf(hitOf(named, { size, attributes: { duration: 100 } }))).toBe(320);
    expect(bitrateOf(hitOf(named, { size, attributes: { duration: 0 } }))).toBe(245);
    expect(bitrateOf(hitOf('x\\a.mp3', { size }))).toBeUndefined();
  });

  it.each([
    ['Album [V0]\\a.mp3', 245],
    ['Album (MP3 V2)\\a.mp3', 190],
    ['Album {VBR-V0}\\a.mp3', 245],
    ['a (v0 vbr).mp3', 245],
    ['Mix v2\\a.mp3', undefined],
    ['a v0.mp3', undefined],
    ['Album [V0]\\a.flac', undefined],
    ['Album [V10]\\a.mp3', undefined],
  ])('reads names of presets where they can be nothing else: %s', (path, wanted) => {
    expect(bitrateOf(hitOf(path))).toBe(wanted);
  });

  it('varies when the owner says so, or the name does', () => {
    expect(vbrOf(hitOf('x [V0]\\a.mp3', { attributes: { vbr: false } }))).toBe(false);
    expect(vbrOf(hitOf('x [V0]\\a.mp3'))).toBe(true);
    expect(vbrOf(hitOf('x (2001, VBR)\\a.mp3'))).toBe(true);
    expect(vbrOf(hitOf('x\\a.mp3'))).toBeUndefined();
    expect(vbrOf(hitOf(`${'x'.repeat(2000)} [V0]\\a.mp3`))).toBeUndefined();
  });
});

describe('quality', () => {
  it('puts the better file first', () => {
    const order = [
      of('a.mp3', { bitrate: 96 }),
      of('a.mp3', { bitrate: 192 }),
      of('a.mp3', { bitrate: 245 }),
      of('a.mp3', { bitrate: 245, vbr: true }),
      of('a.mp3', { bitrate: 320 }),
      of('a.flac'),
      of('a.flac', { bitDepth: 24, sampleRate: 48_000 }),
      of('a.flac', { bitDepth: 24, sampleRate: 96_000 }),
    ];
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(new Set(order).size).toBe(order.length);
    expect(of('a.opus', { bitrate: 192 })).toBeGreaterThan(of('a.mp3', { bitrate: 256 }));
    expect([of('a.mp3'), of('a.mp3', { bitrate: 0 }), of('a.mkv'), of('a')]).toEqual([30, 30, 50, 50]);
  });

  it('is a whole number from 0 to 100, whatever the hit', () => {
    fc.assert(
      fc.property(anyHit, (hit) => {
        const value = quality(hit);
        expect(Number.isInteger(value) && value >= 0 && value <= 100).toBe(true);
      }),
    );
  });

  it('has words', () => {
    expect([90, 80, 75, 30].map(qualityInWords)).toEqual([
      'lossless, high resolution',
      'lossless',
      'like MP3 of 320 kbit/s',
      'like MP3 of 128 kbit/s',
    ]);
  });
});

describe('classes', () => {
  it('have every extension once', () => {
    const all = Object.values(EXTENSIONS).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(FILE_CLASSES.filter((name) => name !== 'audio').sort()).toEqual(Object.keys(EXTENSIONS).sort());
    for (const extension of all) expect(extension).toMatch(/^[a-z0-9]+$/u);
  });

  it('make audio of both kinds', () => {
    expect(extensionsOf('audio')).toEqual([...extensionsOf('lossless'), ...extensionsOf('lossy')]);
    expect([classOf('flac'), classOf('mp3'), classOf('exe')]).toEqual(['lossless', 'lossy', undefined]);
  });
});
