import { describe, expect, it } from 'vitest';
import { type TestBot, testBot } from '../../../testing/index.ts';
import * as moderation from './index.ts';

const roles = { mod: ['meg'], trusted: ['tess'] };

/** Cases so far, oldest first: whom, where, which rule. */
const cases = async (t: TestBot) =>
  (await t.database('SELECT person AS "user", room, rule FROM moderation_case ORDER BY id')).map(
    ({ user, room, rule }) => `${String(user)} ${String(room)} ${String(rule)}`,
  );

describe('rules in a bot', () => {
  it('judge as each room wants it, and nobody who is exempt', async () => {
    await using t = await testBot(moderation, {
      rooms: ['indie', 'jazz', 'library'],
      roles,
      config: {
        rules: {
          words: { lists: { bad: { words: ['badword'] } }, exempt: ['trusted'], exemptUsers: ['carl'] },
        },
      },
      configIn: {
        jazz: { rules: { words: { enabled: false } } },
        library: { rules: { words: { lists: { bad: { words: ['music'] } } } } },
      },
    });
    for (const user of ['al', 'carl', 'tess', 'meg']) await t.say(user, 'indie', 'badword');
    await t.say('al', 'jazz', 'badword');
    await t.say('al', 'library', 'badword');
    await t.say('al', 'library', 'is this music?');
    expect(await cases(t)).toEqual(['al indie moderation/words', 'al library moderation/words']);
  });

  it('only those that are on anywhere are there', async () => {
    await using t = await testBot(moderation, {
      rooms: ['indie', 'jazz'],
      roles,
      config: { rules: { flood: { enabled: false }, caps: { enabled: false } } },
      configIn: { jazz: { rules: { caps: { enabled: true, limit: '1:1m' } } } },
    });
    await t.pm('meg', 'mod rules jazz');
    await t.pm('meg', 'mod rules indie');
    const said = t.private('meg').join('\n');
    expect(said).not.toContain('moderation/flood');
    expect(said).not.toContain('moderation/words');
    expect(said.match(/moderation\/caps/g)).toHaveLength(1);
    await t.say('al', 'indie', 'WHY DOES NOBODY ANSWER ME HERE');
    await t.say('al', 'jazz', 'WHY DOES NOBODY ANSWER ME HERE');
    expect(await cases(t)).toEqual(['al jazz moderation/caps']);
  });

  it('a fast typist and a heated argument are no case, a flood is one', async () => {
    await using t = await testBot(moderation, { roles });
    const said = [
      ['al', 'no, that is simply wrong and you know it'],
      ['bo', 'oh I know it? please tell me more about what I know'],
      ['al', 'you did not!'],
      ['bo', 'I DID. scroll up. scroll. up.'],
      ['al', 'convenient'],
      ['al', 'really'],
      ['al', 'so convenient'],
      ['bo', 'EXACTLY'],
      ['al', 'why do I even talk to you'],
    ] as const;
    for (const [user, text] of said) {
      await t.say(user, 'indie', text);
      await t.advance('2s');
    }
    expect(await cases(t)).toEqual([]);
    for (let i = 0; i < 20; i += 1) await t.say('sam', 'indie', `get your free downloads at the shop ${i}`);
    expect((await cases(t)).filter((of) => of === 'sam indie moderation/flood')).toHaveLength(1);
  });

  it('what somebody shares is read before it is held against them', async () => {
    await using t = await testBot(moderation, {
      config: { rules: { shares: { files: 2, grace: 0 } } },
      roles,
    });
    await t.share('al', ['music\\album\\one.flac', 'music\\album\\two.flac']);
    await t.share('bo', ['music\\album\\one.flac']);
    (await t.person('gone')).logout();
    for (const user of ['al', 'bo']) await t.join(user, 'indie');
    await t.advance('1m');
    expect(await cases(t)).toEqual(['bo indie moderation/shares']);
  });

  it('waits for who cannot be reached, and goes on judging others', async () => {
    await using t = await testBot(moderation, {
      config: { rules: { shares: { files: 2, grace: 0 } } },
      roles,
    });
    const walled = await t.person('walled');
    Object.assign(walled.behaviour, { firewalled: true, pierces: 'ignores' });
    await t.share('bo', ['music\\album\\one.flac']);
    await t.join('walled', 'indie');
    await t.advance('5s');
    await t.join('bo', 'indie');
    await t.advance('2m');
    expect(await cases(t)).toEqual(['bo indie moderation/shares']);
    expect(t.logs().filter(({ message }) => message.includes('A rule failed'))).toEqual([]);
  });

  it('says once that it may not know addresses, and judges all the others', async () => {
    await using t = await testBot(moderation, {
      config: { rules: { addresses: { deny: ['0.0.0.0/8', '10.0.0.0/8'] }, names: { patterns: ['^spam'] } } },
      grant: [
        'room.read',
        'room.say',
        'room.ticker',
        'pm.read',
        'pm.send',
        'user.read',
        'notify',
        'moderate',
      ],
      roles,
    });
    await t.join('al', 'indie');
    await t.join('spammer', 'indie');
    expect(await cases(t)).toEqual(['spammer indie moderation/names']);
    const told = t.logs().filter(({ message }) => message.includes('user.address'));
    expect(told).toHaveLength(1);
  });

  it('knows addresses when it may', async () => {
    await using t = await testBot(moderation, {
      config: { rules: { addresses: { deny: ['10.0.0.0/8', '127.0.0.0/8', '192.168.0.0/16'] } } },
      roles,
    });
    await t.join('al', 'indie');
    const found = await cases(t);
    expect(found.length).toBeLessThanOrEqual(1);
  });
});
