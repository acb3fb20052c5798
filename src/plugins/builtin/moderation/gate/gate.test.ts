import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TestBot, testBot } from '../../../../testing/index.ts';
import * as moderation from '../index.ts';
import { isBackwards, pickWord } from './captcha.ts';

const file = new URL('../index.ts', import.meta.url);
const den = { name: 'den', owner: 'seekeeper', members: ['meg', 'mo', 'max'] };

/** The word that the bot asked for, as it wants it. */
const backwards = (t: TestBot, user: string) =>
  Array.from(t.private(user).at(-1)!.split(' ').at(-1)!).reverse().join('');

async function accepting(t: TestBot, user: string): Promise<void> {
  (await t.person(user)).send({ type: 'EnableRoomInvitations', enable: true });
  await t.settle();
}

describe.each(['inproc', 'worker'] as const)('the gate, %s', (mode) => {
  it('asks, tells staff, and lets in whom they approve', async () => {
    await using t = await testBot(moderation, file, {
      mode,
      rooms: [den],
      roles: { mod: ['meg'] },
      config: { gate: { questions: ['What do you listen to?', 'Who sent you?'] }, staff: { users: ['meg'] } },
    });
    await accepting(t, 'al');
    await t.pm('al', 'join dne');
    await t.pm('al', 'join Den');
    expect(t.private('al')).toEqual([
      'I know no room dne that takes applications. Did you mean den?',
      expect.stringMatching(
        /^So that I know that somebody is there: please write this word backwards: [a-z]+$/,
      ),
    ]);
    await t.pm('al', 'what?');
    await t.pm('al', backwards(t, 'al').toUpperCase());
    await t.pm('al', 'Everything with strings');
    await t.downtime('1m', 'kill');
    await t.pm('al', 'meg did');
    expect(t.private('al').slice(2)).toEqual([
      expect.stringMatching(/^Not quite\. Please write backwards: /),
      '1/2: What do you listen to?',
      '2/2: Who sent you?',
      'Your application to den is noted. Staff will look at it.',
    ]);
    await t.advance('1m');
    await t.pm('meg', 'applicants');
    expect(t.private('meg').join('\n')).toContain('What do you listen to? Everything with strings');
    await t.pm('meg', 'approve all');
    await t.pm('meg', 'approve al');
    await t.advance('2m');
    expect(t.private('meg').join('\n')).toContain('all does not wait to get into den; did you mean al?');
    expect(t.sandbox.server.world.room('den')?.members).toContain('al');
    await t.pm('al', 'join den');
    expect(t.private('al').at(-1)).toBe('You are a member of den already.');
  });
});

describe('the gate', () => {
  it('lets in by itself when enough members vouch and enough is shared', async () => {
    await using t = await testBot(moderation, file, {
      rooms: [den],
      config: { gate: { captcha: false, vouchers: 2, admit: 'auto', shares: { files: 3 } } },
    });
    await accepting(t, 'al');
    await t.share('al', ['music\\album\\one.flac']);
    await t.pm('al', 'join den');
    expect(t.private('al')).toEqual([
      'den asks its members to share 3 files; you share 1 file in 1 folder. When that has changed, write again: join den',
    ]);
    await t.share('al', ['music\\album\\one.flac', 'music\\album\\two.flac', 'music\\album\\three.flac']);
    await t.advance('15m');
    await t.pm('al', 'join den');
    expect(t.private('al').at(-1)).toBe(
      'Your application to den is noted. 2 more members have to vouch for you: they write to me "vouch al".',
    );
    await t.pm('stranger', 'vouch al');
    await t.pm('mo', 'vouch al');
    await t.advance('1m');
    await t.pm('mo', 'vouch al');
    await t.say('max', 'den', '!vouch al');
    await t.advance('2m');
    expect(t.private('stranger')).toEqual(['You are a member of no room that I look after.']);
    expect(t.private('mo')).toEqual([
      'Noted: you vouch for al (1 of 2).',
      'You have vouched for al already.',
    ]);
    expect(t.text('den')).toEqual(['Noted. al has enough members behind them now.']);
    expect(t.sandbox.server.world.room('den')?.members).toContain('al');
  });

  it('says why not', async () => {
    await using t = await testBot(moderation, file, {
      rooms: [{ name: 'den', owner: 'olga', members: ['meg'] }, 'indie'],
      roles: { mod: ['meg'] },
      config: {},
      configIn: { den: { gate: { captcha: false } } },
    });
    await t.pm('al', 'join den');
    await t.pm('bo', 'join indie');
    expect(t.private('al')).toEqual(['I cannot let anybody into den at the moment; please ask its owner.']);
    expect(t.private('bo')).toEqual(['I know no room indie that takes applications. Those that do: den.']);
  });

  it('lets somebody apply again who was let in and has gone', async () => {
    await using t = await testBot(moderation, file, {
      rooms: [den],
      config: { gate: { captcha: false, admit: 'auto' } },
    });
    (await t.person('al')).send({ type: 'EnableRoomInvitations', enable: false });
    await t.pm('al', 'join den');
    await t.advance('2m');
    await t.pm('al', 'join den');
    expect(t.private('al').at(-1)).toBe('You have been let into den: the invitation is on its way.');
    await accepting(t, 'al');
    await t.advance('1d');
    expect(t.sandbox.server.world.room('den')?.members).toContain('al');
    (await t.person('al')).send({ type: 'CancelRoomMembership', room: 'den' });
    await t.settle();
    expect(t.sandbox.server.world.room('den')?.members).not.toContain('al');
    await t.pm('al', 'join den');
    expect(t.private('al').at(-1)).toMatch(/^Welcome: you are being invited to den/);
    await t.advance('2m');
    expect(t.sandbox.server.world.room('den')?.members).toContain('al');
  });

  it('keeps a refusal, which counts from when it was given, whatever the applicant has forgotten', async () => {
    await using t = await testBot(moderation, {
      id: 'moderation',
      rooms: [den],
      roles: { mod: ['meg'] },
      config: { gate: { captcha: false, questions: ['Why?'], again: '30d' } },
    });
    await t.pm('al', 'join den');
    await t.pm('al', 'because');
    await t.advance('20d');
    await t.pm('meg', 'deny al');
    await t.pm('al', '!forgetme');
    await t.advance('10s');
    await t.pm('al', '!forgetme yes');
    await t.advance('20d');
    await t.pm('al', 'join den');
    expect(t.private('al').at(-1)).toBe('Your application to den was not accepted.');
    expect(JSON.stringify(await t.database('select * from member_applicant'))).not.toContain('because');
    await t.advance('11d');
    await t.pm('al', 'join den');
    expect(t.private('al').at(-1)).toBe('Why?');
  });

  it('says so when somebody is approved who cannot be invited', async () => {
    await using t = await testBot(moderation, {
      rooms: [{ name: 'den', owner: 'olga', operators: ['seekeeper'], members: ['meg'] }],
      roles: { mod: ['meg'] },
      config: { gate: { captcha: false } },
    });
    await t.pm('al', 'join den');
    (await t.person('olga')).send({ type: 'RemoveRoomOperator', room: 'den', username: 'seekeeper' });
    await t.settle();
    await t.pm('meg', 'approve al');
    expect(t.private('meg').at(-1)).toMatch(
      /^al is not invited to den: approved by meg; invitation refused: /,
    );
    expect(t.private('al').join()).not.toContain('being let into');
  });

  it('gives three tries at the word', async () => {
    await using t = await testBot(moderation, file, { rooms: [den], config: { gate: {} } });
    await t.pm('al', 'join den');
    for (const guess of ['a', 'b', 'c']) await t.pm('al', guess);
    expect(t.private('al').at(-1)).toBe('That was not it. Try again another day.');
    await t.pm('al', 'approve al');
    expect(t.private('al').at(-1)).toMatch(/^you need mod/);
  });
});

it('a word written backwards is recognised, whatever stands around it, and no other is', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
      const word = pickWord(random);
      const turned = Array.from(word).reverse().join('');
      expect(isBackwards(` "${turned.toUpperCase()}"! `, word)).toBe(true);
      expect(isBackwards(word, word)).toBe(false);
    }),
  );
});
