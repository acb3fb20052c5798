import { describe, expect, it } from 'vitest';
import { charsetProblem, RoomText } from './charset.ts';

const CYRILLIC = Buffer.from([0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]).toString('latin1');

describe('RoomText', () => {
  const text = new RoomText({ ru: 'windows-1251' });

  it('reads bytes that fell back to Latin-1 in the charset of the room', () => {
    expect(text.read('ru', 'message', CYRILLIC, ['message'])).toBe('привет');
  });

  it('leaves other rooms, other fields and valid UTF-8 alone', () => {
    expect(text.read('en', 'message', CYRILLIC, ['message'])).toBe(CYRILLIC);
    expect(text.read('ru', 'message', CYRILLIC, ['username'])).toBe(CYRILLIC);
    expect(text.read('ru', 'message', 'привет', undefined)).toBe('привет');
  });

  it('refuses unknown labels by name', () => {
    expect(() => new RoomText({ ru: 'cp-nonsense' })).toThrow(/room "ru": unknown charset "cp-nonsense"/);
    expect(charsetProblem('koi8-r')).toBeUndefined();
    expect(charsetProblem('')).toMatch(/unknown/);
  });
});
