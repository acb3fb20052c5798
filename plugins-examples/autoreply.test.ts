import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as autoreply from './autoreply.ts';

const file = new URL('./autoreply.ts', import.meta.url);

const replies = [
  { words: ['rules'], text: '{user}: be kind.' },
  { pattern: '(?i)\\bwhere.*lossless', text: 'Try the room lossless.' },
];

describe.each(['inproc', 'worker'] as const)('autoreply, %s', (mode) => {
  it('answers words and patterns, only where it should', async () => {
    await using t = await testBot(autoreply, file, {
      mode,
      config: { rooms: ['indie'], replies },
      rooms: ['indie', 'jazz'],
    });
    await t.say('al', 'indie', 'What are the RULES here?');
    await t.say('bob', 'indie', 'where can I find lossless files');
    await t.say('al', 'jazz', 'rules?');
    await t.pm('al', 'rules?');
    expect(t.sent().map(({ to, text }) => `${to}: ${text}`)).toEqual([
      'indie: al: be kind.',
      'indie: Try the room lossless.',
    ]);
  });

  it('gives everybody each answer once per cooldown, and never to the same line twice', async () => {
    await using t = await testBot(autoreply, file, {
      mode,
      config: { rooms: ['indie'], replies, cooldown: '10m' },
    });
    await t.say('al', 'indie', 'rules?');
    await t.say('al', 'indie', 'tell me the rules!');
    await t.say('bob', 'indie', 'rules?');
    await t.advance('11m');
    await t.say('al', 'indie', 'RULES 2 !!!');
    t.expectQuiet();
    await t.say('al', 'indie', 'but what ARE the rules');
    expect(t.text('indie')).toEqual(['al: be kind.', 'bob: be kind.', 'al: be kind.']);
  });

  it('does not answer what nobody typed', async () => {
    await using t = await testBot(autoreply, file, { mode, config: { private: true, replies } });
    for (const [user, text] of [
      ['a', '[Automatic Message] the rules are…'],
      ['b', '[auto-reply] rules'],
      ['c', '(Auto Response): rules'],
      ['d', 'Automated message: rules'],
    ] as const) {
      await t.pm(user, text);
    }
    expect(t.sent()).toEqual([]);
    await t.pm('al', 'automatic rules');
    expect(t.private('al')).toEqual(['[Automatic Message] al: be kind.']);
  });

  it('is not drawn into a conversation with its like', async () => {
    const config = {
      rooms: ['indie'],
      cooldown: '0s',
      replies: [{ words: ['kind'], text: '{user}: kind of.' }],
    };
    await using t = await testBot(autoreply, file, { mode, config });
    for (let i = 0; i < 10; i += 1) {
      await t.say('echo', 'indie', `seekeeper: be kind ${i}.`);
      await t.advance('1m');
    }
    expect(t.text('indie')).toEqual(['echo: kind of.']);
  });
});
