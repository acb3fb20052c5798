import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as seen from './seen.ts';

const file = new URL('./seen.ts', import.meta.url);

describe.each(['inproc', 'worker'] as const)('seen, %s', (mode) => {
  it('typed args, permissions, cooldown with refund', async () => {
    await using t = await testBot(seen, file, { mode, roles: { mod: ['meg'] } });
    await t.say('bob', 'indie', 'hello there');
    await t.advance('5m');
    await t.say('al', 'indie', '!seen');
    await t.say('al', 'indie', '!seen nobody');
    await t.say('al', 'indie', '!seen bob full');
    await t.say('al', 'indie', '!seen bob');
    t.expectQuiet();
    await t.say('al', 'indie', '!forget bob');
    await t.say('meg', 'indie', '!forget bob');
    await t.say('meg', 'indie', '!seen bob');
    expect(t.text('indie')).toEqual([
      'missing user — usage: !seen <user> [detail]',
      'I have not seen nobody.',
      'bob: 5m ago in indie, saying "hello there" (1 lines)',
      'al: you need mod or owner for !forget',
      'Forgot bob.',
      'I have not seen bob.',
    ]);
  });

  it('tells people apart whose names differ in case only, and answers in private too', async () => {
    await using t = await testBot(seen, file, { mode });
    await t.say('Bob', 'indie', 'hi');
    await t.pm('al', 'seen bob');
    await t.pm('al', 'seen Bob');
    expect(t.private('al')).toEqual([
      'I have not seen bob.',
      expect.stringMatching(/^Bob: \S+ ago in indie$/),
    ]);
  });

  it('remembers over a restart', async () => {
    await using t = await testBot(seen, file, { mode });
    await t.say('bob', 'indie', 'hi');
    await t.downtime('2h');
    await t.say('al', 'indie', '!lastseen bob');
    expect(t.text('indie')).toEqual([expect.stringMatching(/^bob: 2h\S* ago in indie$/)]);
  });
});
