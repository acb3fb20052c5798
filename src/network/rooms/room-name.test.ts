import { describe, expect, it } from 'vitest';
import { roomNameProblem } from './room-name.ts';

describe('roomNameProblem', () => {
  it.each(['a', 'The Lobby', 'x'.repeat(24), '~!@#$', 'a b c'])('takes %j', (name) => {
    expect(roomNameProblem(name)).toBeUndefined();
  });

  it.each([
    ['', /empty/],
    ['y'.repeat(25), /longer than 24 .*25 bytes/],
    [' x', /begins or ends with a space/],
    ['x ', /begins or ends with a space/],
    [' ', /begins or ends/],
    ['a  b', /two spaces in a row/],
    ['é', /"é"; only printable ASCII/],
    ['a\nb', /"\\n"; only printable/],
    ['a\u007f', /only printable/],
    ['é'.repeat(13), /26 bytes/],
    ['😀', /"😀"; only/],
  ])('names the rule that %j breaks', (name, rule) => {
    expect(roomNameProblem(name)).toMatch(rule);
  });
});
