import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { World } from './notices.test-support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const hook = 'hook: { kind: webhook, url: { env: HOOK }, secret: { env: SECRET } }';
const HOOK = 'https://hooks.example/T0P/s3cr3t-path';

describe('people and rooms', () => {
  it('are told title, lines and link, as one line each', async () => {
    const world = await World.open();
    const notice = { title: 'Found\r\nit', lines: ['one', 'two\u0000'], link: 'https://x.example/a b' };
    expect(await world.notices.tell('p', [{ pm: 'al' }, { room: 'indie' }], notice)).toMatchObject([
      { target: 'pm:al', state: 'queued' },
      { target: 'room:indie', state: 'queued' },
    ]);
    await world.settle();
    const lines = ['Found it', 'one', 'two', 'https://x.example/a%20b'];
    expect([...(await world.lines())].sort()).toEqual(
      [...lines.map((line) => `al: ${line}`), ...lines.map((line) => `indie: ${line}`)].sort(),
    );
    expect(await world.store.notices.targets()).toEqual([]);
  });

  it('hear the same key once, and a room the same text once in 30 days, whoever tells it', async () => {
    const world = await World.open();
    const states = async (plugin: string, to: { pm: string } | { room: string }, key?: string) =>
      (await world.notices.tell(plugin, [to], { title: 'x', ...(key !== undefined && { key }) })).map(
        ({ state }) => state,
      );
    expect(await states('p', { pm: 'al' }, 'k')).toEqual(['queued']);
    expect(await states('p', { pm: 'al' }, 'k')).toEqual(['repeated']);
    expect(await states('q', { pm: 'al' }, 'k')).toEqual(['queued']);
    expect(await states('p', { room: 'indie' })).toEqual(['queued']);
    expect(await states('q', { room: 'indie' })).toEqual(['same-text']);
    await world.settle();
    await world.crash();
    await world.clock.advance(30 * DAY);
    expect(await states('p', { pm: 'al' }, 'k')).toEqual(['repeated']);
    expect(await states('q', { room: 'indie' })).toEqual(['queued']);
    await world.clock.advance(60 * DAY);
    await world.store.maintain();
    expect(await states('p', { pm: 'al' }, 'k')).toEqual(['queued']);
  });

  it('wait until the bot is online, or in the room', async () => {
    const world = await World.open({ channels: 'staff: { kind: room, room: indie }' });
    world.online = false;
    await world.notices.tell('p', [{ pm: 'al' }, 'staff'], { title: 'x' });
    await world.settle();
    expect(await world.notices.channels()).toMatchObject([{ waiting: 1, problem: 'the bot is not online' }]);
    expect(await world.lines()).toEqual([]);
    world.online = true;
    world.joined = false;
    world.notices.wakeChat();
    await world.settle();
    expect(await world.lines()).toEqual(['al: x']);
    world.joined = true;
    world.notices.wakeChat();
    await world.settle();
    expect(await world.lines()).toEqual(['al: x', 'indie: x']);
    expect(await world.notices.channels()).toEqual([
      { name: 'staff', kind: 'room', digest: 'none', waiting: 0, dead: 0 },
    ]);
  });
});

describe('a webhook', () => {
  it('gets signed JSON with an id', async () => {
    const world = await World.open({ channels: hook });
    world.http.on(HOOK, {});
    const notice = { title: 'x', lines: ['y'], data: { n: 1 }, link: 'javascript:alert(1)', urgent: true };
    const [receipt] = await world.notices.tell('p', ['hook'], notice);
    await world.settle();
    const [{ body, headers } = { body: {}, headers: {} as Record<string, string> }] = world.posted();
    expect(body).toEqual({
      version: 1,
      id: receipt?.id,
      channel: 'hook',
      plugin: 'p',
      at: '2026-01-01T00:00:00.000Z',
      urgent: true,
      title: 'x',
      lines: ['y'],
      notices: [
        {
          id: receipt?.id,
          plugin: 'p',
          at: '2026-01-01T00:00:00.000Z',
          title: 'x',
          lines: ['y'],
          data: { n: 1 },
        },
      ],
    });
    expect(headers['seekeeper-notice']).toBe(receipt?.id);
    const stamp = headers['seekeeper-timestamp'] ?? '';
    expect(stamp).toBe(String(Date.UTC(2026, 0, 1) / 1000));
    const mac = createHmac('sha256', 'very secret')
      .update(`${stamp}.${JSON.stringify(body)}`)
      .digest('hex');
    expect(headers['seekeeper-signature']).toBe(`v1=${mac}`);
    expect(world.http.requests[0]?.request).toMatchObject({ publicOnly: true, redirect: 'manual' });
  });

  it('that hangs delays nobody else, keeps the order, and says what is wrong without its URL', async () => {
    const world = await World.open({
      channels: `${hook}\nother: { kind: webhook, url: { file: f } }`.replace(
        '{ file: f }',
        '"https://other.example/"',
      ),
    });
    let hangs = true;
    world.http.on(HOOK, () => ({ hang: hangs }));
    world.http.on('https://other.example/', {});
    for (const title of ['1', '2', '3'])
      await world.notices.tell('p', ['hook', 'other', { pm: 'al' }], { title });
    await world.settle();
    expect(await world.lines()).toEqual(['al: 1', 'al: 2', 'al: 3']);
    expect(
      world
        .posted()
        .filter(({ url }) => url !== HOOK)
        .map(({ body }) => body['title']),
    ).toEqual(['1', '2', '3']);
    await world.clock.advance(20_000);
    expect((await world.notices.channels())[0]).toMatchObject({
      waiting: 3,
      problem: 'no answer within 15s',
    });
    hangs = false;
    await world.clock.advance(60_000);
    const told = world.posted().filter(({ url }) => url === HOOK);
    expect(told.map(({ body }) => body['title'])).toEqual(['1', '1', '2', '3']);
    expect(new Set(told.map(({ headers }) => headers['seekeeper-notice'])).size).toBe(3);
    expect((await world.notices.channels())[0]).toEqual({
      name: 'hook',
      kind: 'webhook',
      digest: 'none',
      waiting: 0,
      dead: 0,
    });
    expect(JSON.stringify(world.log.lines)).not.toContain('s3cr3t');
    expect(JSON.stringify(world.log.lines)).not.toContain('very secret');
    expect(world.log.at('warn', 'A notice could not be told')).not.toEqual([]);
  });

  it('that answers 500 for a day loses what has waited for a day; its owner hears of it once, and can have it back', async () => {
    const world = await World.open({ channels: hook });
    let status = 500;
    world.http.on(HOOK, () => ({ status }));
    const ttlMs = 30 * DAY;
    await world.notices.tell('p', ['hook'], { title: 'first', ttlMs });
    await world.clock.advance(12 * HOUR);
    await world.notices.tell('p', ['hook'], { title: 'second', ttlMs });
    await world.clock.advance(11 * HOUR);
    expect(world.owners).toEqual([]);
    expect(world.http.requests.length).toBeGreaterThan(15);
    expect(world.http.requests.length).toBeLessThan(40);
    await world.clock.advance(3 * HOUR);
    expect((await world.notices.channels())[0]).toMatchObject({
      waiting: 1,
      dead: 1,
      problem: 'it answered 500',
    });
    expect(world.owners).toHaveLength(1);
    await world.clock.advance(12 * HOUR);
    expect((await world.notices.channels())[0]).toMatchObject({ waiting: 0, dead: 2 });
    expect(world.owners).toHaveLength(1);
    const dead = await world.store.deadNotices.list(10);
    expect(dead.map(({ title, detail }) => [title, detail])).toEqual([
      ['first', 'it answered 500'],
      ['second', 'it answered 500'],
    ]);
    status = 204;
    const before = world.http.requests.length;
    expect(await world.notices.retry(undefined)).toBe(true);
    await world.settle();
    expect(
      world
        .posted()
        .slice(before)
        .map(({ body }) => body['title']),
    ).toEqual(['first', 'second']);
    expect(world.posted()[before]?.headers['seekeeper-notice']).toBe(dead[0]?.parcel);
    expect(await world.notices.retry(undefined)).toBe(false);
  });

  it('that redirects to a private address is not followed there, and by itself may not be private', async () => {
    const world = await World.open({ channels: hook });
    let reply: { status: number; headers: Record<string, string> } | { error: string } = {
      status: 302,
      headers: { location: 'http://192.168.1.1/admin' },
    };
    world.http.on(HOOK, () => reply);
    world.http.on('http://192.168.1.1/', {});
    await world.notices.tell('p', ['hook'], { title: 'x' });
    await world.settle();
    expect(world.http.requests.map(({ request }) => request.url)).toEqual([HOOK]);
    expect((await world.notices.channels())[0]?.problem).toMatch(/redirects elsewhere \(302\)/);
    reply = { error: 'EPRIVATE' };
    await world.clock.advance(60_000);
    expect((await world.notices.channels())[0]?.problem).toMatch(/private: true/);
    await world.clock.advance(2 * DAY);
    expect(world.http.requests.every(({ request }) => request.url === HOOK)).toBe(true);
    expect((await world.notices.channels())[0]).toMatchObject({ waiting: 0, dead: 1 });
  });

  it('that does not take one notice gets the next one', async () => {
    const world = await World.open({ channels: hook });
    world.http.on(HOOK, ({ body }) => ({ status: String(body).includes('bad') ? 422 : 200 }));
    for (const title of ['bad', 'good']) await world.notices.tell('p', ['hook'], { title });
    await world.settle();
    expect(world.posted().map(({ body }) => body['title'])).toEqual(['bad', 'good']);
    expect((await world.notices.channels())[0]).toEqual({
      name: 'hook',
      kind: 'webhook',
      digest: 'none',
      waiting: 0,
      dead: 1,
    });
    expect(world.owners).toHaveLength(1);
  });
});

describe('what waits', () => {
  it('keeps its order over a restart, and is not sent twice', async () => {
    const world = await World.open({ channels: hook });
    world.http.on(HOOK, { error: 'ECONNREFUSED' });
    for (const title of ['1', '2', '3']) await world.notices.tell('p', ['hook'], { title });
    await world.clock.advance(5_000);
    await world.crash();
    world.http.on(HOOK, {});
    const before = world.http.requests.length;
    await world.notices.tell('p', ['hook'], { title: '4' });
    await world.clock.advance(60_000);
    await world.crash();
    await world.clock.advance(60_000);
    expect(
      world
        .posted()
        .slice(before)
        .map(({ body }) => body['title']),
    ).toEqual(['1', '2', '3', '4']);
  });

  it('is not told when it is not worth telling any more, and may be told anew', async () => {
    const world = await World.open({ channels: hook });
    world.http.on(HOOK, { status: 503 });
    const notice = { title: 'x', key: 'k', ttlMs: HOUR };
    await world.notices.tell('p', ['hook'], notice);
    await world.clock.advance(2 * HOUR);
    expect((await world.notices.channels())[0]).toMatchObject({ waiting: 0, dead: 0 });
    expect(world.decisions).toEqual(['tell hook: it waited until it was not worth telling any more']);
    expect(await world.notices.tell('p', ['hook'], notice)).toMatchObject([{ state: 'queued' }]);
  });

  it('is bounded, for each target by itself', async () => {
    const world = await World.open({ channels: hook });
    world.http.on(HOOK, { hang: true });
    const tell = (to: string | { pm: string }) =>
      world.store.notices.add(
        [
          {
            id: String(Math.floor(ids++)),
            target: typeof to === 'string' ? to : `pm:${to.pm}`,
            instance: 'p',
            group: 'p',
            digest: 'none',
            urgent: false,
            madeAt: 0,
            expiresAt: 9e15,
            title: 'x',
            lines: [],
          },
        ],
        { total: 5, target: 3 },
      );
    let ids = 1;
    for (let n = 0; n < 3; n++) expect(await tell('hook')).toEqual(['queued']);
    expect(await tell('hook')).toEqual(['full']);
    expect(await tell({ pm: 'al' })).toEqual(['queued']);
    expect(await tell({ pm: 'bo' })).toEqual(['queued']);
    expect(await tell({ pm: 'cy' })).toEqual(['full']);
  });

  it('for a channel that there is not is refused by name, and given up when the config loses it', async () => {
    const world = await World.open({ channels: hook });
    await expect(world.notices.tell('p', ['hok'], { title: 'x' })).rejects.toMatchObject({
      code: 'invalid',
      message: 'bot.notify: there is no channel "hok"; did you mean "hook"?',
    });
    world.http.on(HOOK, { hang: true });
    await world.notices.tell('p', ['hook'], { title: 'x' });
    await world.settle();
    const other = await World.open({ channels: 'other: { kind: pm, user: al }' });
    other.backend = await world.backend.revive();
    await other.live();
    expect(await other.store.deadNotices.counts()).toEqual([{ target: 'hook', waiting: 0, dead: 1 }]);
  });

  it('leaves at once when the clock is set back a week or forward a day', async () => {
    const world = await World.open({ channels: `${hook}\nlog: { kind: pm, user: al, digest: day }` });
    world.http.on(HOOK, {});
    await world.notices.tell('p', ['log'], { title: 'digest' });
    world.clock.jumpWallClock(-7 * DAY);
    await world.notices.tell('p', ['hook'], { title: 'back' });
    await world.settle();
    expect(world.posted().map(({ body }) => body['title'])).toEqual(['back']);
    await world.clock.advance(HOUR);
    expect(await world.lines()).toEqual(['al: digest']);
    world.http.on(HOOK, { status: 500 });
    await world.notices.tell('p', ['hook'], { title: 'forth' });
    await world.settle();
    world.clock.jumpWallClock(DAY);
    await world.clock.advance(HOUR);
    // One day by the clock, but only an hour of trying.
    expect((await world.notices.channels())[0]).toMatchObject({ waiting: 1, dead: 0 });
  });
});
