import { expect, it } from 'vitest';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { transform } from '../transformer.ts';
import { Compiler } from './compiler.ts';

it('compiles as in-process, several at a time, and again after its thread has gone', async () => {
  const clock = new VirtualClock();
  const compiler = new Compiler(clock);
  const options = { source: 'export const a: number = 1;', filename: 'a.ts', ts: true };
  const { code } = transform(options);
  const compile = () => compiler.compile(options);
  expect(await Promise.all([compile(), compile()])).toEqual([{ code }, { code }]);
  expect(await compiler.compile({ ...options, source: 'let a = ;' })).toMatchObject({
    code: expect.stringContaining('Unexpected token'),
  });
  expect(clock.pending).toBe(1);
  await clock.advance(2_000);
  expect(clock.pending).toBe(0);
  expect(await compile()).toEqual({ code });
  compiler.close();
  expect(clock.pending).toBe(0);
});
