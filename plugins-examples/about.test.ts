import { testBot } from 'seekeeper/testing';
import { expect, it } from 'vitest';
import about from './about.ts';

it('says what it is, in the room and in private', async () => {
  const t = await testBot(about, { config: { text: 'I count sheep.', contact: 'me' }, user: 'sheepdog' });
  await t.say('al', 'indie', '!about');
  await t.pm('bob', 'info');
  const text = 'I am sheepdog, a bot. I count sheep. Questions go to me. !help lists my commands.';
  expect(t.sent().map((line) => [line.to, line.text])).toEqual([
    ['indie', text],
    ['bob', text],
  ]);
});

it('wants to know what to say', async () => {
  await expect(testBot(about, { config: { txt: 'x' } })).rejects.toThrow(/about.*config/);
});
