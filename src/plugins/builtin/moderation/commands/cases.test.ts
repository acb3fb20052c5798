import { describe, expect, it } from 'vitest';
import { testBot } from '../../../../testing/index.ts';
import * as moderation from '../index.ts';

const file = new URL('../index.ts', import.meta.url);
const den = { name: 'den', owner: 'seekeeper', operators: ['olga'], members: ['meg', 'bob', 'carl'] };
const roles = { mod: ['meg'] };
const config = { rules: { words: { lists: { bad: { words: ['badword'], points: 12 } } } } };
const rule = (mode: string) => ({ rules: { 'moderation/words': { mode } } });

describe.each(['inproc', 'worker'] as const)('cases, %s', (mode) => {
  it('from a rule to an appeal: removed, appealed, granted, invited again', async () => {
    await using t = await testBot(moderation, file, {
      id: 'moderation',
      mode,
      rooms: [den],
      roles,
      config,
      moderation: rule('live'),
    });
    (await t.person('bob')).send({ type: 'EnableRoomInvitations', enable: true });
    await t.say('bob', 'den', 'you b4dw0rd');
    expect(t.sandbox.server.world.room('den')?.members).not.toContain('bob');
    expect(t.private('bob').at(-1)).toMatch(
      /^You were removed from den until .*"badword" is on the list bad \(case 1\)/,
    );
    await t.pm('meg', 'case 1');
    const said = t.private('meg').join('\n');
    expect(said).toMatch(
      /#1 .* den: bob, "badword" is on the list bad \(moderation\/words, 12 points\): remove until .*, done, 12 points in all/,
    );
    expect(said).toContain('Because of: you b4dw0rd');
    await t.pm('carl', 'appeal 1 it was me');
    await t.pm('bob', 'appeal 1 it is a song title');
    await t.pm('meg', 'appeals');
    await t.pm('meg', 'grant 1 it is one');
    await t.advance('1m');
    expect(t.private('carl')).toEqual(['There is no case 1 about carl.']);
    expect(t.private('bob')).toContain('Your appeal against case 1 is with the staff.');
    expect(t.private('meg').join('\n')).toContain('bob says: it is a song title');
    expect(t.private('bob').join('\n')).toContain('was granted: it is one');
    expect(t.sandbox.server.world.room('den')?.members).toContain('bob');
    await t.pm('meg', 'strikes bob');
    expect(t.private('meg').at(-1)).toMatch(/^bob (in den: 0 points|has no points)/);
  });
});

describe('cases', () => {
  it('in suggest staff are asked, and their answer counts, by command and by reply', async () => {
    await using t = await testBot(moderation, { rooms: [den], roles, config, moderation: rule('suggest') });
    await t.say('bob', 'den', 'badword');
    await t.say('carl', 'den', 'badword');
    expect(t.private('meg').join('\n')).toMatch(/#1 den: bob.*!yes 1 or !no 1/);
    await t.pm('carl', 'yes 1');
    await t.pm('carl', 'no thanks');
    expect(t.private('carl')).toEqual([]);
    await t.pm('meg', 'yes');
    expect(t.private('meg').at(-1)).toBe('Which one? yes and a number: 2, 1.');
    await t.pm('meg', 'no 1');
    expect(t.private('meg').at(-1)).toMatch(/^Case 1 \(bob\): nothing is done/);
    await t.say('olga', 'den', 'yes 2');
    expect(t.text('den').at(-1)).toMatch(/^carl: removed until/);
    await t.pm('meg', 'yes 2');
    expect(t.private('meg').at(-1)).toBe('Case 2 is done; there is nothing to decide.');
    expect(t.sandbox.server.world.room('den')?.members).toContain('bob');
    expect(t.sandbox.server.world.room('den')?.members).not.toContain('carl');
  });

  it('a bare yes is about the question that was told last, and about no other when that is settled', async () => {
    await using t = await testBot(moderation, {
      rooms: [den],
      roles: { mod: ['meg', 'mo'] },
      config,
      moderation: rule('suggest'),
    });
    await t.say('bob', 'den', 'badword');
    await t.advance('10m');
    await t.say('carl', 'den', 'badword');
    await t.pm('mo', 'no 2');
    await t.pm('meg', 'yes');
    expect(t.private('meg').at(-1)).toBe('Case 2 is declined already. Still open: yes 1.');
    expect(t.sandbox.server.world.room('den')?.members).toContain('bob');
    await t.advance('3m');
    await t.pm('mo', 'yes');
    await t.advance('1m');
    expect(t.private('mo').at(-1)).toMatch(/^bob: removed until/);
    await t.advance('3m');
    await t.pm('meg', 'no');
    await t.advance('1m');
    expect(t.private('meg').at(-1)).toBe('Case 2 is declined already.');
    await t.advance('25h');
    await t.pm('meg', 'no');
    expect(t.private('meg').filter((line) => line.includes('already'))).toHaveLength(2);
  });

  it('of a quiet room are not lost behind those of a busy one', async () => {
    await using t = await testBot(moderation, {
      rooms: [
        { name: 'attic', owner: 'seekeeper', operators: ['otto'], members: ['carl'] },
        { name: 'busy', owner: 'seekeeper', members: ['bob'] },
        { name: 'den-staff', owner: 'seekeeper', operators: ['otto'] },
      ],
      roles,
      config: { ...config, staff: { room: 'den-staff' } },
    });
    await t.say('carl', 'attic', 'badword');
    for (let n = 0; n < 60; n++) {
      await t.say('bob', 'busy', `badword ${n}`);
      await t.advance('11m');
    }
    await t.say('otto', 'den-staff', '!cases');
    await t.say('otto', 'den-staff', '!cases bob');
    await t.advance('1m');
    expect(t.private('otto')).toEqual([expect.stringMatching(/^#1 .*attic: carl/)]);
    expect(t.text('den-staff').at(-1)).toMatch(/^There are no cases about bob\./);
    expect(
      (await t.console('export-cases')).filter((line) => /^Case \d+:/.test(line)).length,
    ).toBeGreaterThan(50);
  });

  it('in shadow nothing happens but the case, and staff can read it', async () => {
    await using t = await testBot(moderation, { rooms: [den], roles, config });
    await t.say('bob', 'den', 'badword');
    t.expectQuiet();
    await t.say('meg', 'den', 'badword');
    await t.say('olga', 'den', 'badword');
    await t.pm('meg', 'cases');
    await t.pm('meg', 'cases bbo');
    await t.pm('meg', 'note 1 a song title');
    await t.pm('meg', 'pardon 1');
    await t.pm('meg', 'case 99');
    await t.say('olga', 'den', '!cases bob');
    expect(t.private('meg')).toEqual([
      expect.stringMatching(/^#1 .*: bob, .*: remove until .*, noted in shadow$/),
      'There are no cases about bbo. Did you mean bob?',
      'Noted in case 1.',
      expect.stringContaining('pardoned'),
      'There is no case 99 that you could see.',
    ]);
    expect(t.text('den')).toEqual(['olga: I have written to you.']);
    expect(t.private('olga')).toEqual([expect.stringMatching(/^#1 /)]);
  });

  it('nobody judges a case about themselves, and operators see only their rooms', async () => {
    await using t = await testBot(moderation, {
      rooms: [den, { name: 'attic', owner: 'seekeeper', members: ['olga', 'carl'] }],
      roles,
      config,
    });
    await t.say('olga', 'attic', 'badword');
    await t.say('carl', 'attic', 'badword');
    await t.say('olga', 'den', '!pardon 1');
    await t.say('olga', 'den', '!case 2');
    await t.say('olga', 'den', '!cases');
    expect(t.text('den')).toEqual([
      'There is no case 1 that you could see.',
      'There is no case 2 that you could see.',
      'There are no cases in den.',
    ]);
  });

  it('says what it could do here, stops on a word, and goes on', async () => {
    await using t = await testBot(moderation, {
      rooms: [den, 'indie'],
      roles,
      config,
      moderation: rule('live'),
    });
    await t.pm('meg', 'mod status indie');
    await t.pm('meg', 'mod rules den');
    const said = t.private('meg').join('\n');
    expect(said).toContain('indie is a public room: nobody can remove anyone here. Mode ');
    expect(said).toMatch(/10: report instead of remove:1h \(indie is a public room/);
    expect(said).toMatch(/moderation\/words \(live\): Words that are not to be said here; 0 cases/);
    expect(said).toMatch(/moderation\/flood \(shadow\): /);
    await t.pm('meg', 'mod halt something is wrong');
    await t.say('bob', 'den', 'badword');
    expect(t.sandbox.server.world.room('den')?.members).toContain('bob');
    await t.pm('meg', 'mod resume');
    await t.advance('2m');
    await t.say('bob', 'den', 'badword');
    expect(t.sandbox.server.world.room('den')?.members).not.toContain('bob');
  });

  it('are exported at the console', async () => {
    await using t = await testBot(moderation, { rooms: [den], roles, config });
    await t.say('carl', 'den', 'hello');
    await t.say('bob', 'den', 'badword');
    expect((await t.console('export-cases bob')).join('\n')).toContain('badword');
    expect(JSON.stringify(JSON.parse((await t.console('export-cases bob json')).join('\n')))).toContain(
      'hello',
    );
    expect((await t.console('export-cases carl')).join('\n')).not.toContain('badword');
  });

  it('at the console too', async () => {
    await using t = await testBot(moderation, { rooms: [den, 'indie'], roles, config });
    expect(await t.console('remove bob')).toEqual(['Which room? Here it comes behind the name: den, indie.']);
    expect(await t.console('remove bob den')).toEqual(['bob is no longer a member of den.']);
    expect((await t.console('mod status den')).join('\n')).toContain('den is a private room and mine');
  });
});
