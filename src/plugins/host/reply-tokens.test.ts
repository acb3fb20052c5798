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

it('knows who called, where, as long as they can be answered', () => {
  const tokens = new ReplyTokens(1_000, 2);
  tokens.issue({ target: { kind: 'room', room: 'indie', user: 'al' }, called: true }, 0);
  tokens.issue({ target: { kind: 'room', room: 'den', user: 'al' }, called: false }, 0);
  tokens.issue({ target: { kind: 'private', user: 'bob' }, called: true }, 500);
  tokens.issue({ target: { kind: 'cli', session: 'bob' }, called: true }, 500);
  expect(tokens.called({ user: 'al', room: 'indie' }, 999)).toBe(true);
  expect(tokens.called({ user: 'al', room: 'indie' }, 1_000)).toBe(false);
  expect(tokens.called({ user: 'al', room: 'den' }, 0)).toBe(false);
  expect(tokens.called({ user: 'al' }, 0)).toBe(false);
  expect(tokens.called({ user: 'bob' }, 1_000)).toBe(true);
  expect(tokens.called({ user: 'bob', room: 'indie' }, 1_000)).toBe(false);
});
