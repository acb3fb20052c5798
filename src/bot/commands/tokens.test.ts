import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readToken, type Token } from './tokens.ts';

function tokens(line: string): Token[] {
  const all: Token[] = [];
  for (let at = 0; ; ) {
    const result = readToken(line, at);
    if (!result.ok) throw new Error(result.problem);
    if (result.token === undefined) return all;
    expect(result.token.end).toBeGreaterThan(at);
    at = result.token.end;
    all.push(result.token);
  }
}

const words = (line: string) => tokens(line).map((token) => token.text);

describe('readToken', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['seen alice', ['seen', 'alice']],
    ['seen "two words" full', ['seen', 'two words', 'full']],
    ['seen “two words” full', ['seen', 'two words', 'full']],
    ['seen „two words“ „two words” full', ['seen', 'two words', 'two words', 'full']],
    [String.raw`get share\dir\file.mp3`, ['get', String.raw`share\dir\file.mp3`]],
    [String.raw`say "a \"b\" \\ c"`, ['say', String.raw`a "b" \ c`]],
    [String.raw`get "share\dir name\x.mp3"`, ['get', String.raw`share\dir name\x.mp3`]],
    ["don't stop", ["don't", 'stop']],
    ['empty "" end', ['empty', '', 'end']],
    ['"a""b"', ['a', 'b']],
  ])('%j', (line, expected) => {
    expect(words(line)).toEqual(expected);
  });

  it('refuses an open quote', () => {
    expect(readToken('say "never ending', 3)).toEqual({ ok: false, problem: 'the quote " is never closed' });
  });

  it('gives back every word that was quoted, and never throws', () => {
    const quote = (word: string) => `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 6 }), (list) => {
        expect(words(list.map(quote).join(' '))).toEqual(list);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (line, at) => void readToken(line, at)));
  });

  it('says where each word stands, so that the rest of the line can be taken as typed', () => {
    const line = 'tell bob  "hi"  there ';
    expect(tokens(line).map((token) => line.slice(token.start, token.end))).toEqual([
      'tell',
      'bob',
      '"hi"',
      'there',
    ]);
  });
});
