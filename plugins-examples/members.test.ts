import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as members from './members.ts';

const file = new URL('./members.ts', import.meta.url);

const den = { name: 'den', owner: 'seekeeper', members: ['meg', 'al'] };

describe.each(['inproc', 'worker'] as const)('members, %s', (mode) => {
  it('changes members and operators, and tells what came of it', async () => {
    await using t = await testBot(members, file, { mode, rooms: [den], roles: { mod: ['meg'] } });
    await t.person('bob');
    await t.say('meg', 'den', '!add bob');
    await t.say('meg', 'den', '!add bob');
    await t.say('meg', 'den', '!op bob');
    expect(t.sandbox.server.world.room('den')).toMatchObject({
      members: ['meg', 'al', 'bob'],
      operators: ['bob'],
    });
    await t.say('bob', 'den', '!remove al');
    await t.say('meg', 'den', '!deop bob');
    await t.say('bob', 'den', '!remove meg');
    expect(t.text('den')).toEqual([
      'bob is now a member of den.',
      expect.stringMatching(/^bob not changed: .*already/),
      'bob is now an operator of den.',
      'al is no longer a member of den.',
      'bob is no longer an operator of den.',
      'bob: you need mod, owner, owner of the room or operator of the room for !remove',
    ]);
  });

  it('works in private for a named room, for those with power everywhere', async () => {
    await using t = await testBot(members, file, { mode, rooms: [den], roles: { owner: ['boss'] } });
    await t.pm('boss', 'remove al den');
    await t.pm('boss', 'remove al');
    await t.pm('al', 'add bob den');
    expect(t.private('boss')).toEqual(['al is no longer a member of den.', 'Which room? remove al ROOM']);
    expect(t.private('al')).toEqual([
      'you need mod, owner, owner of the room or operator of the room for !add',
    ]);
  });

  it('says when the room leaves it no power', async () => {
    await using t = await testBot(members, file, {
      mode,
      rooms: ['indie', { name: 'den', owner: 'olga', members: ['meg'] }],
      roles: { mod: ['meg'] },
    });
    await t.say('meg', 'indie', '!remove al');
    await t.say('meg', 'den', '!add al');
    expect(t.text('indie')).toEqual([expect.stringMatching(/^al not changed: .*public/)]);
    expect(t.text('den')).toEqual([expect.stringMatching(/^al not changed: /)]);
  });
});
