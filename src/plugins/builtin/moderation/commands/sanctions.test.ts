import { describe, expect, it } from 'vitest';
import { type TestBot, testBot } from '../../../../testing/index.ts';
import * as moderation from '../index.ts';

const file = new URL('../index.ts', import.meta.url);
const den = {
  name: 'den',
  owner: 'seekeeper',
  operators: ['olga'],
  members: ['meg', 'bob', 'bobby', 'carl'],
};
const roles = { mod: ['meg'] };

const membersOf = (t: TestBot, room = 'den') => t.sandbox.server.world.room(room)?.members ?? [];

describe.each(['inproc', 'worker'] as const)('commands, %s', (mode) => {
  it('put people out of a private room, for a time and for good, and let them in again', async () => {
    await using t = await testBot(moderation, file, { mode, rooms: [den], roles });
    const bob = await t.person('bob');
    bob.send({ type: 'EnableRoomInvitations', enable: true });
    await t.say('meg', 'den', '!timeout bob 1h cool down');
    expect(membersOf(t)).not.toContain('bob');
    expect(t.text('den').at(-1)).toMatch(/^bob: removed until .* \(case 1\)\.$/);
    expect(t.private('bob').at(-1)).toMatch(/^You were removed from den until .*: cool down \(case 1\)/);
    await t.downtime('30m', 'kill');
    await t.advance('45m');
    expect(membersOf(t)).toContain('bob');
    await t.say('olga', 'den', '!ban bob advertises');
    expect(t.text('den').at(-1)).toMatch(/^bob: removed for good \(case 2\)\.$/);
    await t.pm('meg', 'unban bob');
    await t.pm('meg', 'invite bob');
    await t.advance('1m');
    expect(t.private('meg')).toContain('bob may be a member of den again; !invite bob invites them.');
    expect(membersOf(t)).toContain('bob');
  });
});

describe('commands', () => {
  it('say what cannot work, and what can instead', async () => {
    await using t = await testBot(moderation, {
      rooms: ['indie', { name: 'lounge', owner: 'zoe', members: ['meg', 'bob'] }],
      roles,
    });
    await t.say('bob', 'indie', 'hi');
    await t.say('meg', 'indie', '!remove bob');
    await t.say('meg', 'lounge', '!ban bob');
    await t.say('meg', 'indie', '!invite carl');
    await t.say('meg', 'indie', '!restore');
    expect(t.text('indie')).toEqual([
      'indie is a public room: nobody can remove anyone here. I can warn bob (!warn), or stop answering them (!ignore).',
      'indie is a public room: nobody can remove anyone here.',
      expect.stringContaining('indie'),
    ]);
    expect(t.text('lounge')).toEqual([
      'I am a plain member of the private room lounge: only its owner and operators can remove anyone. I can warn bob (!warn), or stop answering them (!ignore).',
    ]);
  });

  it('ask back when a name is wrong, and do what was meant on a yes', async () => {
    await using t = await testBot(moderation, { rooms: [den], roles });
    await t.person('bob');
    await t.say('meg', 'den', '!timeout bbo 1h cool down');
    expect(t.text('den').at(-1)).toBe(
      'bbo is not a member of den; did you mean bob? Say yes for bob, or no.',
    );
    await t.say('carl', 'den', 'yes');
    expect(membersOf(t)).toContain('bob');
    await t.say('meg', 'den', 'yes');
    expect(t.text('den').at(-1)).toMatch(/^bob: removed until/);
    await t.say('meg', 'den', '!ban Carl advertises');
    expect(t.text('den').at(-1)).toBe(
      'Carl is not a member of den; did you mean carl? Say yes for carl, "as typed" for Carl, or no.',
    );
    await t.say('meg', 'den', 'hm, no idea');
    expect(t.text('den').at(-1)).toBe('Nothing was done.');
    await t.say('meg', 'den', '!deop carl');
    expect(t.text('den').at(-1)).toBe('carl is not an operator of den.');
    await t.say('meg', 'den', '!remove zzzzzz');
    expect(t.text('den').at(-1)).toBe('zzzzzz is not a member of den.');
    await t.say('meg', 'den', '!op seekeeper');
    expect(t.text('den').at(-1)).toBe('That is me.');
    expect(membersOf(t)).toContain('carl');
  });

  it('ask before they act on several, and forget it without an answer', async () => {
    await using t = await testBot(moderation, { rooms: [den], roles });
    await t.pm('meg', 'ban bob,carl 1d raid');
    expect(t.private('meg').at(-1)).toBe('2 people: ban from den for 1d bob, carl? Say yes, or no.');
    await t.pm('meg', 'no');
    expect(t.private('meg').at(-1)).toBe('Nothing was done.');
    await t.pm('meg', 'ban bob,carl 1d raid');
    await t.advance('3m');
    expect(t.private('meg').at(-1)).toBe('No answer: nothing was done.');
    expect(membersOf(t)).toEqual(expect.arrayContaining(['bob', 'carl']));
    await t.pm('meg', 'ban bob,carl 1d raid');
    await t.pm('meg', 'yes');
    expect(membersOf(t)).not.toContain('bob');
    expect(membersOf(t)).not.toContain('carl');
  });

  it('are for those who moderate that room, and no other', async () => {
    await using t = await testBot(moderation, {
      rooms: [den, { name: 'attic', owner: 'seekeeper', members: ['bob'] }],
      roles,
    });
    await t.say('bob', 'den', '!remove carl');
    await t.pm('olga', 'remove bob attic');
    await t.pm('meg', 'remove bob');
    await t.pm('meg', 'remove bob atic');
    await t.say('olga', 'den', '!mod halt');
    expect(t.text('den')).toEqual([
      expect.stringMatching(/^bob: you need mod/),
      'That is for all rooms: only owners and mods of the bot can do it.',
    ]);
    expect(t.private('olga')).toEqual([expect.stringMatching(/^you need mod/)]);
    expect(t.private('meg')).toEqual([
      'Which room? In private it comes behind the name: den, attic.',
      'I know no room atic; did you mean attic?',
    ]);
    expect(membersOf(t)).toContain('carl');
  });

  it('give each its time, or ask for one', async () => {
    await using t = await testBot(moderation, { rooms: [den], roles });
    await t.say('meg', 'den', '!timeout bob cool down');
    await t.say('meg', 'den', '!timeout bob 5s');
    await t.say('meg', 'den', '!ignore bob 1d plays');
    await t.say('meg', 'den', '!warn meg');
    expect(t.text('den')).toEqual([
      'For how long? For example: timeout bob 1h cool down. For good it is !ban.',
      'A minute is the shortest time.',
      expect.stringMatching(/^bob: ignored until .* \(case \d+\)\.$/),
      expect.stringContaining('meg'),
    ]);
    await t.say('bob', 'den', '!rules');
    t.expectQuiet();
  });

  it('remember members, tell what changed, and restore on a yes', async () => {
    await using t = await testBot(moderation, { rooms: [den], roles });
    for (const user of ['bob', 'carl'])
      (await t.person(user)).send({ type: 'EnableRoomInvitations', enable: true });
    await t.pm('meg', 'snapshot');
    await t.pm('meg', 'remove bob,carl');
    await t.pm('meg', 'yes');
    await t.pm('meg', 'diff');
    await t.pm('meg', 'restore');
    const said = t.private('meg').join('\n');
    expect(said).toContain('Snapshot 1 of den: 5 members, 1 of them operators.');
    expect(said).toMatch(/den since snapshot 1 \(.*\):\ngone: bob, carl/);
    expect(t.private('meg').at(-1)).toMatch(
      /^Snapshot 1 of .*: 2 people would be invited to den: bob, carl\. Say yes, or no\.$/,
    );
    await t.pm('meg', 'yes');
    await t.advance('5m');
    expect(membersOf(t)).toEqual(expect.arrayContaining(['bob', 'carl']));
  });
});
