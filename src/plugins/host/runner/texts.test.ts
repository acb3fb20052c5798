import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeTranslate } from './texts.ts';

const texts = {
  en: { hello: 'Hello {user}!', only: 'English', count: '{n} of {n}' },
  de: { hello: 'Hallo {user}!' },
  pt: { hello: 'Olá {user}!' },
  'pt-br': { bye: 'Tchau' },
};

it.each([
  ['de', undefined, 'hello', 'Hallo al!'],
  ['de', 'indie', 'hello', 'Hallo al!'],
  ['de', 'brasil', 'hello', 'Olá al!'],
  ['de', 'brasil', 'bye', 'Tchau'],
  ['de', 'brasil', 'only', 'English'],
  ['de', undefined, 'only', 'English'],
  ['pt-pt', undefined, 'hello', 'Olá al!'],
  ['fr', undefined, 'hello', 'Hello al!'],
  ['en', undefined, 'no such key', 'no such key'],
  ['en', undefined, 'constructor', 'constructor'],
  ['constructor', 'toString', 'hello', 'Hello al!'],
])('bot %s, room %s: %s is %s', (usual, room, key, expected) => {
  const t = makeTranslate(texts, { usual, rooms: { brasil: 'pt-BR' } });
  expect(t(key, { user: 'al' }, room === undefined ? undefined : { room })).toBe(expected);
});

it('leaves what it does not know as it is, and fills in every time', () => {
  const t = makeTranslate(texts, { usual: 'en', rooms: {} });
  expect(t('hello', {})).toBe('Hello {user}!');
  expect(t('hello')).toBe('Hello {user}!');
  expect(t('count', { n: 3 })).toBe('3 of 3');
  expect(makeTranslate(undefined, { usual: 'en', rooms: {} })('hello')).toBe('hello');
});

it('never looks into what it filled in', () => {
  const t = makeTranslate(texts, { usual: 'en', rooms: {} });
  fc.assert(
    fc.property(fc.string(), (user) => {
      expect(t('hello', { user })).toBe(`Hello ${user}!`);
    }),
  );
  expect(t('hello', { user: '{user} $& $1' })).toBe('Hello {user} $& $1!');
});

it('says which text is none', () => {
  const broken = { en: { a: 7 } } as never;
  expect(() => makeTranslate(broken, { usual: 'en', rooms: {} })).toThrow(/texts.en.a/);
  expect(() => makeTranslate({ en: null } as never, { usual: 'en', rooms: {} })).toThrow(/texts.en/);
});
