import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Args, arg } from '../../plugins/api/args.ts';
import { parseArgs } from './parse-args.ts';

function parse(args: Args, line: string): unknown {
  const result = parseArgs(
    Object.entries(args).map(([name, spec]) => ({ name, ...spec })),
    line,
  );
  return result.ok ? result.args : result.problem;
}

describe('parseArgs', () => {
  const seen = { user: arg.user(), detail: arg.optional(arg.oneOf('short', 'full')) };

  it.each([
    [' alice', { user: 'alice' }],
    [' "two words" FULL ', { user: 'two words', detail: 'full' }],
    ['', 'missing user'],
    [' alice long', 'detail must be short or full'],
    [' alice full now', '"now" is too much'],
    [' "alice', 'the quote " is never closed'],
    [' ""', 'user must be a user name'],
  ])('user and an optional choice: %j', (line, expected) => {
    expect(parse(seen, line)).toEqual(expected);
  });

  it('takes a text as typed, quotes, spaces and all', () => {
    const remind = { in: arg.duration({ min: '1m', max: '1d' }), what: arg.text({ max: 20 }) };
    expect(parse(remind, ' 1h30m  say "hi  there ')).toEqual({ in: 5_400_000, what: 'say "hi  there' });
    expect(parse(remind, ' 1h "quoted"')).toEqual({ in: 3_600_000, what: '"quoted"' });
    expect(parse(remind, ' 1h')).toBe('missing what');
    expect(parse(remind, ' 5s x')).toBe('in must be from 1m to 1d');
    expect(parse(remind, ' 90 x')).toBe('in must be a duration like 5m or 1h30m');
    expect(parse(remind, ` 1h ${'x'.repeat(21)}`)).toBe('what must have at most 20 characters');
  });

  it('finds flags anywhere before a text, never in quotes, and only those that the command has', () => {
    const args = { quiet: arg.flag(), user: arg.user(), why: arg.optional(arg.text()) };
    expect(parse(args, ' al')).toEqual({ quiet: false, user: 'al' });
    expect(parse(args, ' --quiet al too much --quiet')).toEqual({
      quiet: true,
      user: 'al',
      why: 'too much --quiet',
    });
    expect(parse(args, ' al --quiet why')).toEqual({ quiet: true, user: 'al', why: 'why' });
    expect(parse(args, ' "--quiet"')).toEqual({ quiet: false, user: '--quiet' });
    expect(parse(args, ' --loud')).toEqual({ quiet: false, user: '--loud' });
  });

  it('reads numbers within their range', () => {
    const int = { n: arg.int({ min: 1, max: 9 }) };
    expect(parse(int, ' 9')).toEqual({ n: 9 });
    for (const line of [' 0', ' 10', ' -3']) expect(parse(int, line)).toBe('n must be from 1 to 9');
    for (const line of [' 1.5', ' 1e3', ' 0x1', ' 99999999999999999'])
      expect(parse(int, line)).toBe('n must be a whole number');
    expect(parse({ x: arg.number({ min: 0.5 }) }, ' .25')).toBe('x must be at least 0.5');
    expect(parse({ x: arg.number() }, ' -1.5')).toEqual({ x: -1.5 });
    expect(parse({ x: arg.number() }, ' Infinity')).toBe('x must be a number');
  });

  it('reads lists and booleans', () => {
    const args = { on: arg.boolean(), users: arg.rest(arg.user()) };
    expect(parse(args, ' Yes al "b c"')).toEqual({ on: true, users: ['al', 'b c'] });
    expect(parse(args, ' off')).toBe('missing users');
    expect(parse(args, ' maybe x')).toBe('on must be yes or no');
    expect(parse({ users: arg.optional(arg.rest(arg.int())) }, '')).toEqual({});
    expect(parse({ users: arg.optional(arg.rest(arg.int())) }, ' 1 2 x')).toBe(
      'users must be a whole number',
    );
  });

  it('ends for every line, with an answer', () => {
    const args = [
      { name: 'a', ...arg.flag() },
      { name: 'n', ...arg.int() },
      { name: 'w', ...arg.optional(arg.word({ max: 3 })) },
      { name: 't', ...arg.optional(arg.text()) },
    ];
    const line = fc.array(fc.constantFrom('--a', '"', '1', ' ', 'word', '\\', '“', '”', '\n'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(line, (parts) => {
        const result = parseArgs(args, parts.join(''));
        if (result.ok) expect(result.args['n']).toBeTypeOf('number');
        else expect(result.problem).not.toBe('');
      }),
    );
  });
});
