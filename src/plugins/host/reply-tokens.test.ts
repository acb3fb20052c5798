import { describe, expect, it } from 'vitest';
import { ReplyTokens } from './reply-tokens.ts';

const right = { target: { kind: 'private', user: 'al' }, called: true } as const;

describe('ReplyTokens', () => {
  it('live for a time', () => {
    const tokens = new ReplyTokens(1_000, 5);
    const token = tokens.issue(right, 0);
    expect(tokens.look(token, 999).target).toEqual(right.target);
    expect(() => tokens.look(token, 1_000)).toThrow(/too much time has passed/);
  });

  it('are good for so many answers', () => {
    const tokens = new ReplyTokens(1_000, 2);
    const token = tokens.issue(right, 0);
    tokens.spend(token, 1);
    tokens.spend(token, 2);
    expect(() => tokens.look(token, 3)).toThrow('answered 2 times');
    expect(() => tokens.spend(token, 3)).toThrow('answered 2 times');
  });

  it.each([['r999'], [undefined], [{}], ['__proto__']])('%j is none', (token) => {
    expect(() => new ReplyTokens(1_000, 2).look(token, 0)).toThrow(/can no longer be answered/);
  });

  it('are forgotten when they have expired, and never grow without bound', () => {
    const tokens = new ReplyTokens(1_000, 2);
    for (let i = 0; i < 100; i++) tokens.issue(right, i);
    tokens.issue(right, 5_000);
    expect(tokens.size).toBe(1);
    for (let i = 0; i < 10_000; i++) tokens.issue(right, 5_000);
    expect(tokens.size).toBe(4_000);
  });
});
