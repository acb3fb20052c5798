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
  expect(transform({ source: 'let a = ;', filename: 'a.ts', ts: true }).error).toMatchObject({
    message: expect.stringContaining('a.ts') as string,
  });
});

it('leaves stack traces as they were, those of failures too', () => {
  const { prepareStackTrace, stackTraceLimit } = Error;
  transform({ source: 'let a = ;', filename: 'a.ts', ts: true });
  expect(Error.prepareStackTrace).toBe(prepareStackTrace);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
