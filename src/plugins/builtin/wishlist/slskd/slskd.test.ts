import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../../platform/virtual/virtual-clock.ts';
import { VirtualHttp } from '../../../../platform/virtual/virtual-http.ts';
import { HostWeb } from '../../../host/web.ts';
import { find } from '../finds.test-support.ts';
import { AccountGuard } from './account-guard.ts';
import { downloadAnswer } from './answers.ts';
import { type DownloadJob, looked, nextSource, sent } from './download-job.ts';
import { guid } from './guid.ts';
import { passed } from './rule.ts';
import { SlskdApi, type Transfer } from './slskd-api.ts';
import { sourcesOf } from './sources.ts';
import { StandInSlskd } from './stand-in.test-support.ts';

const BASE = 'http://nas.lan:5030';
const FILE = [{ filename: 'music\\a b.flac', size: 5 }];

function scene({ base = BASE, key = 'a-key-of-16-signs', hosts = ['nas.lan:5030'] } = {}) {
  const clock = new VirtualClock();
  const http = new VirtualHttp(clock);
  const slskd = new StandInSlskd(http, base);
  const web = new HostWeb(http, () => clock.monotonic(), hosts);
  return {
    clock,
    http,
    slskd,
    api: new SlskdApi((url, request) => clock.run(web.fetch(url, request)), `${base}/`, key),
  };
}

describe('the API of slskd', () => {
  it('asks for files under an id, and the same request twice is one', async () => {
    const { api, slskd, http } = scene();
    expect(await api.enqueueBatch('id-1', 'two words', FILE)).toEqual({ how: 'taken' });
    expect(await api.enqueueBatch('id-1', 'two words', FILE)).toEqual({ how: 'taken' });
    expect(slskd.transfers).toHaveLength(1);
    expect(http.requests[0]?.request).toMatchObject({
      method: 'POST',
      url: `${BASE}/api/v0/transfers/downloads/batches`,
      headers: { 'x-api-key': 'a-key-of-16-signs', 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'id-1', username: 'two words', files: FILE }),
    });
    expect(await api.batch('id-1')).toEqual([
      { id: 't0', filename: FILE[0]!.filename, state: 'pending', queued: true },
    ]);
    expect(await api.batch('id-2')).toBeUndefined();
    slskd.end('two words', 'Succeeded');
    expect(await api.batch('id-1')).toMatchObject([{ state: 'succeeded' }]);
  });

  it('tells who is offline, and what slskd does not take', async () => {
    const { api, slskd } = scene();
    slskd.offline.add('al');
    expect(await api.enqueueBatch('a', 'al', FILE)).toEqual({
      how: 'refused',
      why: 'User al appears to be offline',
    });
    expect(await api.enqueueBatch('b', 'bo', [{ filename: 'banned', size: 1 }])).toEqual({
      how: 'refused',
      why: 'already in progress',
    });
    expect(await api.enqueueBatch('c', 'bo', [{ filename: 'banned', size: 1 }, ...FILE])).toEqual({
      how: 'taken',
    });
  });

  it('does without batches', async () => {
    const { api, slskd, http } = scene();
    slskd.old = true;
    expect(await api.enqueueBatch('a', 'x/y ?', FILE)).toEqual({ how: 'old' });
    expect(await api.enqueue('x/y ?', FILE)).toEqual({ how: 'taken' });
    expect(http.requests.at(-1)?.request.url).toBe(`${BASE}/api/v0/transfers/downloads/x%2Fy%20%3F`);
    expect(await api.downloads('x/y ?')).toMatchObject([{ filename: FILE[0]!.filename, state: 'pending' }]);
    await api.cancel('x/y ?', 't0');
    expect(await api.downloads('x/y ?')).toMatchObject([{ state: 'cancelled' }]);
    expect(await api.downloads('nobody')).toEqual([]);
    slskd.offline.add('al');
    expect(await api.enqueue('al', FILE)).toMatchObject({ how: 'refused' });
  });

  it.each([
    [
      { status: 429, headers: { 'Retry-After': '7' } },
      { how: 'busy', waitMs: 7000 },
    ],
    [
      {
        status: 429,
        headers: { 'Retry-After': 'Thu, 01 Jan 2026 00:01:00 GMT', Date: 'Thu, 01 Jan 2026 00:00:00 GMT' },
      },
      { how: 'busy', waitMs: 60_000 },
    ],
    [
      { status: 429, body: 'Only one concurrent operation is permitted' },
      { how: 'busy', waitMs: undefined },
    ],
    [
      { status: 429, headers: { 'Retry-After': 'soon' } },
      { how: 'busy', waitMs: undefined },
    ],
    [{ status: 500 }, { how: 'trouble', why: 'slskd answers 500' }],
    [{ status: 401 }, { how: 'trouble', why: 'slskd does not know the API key (apiKey)' }],
    [{ status: 403 }, { how: 'trouble', why: expect.stringContaining('its role or its addresses') }],
    [
      { status: 302, headers: { location: 'http://10.0.0.1/' } },
      { how: 'trouble', why: expect.stringContaining('sends elsewhere (302)') },
    ],
    [
      { status: 200, body: '<html>' },
      { how: 'trouble', why: expect.stringContaining('is not slskd') },
    ],
    [
      { error: 'ECONNREFUSED' },
      { how: 'trouble', why: expect.stringContaining('slskd at nas.lan:5030 cannot be reached') },
    ],
  ])('makes of %j: %j', async (reply, expected) => {
    const { api, slskd } = scene();
    slskd.instead.push(reply);
    expect(await api.enqueueBatch('a', 'al', FILE)).toEqual(expected);
  });

  it('waits half a minute for one that hangs', async () => {
    const { api, slskd, clock } = scene();
    slskd.instead.push({ hang: true });
    const begun = clock.now();
    const answer = await api.enqueueBatch('a', 'al', FILE);
    expect(clock.now() - begun).toBe(30_000);
    expect(answer).toEqual({ how: 'trouble', why: 'slskd at nas.lan:5030 does not answer' });
  });

  it('says what to do about a host that is not allowed, and about a wrong key', async () => {
    const far = scene({ base: 'http://192.168.1.5:5030', hosts: [] });
    await expect(far.api.account()).rejects.toThrow(
      "192.168.1.5:5030 is not on the public internet: list it in config.yaml, under this plugin: private-hosts: ['192.168.1.5:5030']",
    );
    await expect(scene({ key: 'wrong' }).api.account()).rejects.toThrow('does not know the API key');
  });

  it('never tells the key to another host', async () => {
    const { api, slskd, http } = scene();
    slskd.instead.push({ status: 307, headers: { location: 'http://evil.example/' } });
    await expect(api.account()).rejects.toThrow('sends elsewhere');
    expect(http.requests).toHaveLength(1);
  });

  it('keeps away from an slskd with the account of the bot', async () => {
    const { api, slskd, http } = scene();
    const guard = new AccountGuard(api, 'Seekeeper');
    await guard.check(0);
    const { length } = http.requests;
    await guard.check(1000);
    expect(http.requests).toHaveLength(length);
    slskd.account = 'seekeeper';
    await expect(guard.check(4_000_000)).rejects.toThrow("slskd uses the bot's own Soulseek account");
    // Logged out it does not show in the state, but in the options.
    slskd.loggedIn = false;
    await expect(guard.check(4_000_000)).rejects.toThrow('Give slskd an account of its own');
  });

  it('takes anything for an answer without failing in another way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom(200, 201, 207, 404, 500), async (value, status) => {
        const { api, slskd } = scene();
        const reply = { status, body: JSON.stringify(value) };
        slskd.instead.push(reply, reply, reply);
        await api.enqueueBatch('a', 'al', FILE);
        await api.downloads('al').catch((error: unknown) => expect(error).toHaveProperty('message'));
        await api.batch('a').catch((error: unknown) => expect(error).toHaveProperty('message'));
      }),
    );
  });
});

describe('sources', () => {
  const results = [
    find(1, 'al', 'm\\ep\\1.flac'),
    find(2, 'al', 'm\\ep\\2.flac'),
    find(3, 'bo', 'x\\1.flac', { score: 60 }),
    find(4, 'cy', 'y\\1.flac', { score: 90 }),
    find(5, 'cy', 'y\\2.flac', { score: 90 }),
    find(6, 'al', 'm\\other\\3.flac'),
  ];
  const users = (whole: boolean) =>
    sourcesOf(results[0]!, results, whole).map(({ user, files }) => [user, files.length]);

  it('are all who have the file, whoever was found first', () => {
    expect(users(false)).toEqual([
      ['al', 1],
      ['cy', 1],
      ['bo', 1],
    ]);
    expect(sourcesOf(results[0]!, results, false)[1]?.files).toEqual([
      { filename: 'y\\1.flac', size: 12_345_678 },
    ]);
  });

  it('of a folder are those who have everything of it', () => {
    expect(users(true)).toEqual([
      ['al', 2],
      ['cy', 2],
    ]);
  });
});

describe('a download', () => {
  const job = (over: Partial<DownloadJob> = {}): DownloadJob => ({
    id: '3:1',
    wish: '3',
    wisher: 'al',
    label: 'x',
    sources: ['bo', 'cy'].map((user) => ({
      user,
      files: ['1', '2'].map((name) => ({ filename: `${user}\\${name}`, size: 1 })),
    })),
    wanted: [0, 1],
    createdAt: 0,
    state: 'sent',
    sentAt: 0,
    source: 0,
    round: 0,
    batch: 'g0',
    old: false,
    polls: 0,
    nextAt: 0,
    ...over,
  });
  const transfer = (filename: string, state: Transfer['state'], queued = false): Transfer => ({
    id: filename,
    filename,
    state,
    queued,
  });
  const options = { patienceMs: 1000, guid: () => 'g1' };

  it('is done when everything came', () => {
    expect(
      looked(job(), [transfer('bo\\1', 'succeeded'), transfer('bo\\2', 'succeeded')], 5, options),
    ).toEqual({
      step: { end: 'done' },
      verdicts: [{ user: 'bo', how: 'good' }],
      stale: [],
    });
  });

  it('goes on with the next user for what did not come', () => {
    const { step, verdicts } = looked(
      job(),
      [transfer('bo\\1', 'succeeded'), transfer('bo\\2', 'failed')],
      5,
      options,
    );
    expect(verdicts).toEqual([{ user: 'bo', how: 'bad' }]);
    expect(step).toMatchObject({
      next: { source: 1, wanted: [1], state: 'waiting', batch: 'g1', nextAt: 5 },
    });
  });

  it('ends when somebody cancelled it', () => {
    expect(
      looked(job(), [transfer('bo\\1', 'cancelled'), transfer('bo\\2', 'pending')], 5, options).step,
    ).toEqual({ end: 'cancelled' });
  });

  it('waits in a queue, but not for ever when somebody else has it', () => {
    const queued = [transfer('bo\\1', 'pending', true), transfer('bo\\2', 'pending', true)];
    expect(looked(job(), queued, 5, options).step).toMatchObject({ next: { state: 'sent', polls: 1 } });
    const late = looked(job(), queued, 2000, options);
    expect(late.step).toMatchObject({ next: { source: 1, state: 'waiting' } });
    expect(late.stale).toEqual(queued);
    expect(looked(job({ sources: job().sources.slice(0, 1) }), queued, 2000, options).step).toMatchObject({
      next: { state: 'sent' },
    });
    const comes = [transfer('bo\\1', 'pending', false), queued[1]!];
    expect(looked(job(), comes, 2000, options).step).toMatchObject({ next: { state: 'sent' } });
  });

  it('that slskd knows nothing of goes to the next user, without a word against this one', () => {
    expect(looked(job(), undefined, 5, options)).toMatchObject({
      step: { next: { source: 1 } },
      verdicts: [],
    });
  });

  it('tries all again later, three times', () => {
    let now = 0;
    let step = nextSource(job({ source: 1 }), now, () => 'g');
    const waits: number[] = [];
    while ('next' in step) {
      waits.push(step.next.nextAt - now);
      now = step.next.nextAt;
      step = nextSource(sent(step.next, now), now, () => 'g');
    }
    expect(waits).toEqual([3_600_000, 0, 21_600_000, 0, 86_400_000, 0]);
    expect(step).toEqual({ end: 'given-up' });
  });
});

describe('the rule', () => {
  const rule = { minScore: 70, kinds: ['new', 'better'] as const, maxMegabytes: 100, perDay: 5 };

  it('lets through what is good, of the right kind, and not too large; the best of each content', () => {
    const finds = [
      find(1, 'al', 'a\\1.flac', { score: 75 }),
      find(2, 'bo', 'b\\1.flac', { score: 90 }),
      find(3, 'al', 'a\\2.flac', { score: 69 }),
      find(4, 'al', 'a\\3.flac', { kind: 'source' }),
      find(5, 'al', 'a\\4.flac', { kind: 'better' }),
    ];
    const huge = find(6, 'al', 'a\\5.flac');
    const all = [
      ...finds,
      { ...huge, hit: { ...huge.hit, size: 2e8 } },
      { ...huge, content: 'l', hit: { ...huge.hit, locked: true } },
    ];
    expect(passed(all, rule).map(({ number }) => number)).toEqual([2, 5]);
  });
});

it.each([
  ['yes', { folder: false }],
  ['Yes!', { folder: false }],
  ['ja folder', { folder: true }],
  ['get 2', { number: 2, folder: false }],
  ['get 3 2', { wish: '3', number: 2, folder: false }],
  ['GET rare-ep 12 folder', { wish: 'rare-ep', number: 12, folder: true }],
  ['yesterday', undefined],
  ['yes please tell me', undefined],
  ['get lost', undefined],
  ['get', undefined],
])('reads the answer %j', (text, expected) => {
  expect(downloadAnswer(text)).toEqual(expected);
});

it('makes GUIDs', () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (numbers) => {
        expect(guid(() => numbers.next().value as number)).toMatch(
          /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u,
        );
      },
    ),
  );
});
