import { type TestBot, testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as repeatGuard from './repeat-guard.ts';

const file = new URL('./repeat-guard.ts', import.meta.url);

const moderation = {
  merge: '1s',
  ladder: { 2: 'warn', 4: 'remove:1h', 20: 'remove' },
  rules: { 'repeat-guard/repeat': { mode: 'live' } },
};

const repeat = async (t: TestBot, room: string, user = 'bob') => {
  for (const text of ['Buy my tape!', 'buy my tape', 'BUY MY TAPE...']) await t.say(user, room, text);
};

describe.each(['inproc', 'worker'] as const)('repeat-guard, %s', (mode) => {
  it('leads to a warning and then a removal for an hour where the bot is operator', async () => {
    await using t = await testBot(repeatGuard, file, {
      mode,
      moderation,
      roles: { mod: ['meg'] },
      rooms: [{ name: 'den', owner: 'olga', operators: ['seekeeper'], members: ['meg', 'bob'] }],
    });
    const members = () => t.sandbox.server.world.room('den')?.members;
    (await t.person('bob')).send({ type: 'EnableRoomInvitations', enable: true });
    await repeat(t, 'den');
    expect(t.private('bob')).toEqual([expect.stringMatching(/^den: the same line 3 times\. Please stop/)]);
    await t.advance('2m');
    await repeat(t, 'den');
    expect(members()).not.toContain('bob');
    await t.downtime('30m', 'kill');
    await t.advance('40m');
    expect(members()).toContain('bob');
  });

  it('leads to a warning and then a report in a public room, where nobody can be removed', async () => {
    await using t = await testBot(repeatGuard, file, { mode, moderation, roles: { mod: ['meg'] } });
    await repeat(t, 'indie');
    expect(t.private('bob')).toEqual([expect.stringMatching(/^indie: the same line 3 times\. Please stop/)]);
    await t.advance('2m');
    await repeat(t, 'indie');
    expect(t.private('bob')).toHaveLength(1);
    expect(t.private('meg').join('\n')).toMatch(/indie: bob, the same line 3 times/);
    expect(t.private('meg').join('\n')).toContain('indie is a public room: nobody can remove anyone here');
  });

  it('does nothing in shadow, which is where rules begin, and never to staff', async () => {
    await using t = await testBot(repeatGuard, file, {
      mode,
      moderation: { ...moderation, rules: {} },
      roles: { mod: ['meg'], trusted: ['tess'] },
    });
    for (const user of ['bob', 'meg', 'tess']) await repeat(t, 'indie', user);
    expect(t.sent()).toEqual([]);
    const found = await t.database('SELECT person, state FROM moderation_case');
    expect(found).toEqual([{ person: 'bob', state: 'noted' }]);
  });
});
