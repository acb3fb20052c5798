import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentKey, folderKey, sourceKey } from './content-key.ts';
import { anyHit, hitOf } from './hit.test-support.ts';

const key = (name: string, duration: number | undefined = 245, size = 30_000_000): string =>
  contentKey(hitOf(`Music\\${name}`, { size, attributes: duration === undefined ? {} : { duration } }));

describe('the key of a content', () => {
  it.each([
    '01 - café song.mp3',
    '01 - CAFÉ SONG.MP3',
    '01_-_Cafe\u0301_Song.mp3',
    '1. Cafe Song.mp3',
    '01.cafe-song.Mp3',
    '[01] Cafe Song.mp3',
    '(1) cafe’song.mp3',
  ])('is the same for %s', (name) => {
    expect(key(name)).toBe(key('01 Café Song.mp3'));
  });

  it.each(['02 Café Song.mp3', '01 Café Songs.mp3', '10 Café Song.mp3', '01 Café Song (Live).mp3'])(
    'is another one for %s',
    (name) => {
      expect(key(name)).not.toBe(key('01 Café Song.mp3'));
    },
  );

  it('does not hang on whose file it is, nor where', () => {
    const attributes = { duration: 200 };
    expect(contentKey(hitOf('a\\b\\Song.mp3', { user: 'bob', attributes }))).toBe(
      contentKey(hitOf('x\\Song.mp3', { attributes, locked: true, slotFree: false })),
    );
  });

  it('hangs on the exact size, and roughly on the duration', () => {
    expect(key('a.mp3', 245, 1)).not.toBe(key('a.mp3', 245, 2));
    expect(key('a.mp3', 240)).toBe(key('a.mp3', 241));
    expect(key('a.mp3', 240)).not.toBe(key('a.mp3', 480));
    expect(key('a.mp3', undefined)).not.toBe(key('a.mp3', 0));
  });

  it('tells names of signs alone, and of numbers alone, apart', () => {
    expect(new Set(['♥.mp3', '♥♥.mp3', '00.mp3', '1.mp3', '.mp3'].map((name) => key(name))).size).toBe(5);
    expect(key('01.mp3')).toBe(key('1.mp3'));
  });

  it('does not change with case, separators and composition, whatever the name', () => {
    fc.assert(
      fc.property(anyHit, fc.constantFrom('_', ' - ', '.  '), (hit, separator) => {
        const base = contentKey(hit);
        const renamed = (name: string) => contentKey({ ...hit, name });
        expect(renamed(hit.name.normalize('NFD'))).toBe(base);
        expect(renamed(hit.name.replaceAll(/[ _]/gu, separator))).toBe(base);
        if (hit.name.toLowerCase().toUpperCase() === hit.name.toUpperCase())
          expect(renamed(hit.name.toLowerCase())).toBe(base);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('keys', () => {
  it('are 12 characters, whatever the hit, and keep kinds apart', () => {
    fc.assert(
      fc.property(anyHit, (hit) => {
        const keys = [contentKey(hit), folderKey(hit), sourceKey(hit)];
        for (const one of keys) expect(one).toMatch(/^[\w-]{12}$/u);
        expect(new Set(keys).size).toBe(3);
      }),
    );
  });

  it('take folder and file exactly', () => {
    const hit = hitOf('Music\\A\\Song.mp3');
    expect(sourceKey(hit)).not.toBe(sourceKey(hitOf('music\\A\\Song.mp3')));
    expect(sourceKey(hit)).not.toBe(sourceKey({ ...hit, user: 'bob' }));
    expect(folderKey(hit)).toBe(folderKey(hitOf('Music\\A\\Other.mp3')));
    expect(folderKey(hit)).not.toBe(folderKey({ ...hit, user: 'bob' }));
    // A user name cannot reach into the path.
    expect(sourceKey({ ...hit, user: 'alice\\Music', path: 'x' })).not.toBe(
      sourceKey({ ...hit, path: 'Music\\x' }),
    );
  });

  it('stay the same over releases: they are stored', () => {
    const hit = hitOf('Music\\A\\01 - Café Song.mp3', { attributes: { duration: 245 } });
    expect([contentKey(hit), folderKey(hit), sourceKey(hit)]).toMatchInlineSnapshot(`
      [
        "BzmIq2Pq4_bO",
        "DvhSCpKXpZcN",
        "8inzb5l09dek",
      ]
    `);
  });
});
