import { createRequire } from 'node:module';
import { afterEach, expect, it } from 'vitest';
import { forgetTransformer, transform } from './transformer.ts';

afterEach(() => forgetTransformer());

const compilers = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) => file.endsWith('babel.cjs'));

it('compiles, also after it was forgotten', () => {
  const source = 'const a: number = 1; export default a;';
  const first = transform({ source, filename: 'a.ts', ts: true }).code;
  expect(first).not.toContain(': number');
  expect(compilers()).toHaveLength(1);
  forgetTransformer();
  expect(compilers()).toHaveLength(0);
  expect(transform({ source, filename: 'a.ts', ts: true }).code).toBe(first);
});

it('says what is wrong in the source', () => {
  const { error } = transform({ source: 'let a = ;', filename: 'a.ts', ts: true });
  expect(String(error)).toContain('Unexpected token (1:8)');
});

it('leaves stack traces as they were, those of failures too', () => {
  const prepare: unknown = Reflect.get(Error, 'prepareStackTrace');
  const limit = Error.stackTraceLimit;
  transform({ source: 'let a = ;', filename: 'a.ts', ts: true });
  expect(Reflect.get(Error, 'prepareStackTrace')).toBe(prepare);
  expect(Error.stackTraceLimit).toBe(limit);
});
