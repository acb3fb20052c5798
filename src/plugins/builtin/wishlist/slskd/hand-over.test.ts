import { type TestBot, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';
import * as wishlist from '../index.ts';
import { StandInSlskd } from './stand-in.test-support.ts';

const BASE = 'http://nas.lan:5030';
const roles = { owner: ['boss'], mod: ['meg'], trusted: ['al'] };
const ONE = 'music\\Rare EP\\01 - one.flac';

let t: TestBot;
let begun = 0;
afterEach(() => t.dispose());

/** A bot with an slskd, and wish 1 of meg that two people can fulfil. */
async function scene(
  part: object = {},
  { key = 'a-key-of-16-signs', base = BASE, hosts = ['nas.lan:5030'] } = {},
) {
  const file = new URL('../index.ts', import.meta.url);
  t = await testBot(wishlist, file, {
    roles,
    config: { slskd: { url: base, apiKey: key, ...part } },
    host: { privateHosts: hosts },
  });
  const slskd = new StandInSlskd(t.web, base);
  // At the start it was not there yet.
  await t.advance('2m');
  begun = t.logs().length;
  return slskd;
}

async function found(): Promise<void> {
  await t.share('dj', [ONE, 'music\\Rare EP\\02 - two.flac']);
  await t.share('ed', ['stuff\\Rare EP\\01 - one.flac']);
  await t.pm('meg', 'wish add rare ep');
  await t.advance('45m');
}

async function meg(text: string): Promise<readonly string[]> {
  const before = t.private('meg').length;
  await t.pm('meg', text);
  return t.private('meg').slice(before);
}

const warnings = () =>
  t
    .logs()
    .slice(begun)
    .filter(({ message }) => message === 'slskd cannot be used')
    .map(({ fields }) => fields['why']);

describe('downloading', () => {
  it('follows the word of whoever was told, and says how it ended', async () => {
    const slskd = await scene();
    await found();
    expect(t.private('meg').at(-1)).toMatch(
      /^Answer "yes" for \d, or "get NUMBER", to have it downloaded\.$/,
    );
    expect(slskd.asked).toEqual([]);
    expect(await meg('get 1')).toEqual([expect.stringMatching(/^Getting 0\d - \w+\.flac from \w+/)]);
    await t.advance('10s');
    expect(slskd.asked).toHaveLength(1);
    expect(await meg('get 1 1')).toEqual([expect.stringMatching(/^That is being downloaded already/)]);
    for (const user of ['dj', 'ed']) slskd.end(user, 'Succeeded');
    await t.advance('10m');
    expect(t.private('meg').at(-1)).toMatch(/^Downloaded: 0\d - /);
    expect(await t.store.keys('job/')).toEqual([]);
  });

  it('asks the next one who has it, also over a crash, and a request that was lost is no second download', async () => {
    const slskd = await scene();
    await found();
    const of = async () =>
      (await meg('wish results 1')).find((line) => line.includes('01 - one') && line.includes('from dj'));
    const number = /^(\d+)\./u.exec((await of()) ?? '')?.[1];
    // The request gets there, its answer does not.
    const lost = t.web.on('POST', `${BASE}/api/v0/transfers/downloads/batches`, { hang: true });
    await meg(`wish get 1 ${number}`);
    await t.advance('40s');
    lost();
    expect(warnings()).toEqual(['slskd at nas.lan:5030 does not answer']);
    await t.downtime('1m', 'kill');
    await t.advance('3m');
    expect(slskd.asked).toEqual([`dj: ${ONE}`]);
    slskd.end('dj', 'Rejected');
    await t.advance('10m');
    expect(slskd.asked).toEqual([`dj: ${ONE}`, 'ed: stuff\\Rare EP\\01 - one.flac']);
    slskd.end('ed', 'Succeeded');
    await t.advance('10m');
    expect(t.private('meg').at(-1)).toBe('Downloaded: 01 - one.flac');
  });

  it('takes a whole folder from who has all of it', async () => {
    const slskd = await scene();
    await found();
    const lines = await meg('wish results 1');
    const number = /^(\d+)\./u.exec(lines.find((line) => line.includes('from dj')) ?? '')?.[1];
    expect(await meg(`wish get 1 ${number} folder`)).toEqual([
      expect.stringMatching(/^Getting Rare EP \(2 files\) from dj\.$/),
    ]);
    await t.advance('10s');
    expect(slskd.asked).toEqual([`dj: ${ONE}, music\\Rare EP\\02 - two.flac`]);
  });

  it('waits as long as slskd says, and asks for one thing at a time', async () => {
    const slskd = await scene();
    await found();
    const busy = { status: 429, headers: { 'retry-after': '120' } };
    slskd.instead.push(busy);
    await meg('wish get 1 1');
    await meg('wish get 1 2');
    await t.advance('90s');
    expect(slskd.asked).toEqual([]);
    await t.advance('60s');
    expect(slskd.asked).toHaveLength(2);
  });

  it('tries a broken slskd again, later and later, and says so once', async () => {
    const slskd = await scene();
    await found();
    for (let i = 0; i < 4; i += 1) slskd.instead.push({ status: 500 });
    await meg('wish get 1 1');
    await t.advance('1m');
    expect(warnings()).toEqual(['slskd answers 500']);
    expect(await meg('wish get 1 2')).toEqual([
      expect.stringContaining('It waits, because slskd answers 500.'),
    ]);
    await t.advance('2h');
    expect(slskd.asked).toHaveLength(2);
    expect(warnings()).toEqual(['slskd answers 500']);
  });

  it('gives up when nobody is there, after trying for a day', async () => {
    const slskd = await scene();
    await found();
    slskd.offline.add('dj').add('ed');
    await meg('wish get 1 1');
    await t.advance('2d');
    expect(slskd.asked.length).toBeGreaterThanOrEqual(4);
    expect(t.private('meg').at(-1)).toMatch(/^Could not be downloaded from anybody: /);
  });

  it('does without batches where slskd has none', async () => {
    const slskd = await scene();
    slskd.old = true;
    await found();
    await meg('yes');
    await t.advance('10s');
    for (const user of ['dj', 'ed']) slskd.end(user, 'Succeeded');
    await t.advance('10m');
    expect(t.private('meg').at(-1)).toMatch(/^Downloaded: /);
  });
});

describe('the rule', () => {
  it('downloads by itself what is good enough, so many a day, and the rest waits for a word', async () => {
    const slskd = await scene({ mode: 'rule', rule: { minScore: 0, perDay: 1 } });
    await found();
    await t.advance('1m');
    expect(slskd.asked).toHaveLength(1);
    expect((await t.why()).filter(({ what }) => what === 'download')[0]?.reason).toMatch(
      /wait for approval: the rule allows 1 a day/,
    );
  });

  it('is for those who may have something downloaded', async () => {
    const slskd = await scene({ mode: 'rule', rule: { minScore: 0 } });
    await t.share('dj', [ONE]);
    await t.pm('al', 'wish add rare ep');
    await t.advance('45m');
    expect(t.private('al').join('\n')).toContain('Wish 1 "rare ep": 1 found');
    expect(slskd.asked).toEqual([]);
  });

  it('leaves alone what is not', async () => {
    const slskd = await scene({ mode: 'rule', rule: { minScore: 100 } });
    await found();
    expect(slskd.asked).toEqual([]);
  });
});

describe('who may not', () => {
  it('is told nothing of it', async () => {
    const slskd = await scene();
    await t.share('dj', [ONE]);
    await t.pm('al', 'wish add rare ep');
    await t.advance('45m');
    expect(t.private('al').join('\n')).toContain('1 found');
    expect(t.private('al').join('\n')).not.toContain('yes');
    const before = t.private('al').length;
    await t.pm('al', 'yes');
    expect(t.private('al').length).toBe(before);
    await t.pm('al', 'wish get 1 1');
    expect(t.private('al').at(-1)).toMatch(/^You may not have anything downloaded/);
    expect(slskd.asked).toEqual([]);
  });
});

describe('an slskd that cannot be used', () => {
  it('because it has the account of the bot', async () => {
    const slskd = await scene();
    slskd.account = 'seekeeper';
    await t.downtime('1m');
    await t.advance('1s');
    expect(warnings().at(-1)).toMatch(/uses the bot's own Soulseek account "seekeeper"/);
    await found();
    expect(await meg('yes')).toEqual([expect.stringContaining("It waits, because slskd uses the bot's own")]);
    await t.advance('2h');
    expect(slskd.asked).toEqual([]);
    slskd.account = 'other';
    await t.advance('2h');
    expect(slskd.asked).toHaveLength(1);
  });

  it.each([
    [{ key: 'wrong' }, 'slskd does not know the API key (apiKey)'],
    [
      { base: 'http://192.168.1.5:5030', hosts: [] },
      "192.168.1.5:5030 is not on the public internet: list it in config.yaml, under this plugin: private-hosts: ['192.168.1.5:5030']",
    ],
  ])('says why: %j', async (over, why) => {
    await scene({}, over);
    await t.downtime('1m');
    await t.advance('1s');
    expect(warnings().at(-1)).toBe(why);
    expect(JSON.stringify(t.logs())).not.toContain('a-key-of-16-signs');
  });

  it('is not asked when it is switched off', async () => {
    await scene({ mode: 'off' });
    expect(t.web.requests).toEqual([]);
    expect(await meg('wish get 1 1')).toEqual([expect.stringContaining('Nothing can be downloaded')]);
  });
});
