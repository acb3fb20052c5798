import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pattern } from './pattern.ts';
import { s } from './schema/s.ts';

const issues = (source: unknown) => {
  const result = s.pattern()['~standard'].validate(source);
  if (result instanceof Promise) throw new Error('ours is synchronous');
  return (result.issues ?? []).map(({ message }) => message);
};

describe('pattern', () => {
  it('finds, and says what it found', () => {
    const spam = pattern('(?i)che+ap \\w+');
    expect(spam.test('Cheeeap watches')).toBe(true);
    expect(spam.find('so CHEAP pills, buy')).toBe('CHEAP pills');
    expect(spam.find('expensive')).toBeUndefined();
    expect(pattern('x*').find('abc')).toBe('');
  });

  it.each([
    ['', 'is empty, and would match everything'],
    ['a(?=b)', '"a(?=b)" uses look-around, which RE2 does not have'],
    ['(?<!a)b', '"(?<!a)b" uses look-around, which RE2 does not have'],
    ['(a)\\1', '"(a)\\\\1" uses a back-reference, which RE2 does not have'],
    ['(?>a+)b', '"(?>a+)b" uses an atomic group, which RE2 does not have'],
    ['[a-', '"[a-" is not RE2 syntax: missing closing ]: `[a-`'],
    ['(abcdefghij){900}', '"(abcdefghij){900}" is too large when written out: fewer repetitions, please'],
    ['a'.repeat(1001), 'is longer than 1000 characters'],
  ])('refuses %j with a sentence, also in a config', (source, message) => {
    expect(() => pattern(source)).toThrow(expect.objectContaining({ code: 'bad-pattern', message }));
    expect(issues(source)).toEqual([message]);
  });

  it('takes what only looks foreign', () => {
    expect(pattern('\\(?=x').test('=x')).toBe(true);
    expect(pattern('\\\\1').test('\\1')).toBe(true);
    expect(pattern('(?P<name>a)').test('a')).toBe(true);
    expect(issues(7)).toEqual(['expected a regular expression in RE2 syntax, got 7']);
  });

  it('is done in time with what takes others for ever', () => {
    expect(pattern('(a+)+$').test(`${'a'.repeat(2_000)}b`)).toBe(false);
    expect(pattern('(a|aa)+$').test(`${'a'.repeat(2_000)}b`)).toBe(false);
  });

  it('any text is compiled or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (source) => {
        const [message] = issues(source);
        if (message === undefined) pattern(source).test('some text');
        else expect(() => pattern(source)).toThrow(message);
      }),
    );
  });
});
