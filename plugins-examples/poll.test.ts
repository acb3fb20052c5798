import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as poll from './poll.ts';

const file = new URL('./poll.ts', import.meta.url);

describe.each(['inproc', 'worker'] as const)('poll, %s', (mode) => {
  it('asks, counts everybody once, and tells the result when the time is over', async () => {
    await using t = await testBot(poll, file, { mode, roles: { trusted: ['meg'] } });
    await t.say('meg', 'indie', '!newpoll 30m Tea or coffee? | tea | coffee');
    await t.say('al', 'indie', '!vote 2');
    t.expectQuiet();
    await t.say('bo', 'indie', '!vote 2');
    await t.say('cy', 'indie', '!vote 2');
    await t.say('cy', 'indie', '!vote 1');
    await t.say('al', 'indie', '!vote 3');
    await t.say('al', 'indie', '!poll');
    expect(t.text('indie')).toEqual([
      'Tea or coffee? !vote 1 tea, 2 coffee (30m)',
      'al: there are 2 answers.',
      expect.stringMatching(/^Tea or coffee\? coffee: 2, tea: 1 \(3 votes\), (?:30m|29m\S*) left$/),
    ]);
    await t.advance('30m');
    expect(t.text('indie').at(-1)).toBe('The poll is over. Tea or coffee? coffee: 2, tea: 1 (3 votes)');
    expect(await t.store.keys()).toEqual([]);
  });

  it('is for trusted people, one at a time, and can be ended', async () => {
    await using t = await testBot(poll, file, { mode, roles: { trusted: ['meg'] } });
    await t.say('al', 'indie', '!newpoll 5m Really? | yes | no');
    await t.say('meg', 'indie', '!newpoll 5m Really?');
    await t.advance('5s');
    await t.say('meg', 'indie', '!newpoll 5m Really? | yes | no');
    await t.say('meg', 'indie', '!newpoll 5m And this? | yes | no');
    await t.advance('5s');
    await t.say('meg', 'indie', '!endpoll');
    await t.say('al', 'indie', '!vote 1');
    expect(t.text('indie')).toEqual([
      'al: you need trusted, operator of the room or owner of the room for !newpoll',
      'A poll is a question and 2 to 9 answers, with | between them.',
      'Really? !vote 1 yes, 2 no (5m)',
      'One poll at a time: !endpoll ends this one.',
      'The poll is over. Really? yes: 0, no: 0 (0 votes)',
      'There is no poll.',
    ]);
    await t.advance('10m');
    t.expectQuiet();
  });

  it('ends while the bot is away, and is told when it is back', async () => {
    await using t = await testBot(poll, file, { mode, roles: { trusted: ['meg'] } });
    await t.say('meg', 'indie', '!newpoll 5m Really? | yes | no');
    await t.say('al', 'indie', '!vote 1');
    await t.downtime('1h', 'kill');
    await t.advance('1m');
    expect(t.text('indie').at(-1)).toBe('The poll is over. Really? yes: 1, no: 0 (1 vote)');
  });
});
