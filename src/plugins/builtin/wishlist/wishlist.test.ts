import { type TestBot, testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import { PARTS } from './commands/parts.ts';
import * as wishlist from './index.ts';

const file = new URL('./index.ts', import.meta.url);
const roles = { owner: ['boss'], mod: ['meg'], trusted: ['al', 'bo'] };

/** Writes to the bot, and gives what it answers. */
function talk(t: TestBot, user: string) {
  return async (text: string): Promise<readonly string[]> => {
    const before = t.private(user).length;
    await t.pm(user, text);
    return t.private(user).slice(before);
  };
}

describe.each(['inproc', 'worker'] as const)('the wishlist, %s', (mode) => {
  it('finds, tells whoever wished once, and shows it', async () => {
    await using t = await testBot(wishlist, file, { mode, roles, config: {} });
    const al = talk(t, 'al');
    await t.share('dj', ['music\\Rare EP\\01 - one.flac', 'music\\Rare EP\\01 - one.mp3']);
    expect(await al('wish add rare ep ext=flac')).toEqual([
      'Wish 1: rare ep ext=flac',
      expect.stringMatching(/^Its first turn comes .*\. 1 wish × 12 min = 12m a round\.$/),
    ]);
    const before = t.private('al').length;
    await t.advance('45m');
    expect(t.private('al').slice(before).join('\n')).toMatch(
      /^Wish 1 "rare ep": 1 found\n1\. 01 - one\.flac \(flac.*\) from dj, score \d+$/,
    );
    await t.advance('3h');
    t.expectQuiet();
    expect(await al('wish results 1')).toEqual([
      'Wish 1 "rare ep": 1 result',
      expect.stringMatching(/^1\. 01 - one\.flac .* from dj, free slot, score \d+, new, 3h\S* ago$/),
    ]);
    expect((await al('wish why 1')).join('\n')).toMatch(
      /ext: \d+ dropped — music\\Rare EP\\01 - one\.mp3 \(dj\)/,
    );
    expect(await al('wish forget 1')).toEqual(['Forgot 1 file.']);
  });
});

const start = (config: unknown = {}, over = {}) => testBot(wishlist, file, { roles, config, ...over });

it('says no line of those whose files it names', async () => {
  await using t = await start({ rooms: ['indie'] });
  const al = talk(t, 'al');
  await t.share('dj', ['music\\Rare EP\\a\r\n!kick meg\u202e.flac', 'music\\Rare EP\\b\n!ban meg.mp3']);
  await al('wish add rare ep ext=flac');
  await t.advance('45m');
  const lines = [...(await al('wish results 1')), ...(await al('wish why 1'))];
  await t.say('al', 'indie', '!wish results 1');
  expect(lines.some((line) => line.includes('a !kick meg .flac'))).toBe(true);
  expect(lines.some((line) => line.includes('b !ban meg.mp3'))).toBe(true);
  expect(t.text('indie').some((line) => line.includes('!kick'))).toBe(true);
  for (const line of [...t.private('al'), ...t.text('indie')]) expect(line).not.toMatch(/^!|\u202e/);
});

describe('whose wishes', () => {
  it('are invisible to others, but not to mods', async () => {
    await using t = await start();
    const [al, bo, meg] = [talk(t, 'al'), talk(t, 'bo'), talk(t, 'meg')];
    await al('wish add rare ep');
    for (const part of [
      'show',
      'edit',
      'del',
      'pause',
      'resume',
      'boost',
      'results',
      'why',
      'forget',
      'get',
    ]) {
      expect([part, (await bo(`wish ${part} 1${part === 'edit' ? ' x' : ''}`))[0]]).toEqual([
        part,
        part === 'get'
          ? expect.stringContaining('Nothing can be downloaded')
          : 'There is no wish "1"; "wish list" shows them.',
      ]);
      // The same text is not said again and again.
      await t.advance('5m');
    }
    expect(await bo('wish snooze 1 7d')).toEqual(['There is no wish "1"; "wish list" shows them.']);
    await t.advance('5m');
    expect(await bo('wish list')).toEqual(['There are no wishes. "wish add QUERY" makes one.']);
    expect(await bo('wish list all')).toEqual(['Only mods see the wishes of others.']);
    expect(await bo('wish list al')).toEqual(['Only mods see the wishes of others.']);
    expect(await bo('wish export')).toEqual(['There are no wishes to export.']);
    expect(await meg('wish list all')).toEqual([
      '1 wish.',
      expect.stringMatching(/^1 \(al\): rare ep — active/),
    ]);
    expect(await meg('wish show 1')).toEqual(expect.arrayContaining(['Wish 1: rare ep for=al']));
    expect(await meg('wish add other thing for=bo')).toEqual(
      expect.arrayContaining(['Wish 2: other thing for=bo']),
    );
    expect(await bo('wish list')).toHaveLength(2);
  });

  it('are for those who may', async () => {
    await using t = await start();
    await t.pm('joe', 'wish add x y');
    expect(t.private('joe')).toEqual(['you need trusted or mod for !wish']);
    await using open = await start({ allow: [], quota: { everyone: 1 } });
    const joe = talk(open, 'joe');
    expect(await joe('wish add one thing')).toHaveLength(2);
    expect(await joe('wish add two things')).toEqual([
      'You have 1 wish, and 1 is the most. Remove one first.',
    ]);
  });

  it('have a quota by role, also when they come at once', async () => {
    await using t = await start({ quota: { trusted: 2, mod: 3 }, rooms: ['indie'] });
    const al = await t.person('al');
    for (const query of ['one', 'two', 'three']) al.pm(t.user, `wish add ${query} thing`);
    await t.settle();
    expect(
      t.private('al').filter((line) => line.startsWith('You have 2 wishes, and 2 is the most')),
    ).toHaveLength(1);
    const meg = talk(t, 'meg');
    for (const query of ['one', 'two', 'three']) expect(await meg(`wish add ${query} thing`)).toHaveLength(2);
    expect(await meg('wish add four thing')).toEqual([
      'You have 3 wishes, and 3 is the most. Remove one first.',
    ]);
    expect(await meg('wish add four thing for=al')).toEqual([
      'al has 2 wishes, and 2 is the most. Remove one first.',
    ]);
    await meg('wish del 3');
    expect(await meg('wish add four thing')).toHaveLength(2);
  });

  it('count for the quota when they are over, too: they can go on again', async () => {
    await using t = await start({ quota: { trusted: 2 } });
    const al = talk(t, 'al');
    await al('wish add one thing expires=1m');
    await al('wish add two things');
    await t.advance('5m');
    expect(await al('wish add three things')).toEqual([
      'You have 2 wishes, and 2 is the most. Remove one that is over (1) first.',
    ]);
    expect(await al('wish del 1')).toEqual(['Removed: 1.']);
    expect(await al('wish add three things')).toHaveLength(2);
  });

  it('are forgotten with the person', async () => {
    await using t = await start();
    const al = talk(t, 'al');
    await al('wish add rare ep');
    await al('wish boost 1');
    await t.pm('al', '!mydata');
    expect(t.private('al').join('\n')).toMatch(/boost/);
    await t.sandbox.run(t.bot.forget('al'));
    expect(await al('wish list')).toEqual(['There are no wishes. "wish add QUERY" makes one.']);
    expect(await t.store.keys()).toEqual(['last-id']);
  });
});

describe('what is wrong', () => {
  const wrong: readonly (readonly [typed: string, said: string | RegExp])[] = [
    ['wish ad x', 'There is no "wish ad"; did you mean "wish add"?'],
    ['wish xyzzy', /^There is no "wish xyzzy"; there are add, list/],
    ['wish add', /^What is to be searched for\?/],
    ['wish add x mni=3', 'There is no option mni=; did you mean min=?'],
    ['wish add x "y', 'The quote " is never closed.'],
    ['wish add -only -this', /exclu/i],
    ['wish add x for=bo', 'for= is for mods: you can wish for yourself.'],
    ['wish add x id=mine', /^id= is for wishes in config\.yaml/],
    ['wish add rare ep to=phone', /^There is no channel "phone"; notify\.channels in the config has none\.$/],
    ['wish add rare ep to=room:indie', 'The room "indie" is not among "announce" of this plugin\'s config.'],
    ['wish add rare ep to=pm:bo', 'Only mods can have others told: leave out pm:.'],
    ['wish add rare ep to=pm:', 'Pm: needs a name behind it.'],
    ['wish add rare ep match=(', /\(/],
    ['wish add rare ep profile=nope', /profile/],
    ['wish add rare ep at-most=10m every=2h', 'at-most= must not be shorter than every=.'],
    ['wish show', 'Usage: wish show ID'],
    ['wish show 7', 'There is no wish "7"; "wish list" shows them.'],
    ['wish edit 7', 'Usage: wish edit ID [new query] [option=value …]'],
    ['wish snooze', 'Usage: wish snooze ID TIME'],
    ['wish plan never', 'Usage: wish plan DAYS, from 1 to 30'],
    ['wish plan 31', 'Usage: wish plan DAYS, from 1 to 30'],
    ['wish unignore-user', 'Usage: wish unignore-user USER'],
    ['wish get', 'Usage: wish get ID [NUMBER] [folder]'],
    ['wish get 1', /^Nothing can be downloaded: "slskd"/],
    ['wish import', /^Usage: wish import/],
    ['wish import confirm zzzz', /^There is nothing to confirm under that token/],
    ['wish export pdf', 'There is no format "pdf"; there are text, csv, json, nicotine.'],
    ['wish export csv', 'In a chat there is text only; at the console: seekeeper wish export --format csv'],
  ];

  it('is said', async () => {
    await using t = await start();
    const al = talk(t, 'al');
    for (const [typed, said] of wrong) {
      const expected: unknown = typeof said === 'string' ? said : expect.stringMatching(said);
      expect([typed, await al(typed)]).toEqual([typed, [expected]]);
      // The same text is not said again and again.
      await t.advance('3m');
    }
    expect(t.logs().filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('and what there is', async () => {
    await using t = await start();
    const al = talk(t, 'al');
    expect((await al('wish'))[0]).toBe(`wish ${PARTS.map(({ name }) => name).join(' | ')}`);
    expect(await al('wish help add')).toEqual([expect.stringMatching(/^wish add QUERY /)]);
  });
});

describe('a wish', () => {
  it('is changed, rests, goes on, and is removed', async () => {
    await using t = await start();
    const al = talk(t, 'al');
    await al('wish add rare ep ext=flac min=320 note="for al"');
    expect(await al('wish add RARE  EP min=320 ext=flac')).toEqual(['That is wish 1 already.']);
    expect(await al('wish edit 1 rarer ep min= not=live prio=8')).toEqual([
      'Wish 1: rarer ep ext=flac not=live prio=8 note="for al"',
    ]);
    expect(await al('wish edit 1 note= prio=')).toEqual(['Wish 1: rarer ep ext=flac not=live']);
    expect(await al('wish edit 1 for=bo')).toEqual(['for= is for mods.']);
    expect(await al('wish edit 1 paused=yes')).toEqual(['Say "wish pause 1" or "wish resume 1".']);
    expect(await al('wish pause 1')).toEqual(['Paused: 1.']);
    expect(await al('wish boost 1')).toEqual(['Wish 1 is paused; "wish resume 1" first.']);
    expect(await al('wish list')).toEqual([
      expect.anything(),
      expect.stringMatching(/^1: rarer ep ext=flac not=live — paused/),
    ]);
    expect(await al('wish resume 1')).toEqual([expect.stringMatching(/^Wish 1: active/)]);
    expect(await al('wish snooze 1 2020-01-01')).toEqual(['That is over already.']);
    expect(await al('wish snooze 1 7d')).toEqual([
      expect.stringMatching(/^Wish 1 rests until 2026-01-08 .* \(in 1w\)\.$/),
    ]);
    expect(await al('wish resume 1')).toEqual([expect.stringMatching(/^Wish 1: active/)]);
    expect(await al('wish boost 1')).toEqual([expect.stringMatching(/^Wish 1 comes next/)]);
    expect(await al('wish boost 1')).toEqual([expect.stringMatching(/^You can boost again in /)]);
    await al('wish add second wish paused=yes');
    expect(await al('wish del 1 9')).toEqual(['There is no wish "9"; "wish list" shows them.']);
    expect(await al('wish del 1 2')).toEqual(['Removed: 1, 2.']);
  });

  it('is tried before it is one', async () => {
    await using t = await start();
    const al = talk(t, 'al');
    expect(await al('wish test rare ep min=320 ext=flac')).toEqual([
      'Searches for: rare ep',
      'ext: one of these endings — flac',
      'min: bitrate at least, kbit/s — 320',
      expect.stringMatching(/^Nothing is wrong with it\. 0 wishes/),
    ]);
    await al('wish add rare ep ext=flac not=live');
    expect(await al('wish test 1 music/Rare EP (Live)/1.flac')).toEqual([
      expect.stringMatching(/^It does not pass path\.not: /),
    ]);
    expect(await al('wish test 1 music\\Rare EP\\1.flac')).toEqual([
      'It passes, as far as a path alone tells.',
    ]);
    expect(await al('wish list')).toHaveLength(2);
  });

  it('ignores users: a person in their own wishes, a mod in all', async () => {
    await using t = await start();
    const [al, meg] = [talk(t, 'al'), talk(t, 'meg')];
    await al('wish add rare ep ext=flac');
    expect(await al('wish ignore-user two words')).toEqual([
      'Results of two words count no more in 1 wish of yours.',
    ]);
    expect(await al('wish ignore-user')).toEqual(['Ignored: two words']);
    expect(await al('wish show 1')).toEqual(
      expect.arrayContaining(['Wish 1: rare ep ext=flac not-users="two words"']),
    );
    expect(await al('wish unignore-user two words')).toEqual([
      'Results of two words count again in 1 wish of yours.',
    ]);
    expect(await al('wish ignore-user')).toEqual(['Nobody is ignored.']);
    expect(await meg('wish ignore-user dj')).toEqual(['Results of dj count for no wish any more.']);
    expect(await meg('wish ignore-user')).toEqual(['Ignored: dj']);
    expect(await meg('wish unignore-user dj')).toEqual(['Results of dj count again.']);
    expect(await meg('wish unignore-user dj')).toEqual(['dj was not ignored.']);
  });

  it('has a plan', async () => {
    await using t = await start();
    const al = talk(t, 'al');
    await al('wish add one thing');
    await al('wish add two things');
    const said = await al('wish plan 1');
    expect(said[0]).toBe('2 wishes × 12 min = 24m a round.');
    expect(said.slice(2)).toEqual([
      expect.stringMatching(/^1: first .*turns — one thing$/),
      expect.stringMatching(/^2: first in .*turns — two things$/),
    ]);
    const console = await t.console('wish-console plan 1');
    expect(console.at(-1)).toMatch(/^2026-01-0\d \d\d:\d\d UTC {2}[12] {2}(?:one|two) things?$/);
  });
});

describe('rooms', () => {
  it('hear little, and only where that is allowed', async () => {
    await using t = await start({ rooms: ['indie'] }, { rooms: ['indie', 'jazz'] });
    await t.say('al', 'indie', '!wish add rare ep');
    expect(t.text('indie')[0]).toBe('Wish 1: rare ep');
    await t.say('al', 'indie', '!wish show 1');
    expect(t.text('indie').at(-1)).toBe('al: I sent you 3 lines in private');
    expect(t.private('al')[0]).toBe('Wish 1: rare ep');
    await t.say('al', 'jazz', '!wish list');
    expect(t.text('jazz')).toEqual(['al: wishes are between the two of us; write to me in private']);
  });

  it('are none of its business without', async () => {
    await using t = await start();
    await t.say('al', 'indie', '!wish list');
    expect(t.text('indie')).toEqual(['al: !wish works in a private message to me only']);
  });

  it('get announcements when a wish says so and the config allows it', async () => {
    await using t = await start({ announce: ['indie'] });
    await t.share('dj', ['music\\Rare EP\\01 - one.flac', 'music\\Rare EP\\02 - two.flac']);
    await talk(t, 'al')('wish add rare ep to=room:indie,me');
    await t.advance('45m');
    expect(t.text('indie')).toEqual([
      expect.stringMatching(/^New for "rare ep": \d\. 0\d - \w+\.flac .* \(\+1\)$/),
    ]);
    expect(t.text('indie').join()).not.toContain('al');
    expect(t.private('al').join('\n')).toContain('Wish 1 "rare ep": 2 found');
  });
});

it('shows long lists in pages', async () => {
  await using t = await start();
  const al = talk(t, 'al');
  for (let i = 1; i <= 10; i += 1) await t.console(`wish-console add thing number${i} for=al`);
  const first = await al('wish list');
  expect(first).toHaveLength(10);
  expect(first[1]).toMatch(/^1: /);
  expect(first.at(-1)).toBe('Page 1 of 2; wish list 2 goes on.');
  expect((await al('wish list 2')).slice(1)).toEqual([
    expect.stringMatching(/^9: /),
    expect.stringMatching(/^10: /),
  ]);
  expect(await al('wish list 3')).toEqual(['There are pages 1 to 2.']);
});

describe('wishes in the config', () => {
  const wishes = ['rare ep class=lossless to=pm:meg', 'other thing id=xy'];

  it('are there once, also after a restart, and are changed there', async () => {
    await using t = await start({ wishes, to: ['pm:boss'] });
    const meg = talk(t, 'meg');
    const names = async () => (await meg('wish list all')).slice(1).map((line) => line.split(':')[0]);
    expect(await names()).toEqual(['rare-ep', 'xy']);
    await t.downtime('1m');
    expect(await names()).toEqual(['rare-ep', 'xy']);
    expect(await meg('wish edit xy z')).toEqual(['Wish xy stands in config.yaml: change it there.']);
    expect(await meg('wish del xy')).toEqual(['Wish xy stands in config.yaml: change it there.']);
    await t.share('dj', ['music\\Rare EP\\1.flac', 'other\\thing.mp3']);
    await t.advance('1h');
    expect(t.private('meg').join('\n')).toContain('Wish rare-ep "rare ep": 1 found');
    expect(t.private('boss').join('\n')).toContain('Wish xy "other thing": 1 found');
    await t.reload({ config: { wishes: wishes.slice(1) } });
    expect((await meg('wish list all')).join('\n')).not.toContain('active — rare');
  });

  it.each([
    [{ wishes: ['x mni=3'] }, /wishes\.0: there is no option mni=; did you mean min=\?/],
    [{ wishes: ['x', 'rare ep', 'Rare, EP'] }, /wishes\.2: the id "rare-ep" is that of wish 2 too/],
    [{ wishes: ['x expires=90d'] }, /wishes\.0: expires= must be a date such as/],
    [{ wishes: ['x id=7'] }, /the id "7" is a number/],
    [{ wishes: ['x paused=yes'] }, /paused= does nothing here/],
    [{ wishes: ['one -"two words" id=', 'one'] }, /the id "one" is that of wish 1 too/],
    [{ wishes: ['ext=flac'] }, /there is nothing to search for/],
    [{ wishes: ['x to=pm:'] }, /pm: needs a name/],
    [{ to: ['me'] }, /"me" is nobody here/],
    [{ line: '{titel}' }, /line: there is nothing for \{titel\}; there are \{number\}/],
    [{ title: '{toString}' }, /title: there is nothing for \{toString\}/],
    [{ slskd: { url: 'nas.lan', apiKey: 'x' } }, /slskd\.url: expected an address/],
  ])('are checked: %j', async (config, expected) => {
    await expect(start(config)).rejects.toThrow(expected);
  });
});

describe('many at once', () => {
  const text = 'rare ep ext=flac\nother thing mni=3\n# no\nthird thing prio=9\nrare ep ext=flac\n';
  const given = (t: TestBot, line: string, input: string) =>
    t.sandbox.run(t.bot.runConsole(line, () => {}, input)).then(({ lines }) => lines);

  it('are shown first, the bad with their lines, and added when confirmed', async () => {
    await using t = await start({ to: ['pm:boss'] });
    const shown = await given(t, 'wish-console import', text);
    expect(shown.slice(0, -1)).toEqual([
      'Read as text: 2 wishes, 2 lines that cannot be taken. Nothing is written yet.',
      'line 1: rare ep ext=flac',
      'line 4: third thing prio=9',
      'line 2 is left out: there is no option mni=; did you mean min=? — other thing mni=3',
      'line 5 is left out: That is line 1 already — rare ep ext=flac',
    ]);
    expect((await t.console('wish-console list')).at(-1)).toBe(
      'There are no wishes. "wish add QUERY" makes one.',
    );
    const token = /confirm (\w+)/u.exec(shown.at(-1) ?? '')?.[1] ?? '';
    expect(await t.console(`wish-console import confirm ${token}`)).toEqual([
      'Added 2 wishes (1 to 2); 0 left out.',
    ]);
    expect(await t.console(`wish-console import confirm ${token}`)).toEqual([
      'There is nothing to confirm under that token; "wish import" shows one.',
    ]);
    expect(await t.console('wish-console export')).toEqual(['rare ep ext=flac', 'third thing prio=9']);
    expect(await t.console('wish-console export csv')).toEqual([
      'query,options',
      'rare ep,ext=flac',
      'third thing,prio=9',
    ]);
  });

  it('are added at once with yes, and round the formats', async () => {
    await using t = await start({ to: ['pm:boss'] });
    expect(
      await given(
        t,
        'wish-console import json yes',
        '[{"query":"aa bb","ext":["flac"],"paused":true},{"query":1}]',
      ),
    ).toEqual(['Added 1 wish (1); 1 left out.', 'line 1 is left out: it has no query — {"query":1}']);
    const out = (await t.console('wish-console export nicotine')).join('\n');
    expect(JSON.parse(out)).toMatchObject([
      { term: 'aa bb', auto_search: false, custom_filters: ['', '', '', '', false, '', 'flac', '', false] },
    ]);
    await t.console('wish-console del 1');
    expect((await given(t, 'wish-console import yes', out))[0]).toBe('Added 1 wish (2); 0 left out.');
    expect(await given(t, 'wish-console import csv', 'no heading')).toEqual([
      'Nothing of it can be read: line 1: the heading of the table must name a column "query".',
    ]);
    expect(await given(t, 'wish-console import pdf', 'x')).toEqual([
      'There is no format "pdf"; there are text, csv, json, nicotine.',
    ]);
  });

  it('can be typed in a chat, and nobody confirms those of another', async () => {
    await using t = await start();
    const [al, bo] = [talk(t, 'al'), talk(t, 'bo')];
    const shown = await al('wish import one thing min=320 | two "things | more"');
    expect(shown.slice(0, 2)).toEqual([
      'Read as text: 2 wishes, 1 line that cannot be taken. Nothing is written yet.',
      'line 1: one thing min=320',
    ]);
    const token = /confirm (\w+)/u.exec(shown.at(-1) ?? '')?.[1] ?? '';
    expect(await bo(`wish import confirm ${token}`)).toEqual([expect.stringContaining('nothing to confirm')]);
    await t.advance('2h');
    expect(await al(`wish import confirm ${token}`)).toEqual([expect.stringContaining('nothing to confirm')]);
  });

  it('does not take two thousand and one', async () => {
    await using t = await start({ to: ['pm:boss'] });
    const lines = Array.from({ length: 2001 }, (_, index) => `thing number${index}`).join('\n');
    expect(await given(t, 'wish-console import', lines)).toEqual([
      'These are 2001 wishes; 2000 is the most.',
    ]);
  });
});

it('asks at the console who is to be told', async () => {
  await using t = await start();
  expect(await t.console('wish-console add rare ep')).toEqual([
    'Who is to be told? Say for=USER, or to=pm:USER, or to=CHANNEL.',
  ]);
  expect((await t.console('wish-console add rare ep to=pm:boss'))[0]).toBe('Wish 1: rare ep to=pm:boss');
});
