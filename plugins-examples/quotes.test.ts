import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as quotes from './quotes.ts';

const file = new URL('./quotes.ts', import.meta.url);

describe.each(['inproc', 'worker'] as const)('quotes, %s', (mode) => {
  it('remembers quotes under numbers that are never used again', async () => {
    await using t = await testBot(quotes, file, { mode, roles: { mod: ['meg'], trusted: ['al'] } });
    await t.say('al', 'indie', '!quote');
    await t.say('al', 'indie', '!addquote <bo> it was like that when I came');
    await t.advance('1m');
    await t.say('al', 'indie', '!addquote <cy> tea first');
    await t.say('bo', 'indie', '!quote TEA');
    await t.say('meg', 'indie', '!delquote 2');
    await t.advance('1m');
    await t.say('al', 'indie', '!addquote <cy> then cake');
    await t.say('al', 'indie', '!quote 2');
    await t.advance('1m');
    await t.say('al', 'indie', '!quote #3');
    expect(t.text('indie')).toEqual([
      'I know no quotes yet.',
      'That is quote #1.',
      'That is quote #2.',
      '#2: <cy> tea first',
      'Forgotten.',
      'That is quote #3.',
      'I know no such quote.',
      '#3: <cy> then cake',
    ]);
  });

  it('shows any of them, the same in every run of this test', async () => {
    await using t = await testBot(quotes, file, { mode, roles: { mod: ['meg'] } });
    for (const text of ['one', 'two', 'three']) {
      await t.say('meg', 'indie', `!addquote ${text}`);
      await t.advance('1m');
    }
    const said = new Set<string | undefined>();
    for (let i = 0; i < 12; i++) {
      await t.say('al', 'indie', '!quote');
      await t.advance('90s');
      said.add(t.text('indie').at(-1));
    }
    expect(said).toEqual(new Set(['#1: one', '#2: two', '#3: three']));
  });

  it('learns facts', async () => {
    await using t = await testBot(quotes, file, { mode, roles: { trusted: ['al'] } });
    await t.say('bo', 'indie', '!what tea');
    await t.say('al', 'indie', '!learn Tea = hot water = leaves');
    await t.say('al', 'indie', '!learn nothing');
    await t.say('bo', 'indie', '!what tea');
    expect(t.text('indie')).toEqual([
      'I do not know what tea is.',
      'I know what Tea is.',
      'Say it like this: !learn tea = hot water with leaves',
      'tea: hot water = leaves',
    ]);
  });
});
