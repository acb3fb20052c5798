import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as about from './about.ts';

const file = new URL('./about.ts', import.meta.url);

describe.each(['inproc', 'worker'] as const)('about, %s', (mode) => {
  it('says what it is, in the room and in private', async () => {
    await using t = await testBot(about, file, {
      mode,
      config: { text: 'I count sheep.', contact: 'me' },
      user: 'sheepdog',
    });
    await t.say('al', 'indie', '!about');
    await t.pm('bob', 'info');
    const text = 'I am sheepdog, a bot. I count sheep. Questions go to me. !help lists my commands.';
    expect(t.sent().map((line) => [line.to, line.text])).toEqual([
      ['indie', text],
      ['bob', text],
    ]);
  });

  it('wants to know what to say', async () => {
    await expect(testBot(about, file, { mode, config: { txt: 'x' } })).rejects.toThrow(/about.*config/);
  });
});
