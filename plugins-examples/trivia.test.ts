import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as trivia from './trivia.ts';

const file = new URL('./trivia.ts', import.meta.url);
const config = { questions: [{ q: 'Which instrument has 88 keys?', a: ['piano', 'the piano'] }] };

describe.each(['inproc', 'worker'] as const)('trivia, %s', (mode) => {
  it('gives the point to the first who is right', async () => {
    await using t = await testBot(trivia, file, { mode, config });
    await t.say('al', 'indie', '!trivia');
    await t.say('bo', 'indie', 'guitar?');
    await t.say('cy', 'indie', 'The Piano!');
    await t.say('al', 'indie', 'piano');
    await t.say('al', 'indie', '!scores');
    expect(t.text('indie')).toEqual([
      'Which instrument has 88 keys? (45s)',
      'cy is right and has 1 point.',
      'cy: 1',
    ]);
    await t.advance('2m');
    t.expectQuiet();
  });

  it('tells the answer when nobody knows', async () => {
    await using t = await testBot(trivia, file, { mode, config });
    await t.say('al', 'indie', '!trivia');
    await t.say('al', 'indie', '!scores');
    await t.advance('1m');
    await t.say('bo', 'indie', 'piano');
    expect(t.text('indie')).toEqual([
      'Which instrument has 88 keys? (45s)',
      'Nobody has a point yet.',
      'Nobody knew: piano.',
    ]);
  });

  it('asks one question at a time', async () => {
    await using t = await testBot(trivia, file, { mode, config: { ...config, time: '5m' } });
    await t.say('al', 'indie', '!trivia');
    await t.advance('20s');
    await t.say('bo', 'indie', '!trivia');
    expect(t.text('indie').at(-1)).toBe('There is a question already.');
  });
});
