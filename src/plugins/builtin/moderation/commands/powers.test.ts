import { describe, expect, it } from 'vitest';
import { testBot } from '../../../../testing/index.ts';
import moderation from '../index.ts';

const members = ['bob', 'rory', 'otto', 'meg', 'mel', 'console'];

const setUp = () =>
  testBot(moderation, {
    id: 'moderation',
    mode: 'inproc',
    roles: { owner: ['max'], mod: ['meg', 'mel'] },
    config: { rules: { words: { lists: { insults: { words: ['scumbucket'] } } } } },
    moderation: { ladder: { 1: 'warn', 100: 'remove' }, rules: { 'moderation/words': { mode: 'suggest' } } },
    rooms: [{ name: 'den', owner: 'seekeeper', operators: ['rory', 'otto'], members }],
  });

describe('power over others', () => {
  it('an operator gets nothing from the bot that only owners can do, and nobody touches those above them', async () => {
    await using t = await setUp();
    const den = () => t.sandbox.server.world.room('den')!;
    await t.say('rory', 'den', '!op bob');
    await t.say('rory', 'den', '!deop otto');
    await t.say('rory', 'den', '!remove otto');
    await t.say('rory', 'den', '!remove meg');
    await t.say('meg', 'den', '!remove mel');
    expect([...den().operators].sort()).toEqual(['otto', 'rory']);
    expect([...den().members].sort()).toEqual([...members].sort());
    expect(t.text('den')).toEqual([
      'Only the owner of den, and owners and mods of the bot, make operators.',
      'rory: Only the owner of den, and owners and mods of the bot, make operators.',
      'otto is an operator of den: only its owner, and owners and mods of the bot, can order that.',
      'meg is a mod of the bot: only its owners can order that.',
      'mel is a mod of the bot: only its owners can order that.',
    ]);
    await t.say('rory', 'den', '!remove bob');
    await t.say('meg', 'den', '!deop otto');
    await t.pm('max', 'remove mel');
    expect([...den().operators]).toEqual(['rory']);
    expect([...den().members].sort()).toEqual(['console', 'meg', 'otto', 'rory']);
  });

  it('a user who is called like the console is a user', async () => {
    await using t = await setUp();
    await t.say('bob', 'den', 'you scumbucket');
    await t.say('console', 'den', 'yes 1');
    await t.pm('console', 'yes 1');
    await t.pm('console', 'yes');
    expect(t.private('bob')).toEqual([]);
    await t.say('meg', 'den', '!yes 1');
    await t.pm('bob', 'appeal 1 it was a joke');
    await t.pm('console', 'appeal 1 grant');
    await t.say('meg', 'den', '!appeals');
    expect(t.private('meg').join('\n')).toContain('bob says: it was a joke');
  });
});

describe('in the room of staff', () => {
  it('commands are about the other rooms, and names of rooms that they do not moderate stay unsaid', async () => {
    await using t = await testBot(moderation, {
      id: 'moderation',
      mode: 'inproc',
      roles: { mod: ['meg'] },
      config: { staff: { room: 'den-staff' } },
      rooms: [
        { name: 'den', owner: 'seekeeper', operators: ['rory'], members: ['bob', 'meg', 'rory'] },
        { name: 'den-staff', owner: 'seekeeper', members: ['meg', 'rory'] },
        { name: 'attic', owner: 'seekeeper', members: ['carola'] },
      ],
    });
    await t.join('carola', 'attic');
    await t.say('meg', 'den-staff', '!warn bob stop it');
    await t.say('meg', 'den-staff', '!warn bob den stop it');
    await t.say('meg', 'den-staff', '!cases');
    expect(t.text('den-staff')).toEqual([
      'Which room? Here it comes behind the name: den, attic.',
      'bob: a warning in private (case 1).',
      'meg: I have written to you.',
    ]);
    expect(t.private('meg').join()).toContain('#1 ');
    await t.pm('rory', 'warn bob den stop it');
    await t.say('rory', 'den', '!cases carolo');
    expect(t.text('den')).toEqual(['There are no cases about carolo in den.']);
  });
});
