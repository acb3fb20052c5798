import { describe, expect, it } from 'vitest';
import { config } from './config.ts';

function said(value: unknown): readonly string[] {
  const result = config['~standard'].validate(value);
  if (result instanceof Promise) throw new Error('ours is synchronous');
  return (result.issues ?? []).map(
    ({ path, message }) => `${(path ?? []).map(String).join('.')}: ${message}`,
  );
}

describe('the config', () => {
  it('needs nothing', () => {
    expect(said({})).toEqual([]);
    const result = config['~standard'].validate({}) as {
      value: { rules: { flood: unknown; words?: unknown } };
    };
    expect(result.value.rules.flood).toMatchObject({ enabled: true, limit: '6:10s', points: 2 });
    expect(result.value.rules.words).toBeUndefined();
  });

  it.each([
    [{ rules: { flod: {} } }, 'rules.flod: unknown key "flod"; did you mean "flood"?'],
    [
      { rules: { flood: { limits: '5:10s' } } },
      'rules.flood.limits: unknown key "limits"; did you mean "limit"?',
    ],
    [
      { rules: { flood: { limit: '8' } } },
      'rules.flood.limit: "8" is no limit: write how many in how long, such as "8:10s", up to 999 in 30m',
    ],
    [
      { rules: { words: { lists: {} } } },
      'rules.words.lists: has no list: it would match nothing; leave the rule out instead',
    ],
    [
      { rules: { words: { lists: { a: { words: [] } } } } },
      'rules.words.lists.a.words: must have at least 1 entries, has 0',
    ],
    [
      { rules: { words: { lists: { a: { words: ['ok', '--'] } } } } },
      'rules.words.lists.a.words.1: "--" has no letter or digit, and would match everything',
    ],
    [
      { rules: { patterns: { lists: { a: { patterns: ['(?=x)y'] } } } } },
      'rules.patterns.lists.a.patterns.0: "(?=x)y" uses look-around, which RE2 does not have',
    ],
    [
      { rules: { patterns: { lists: { a: { patterns: [''] } } } } },
      'rules.patterns.lists.a.patterns.0: is empty, and would match everything',
    ],
    [
      { rules: { links: {} } },
      'rules.links: objects to nothing: give it deny, others: deny, or allow with lookAlikes',
    ],
    [
      { rules: { links: { deny: ['https://x.org/'] } } },
      'rules.links.deny.0: "https://x.org/" is no domain: give it alone, such as "example.org", which covers all under it',
    ],
    [
      { rules: { links: { deny: ['x.org'], allow: ['www.x.org'] } } },
      'rules.links.allow.0: "www.x.org" is under deny as well',
    ],
    [{ rules: { shares: { files: 0 } } }, 'rules.shares: asks for nothing: give it files or folders'],
    [{ rules: { countries: {} } }, 'rules.countries: objects to nothing: give it deny or allow'],
    [
      { rules: { addresses: { deny: ['10.0.0.0/40'] } } },
      'rules.addresses.deny.0: "10.0.0.0/40" is no IPv4 address or range, such as "203.0.113.7" or "198.51.100.0/24"',
    ],
    [{ staff: { users: ['meg'], digest: ['8'] } }, 'staff.digest.0: "8" is no time of day, such as "08:00"'],
    [{ staff: {} }, 'staff: names nobody: give it room, users or channels'],
    [
      { rules: { caps: { exempt: ['mod'] } } },
      'rules.caps.exempt.0: expected one of "trusted", "room.member", "room.operator", "room.owner", got "mod"',
    ],
  ])('%j', (given, message) => expect(said(given)).toEqual([message]));

  it('a catastrophic expression is only an expression', () => {
    expect(said({ rules: { patterns: { lists: { a: { patterns: ['(a+)+$', '(x|xx)*y'] } } } } })).toEqual([]);
  });
});
