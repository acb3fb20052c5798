import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from '../notices.test-support.ts';

const NASTY = {
  title: 'Mix\r\nBcc: x@y\u0000 @everyone **bold** <b>',
  lines: ['[click](https://evil.example) _x_', 'ünïcode 🎵\u2028next'],
  link: 'https://ok.example/a?b=c&d',
};
const at = (text: string) => Date.parse(text);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seekeeper-notify-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const problem = async (world: World) => (await world.notices.channels())[0]?.problem;

describe('discord', () => {
  const channels = 'd: { kind: discord, url: { env: HOOK }, username: Bot }';
  const URL = 'https://hooks.example/T0P/s3cr3t-path?wait=true';

  it('gets text without markup and mentions', async () => {
    const world = await World.open({ channels });
    world.http.on(URL, {});
    await world.notices.tell('p', ['d'], NASTY);
    await world.settle();
    expect(world.posted()).toMatchObject([
      {
        url: URL,
        body: {
          username: 'Bot',
          allowed_mentions: { parse: [] },
          content:
            'Mix Bcc: x@y  @everyone \\*\\*bold\\*\\* \\<b\\>\n\\[click\\]\\(https://evil.example\\) \\_x\\_\nünïcode 🎵 next\nhttps://ok.example/a?b=c&d',
        },
      },
    ]);
  });

  it('gets no more than 2,000 characters, and the rest counted', async () => {
    const world = await World.open({ channels });
    world.http.on(URL, {});
    await world.notices.tell('p', ['d'], {
      title: 'x',
      lines: Array.from({ length: 50 }, (_, n) => `${n} ${'_'.repeat(97)}`),
    });
    await world.notices.tell('p', ['d'], {
      title: '🎵'.repeat(100),
      lines: ['x'.repeat(2_000), '🎵'.repeat(900)],
    });
    await world.settle();
    const [many, long] = world.posted().map(({ body }) => String(body['content']));
    expect(many?.length).toBeLessThanOrEqual(2_000);
    expect(many).toMatch(/^x\n0 .*… and 40 more lines$/su);
    expect(long?.length).toBeLessThanOrEqual(2_000);
    expect(long).toMatch(/… and 2 more lines$/u);
  });

  it('is left alone for as long as it says', async () => {
    const world = await World.open({ channels });
    let busy = true;
    world.http.on(URL, () =>
      busy ? { status: 429, body: '{"message":"slow down","retry_after":1234.5}' } : {},
    );
    await world.notices.tell('p', ['d'], { title: 'x' });
    await world.settle();
    expect(await problem(world)).toBe('it answered 429: slow down');
    busy = false;
    await world.clock.advance(1_230_000);
    expect(world.posted()).toHaveLength(1);
    await world.clock.advance(10_000);
    expect(world.posted()).toHaveLength(2);
    expect(await problem(world)).toBeUndefined();
  });
});

describe('ntfy', () => {
  it('gets title, tags, priority and link as JSON, with a token', async () => {
    const world = await World.open({
      channels:
        'n: { kind: ntfy, url: "http://10.0.0.2:8080", private: true, topic: { env: SECRET }, token: { file: t }, tags: [musical_note] }',
    });
    world.http.on('http://10.0.0.2:8080', {});
    await world.notices.tell('p', ['n'], NASTY);
    await world.notices.tell('p', ['n'], { title: 'alone', urgent: true });
    await world.settle();
    const [first, second] = world.posted();
    expect(first?.body).toEqual({
      topic: 'very secret',
      title: 'Mix Bcc: x@y  @everyone **bold** <b>',
      message: '[click](https://evil.example) _x_\nünïcode 🎵 next',
      priority: 3,
      tags: ['musical_note'],
      click: NASTY.link,
    });
    expect(second?.body).toEqual({
      topic: 'very secret',
      message: 'alone',
      priority: 5,
      tags: ['musical_note'],
    });
    expect(first?.headers['authorization']).toBe('Bearer from a file');
    expect(world.http.requests[0]?.request.publicOnly).toBeUndefined();
  });

  it('gets at most 4,096 bytes', async () => {
    const world = await World.open({ channels: 'n: { kind: ntfy, topic: { env: SECRET } }' });
    world.http.on('https://ntfy.sh', {});
    await world.notices.tell('p', ['n'], {
      title: 'x',
      lines: Array.from({ length: 50 }, () => 'ü'.repeat(500)),
    });
    await world.settle();
    const message = String(world.posted()[0]?.body['message']);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
    expect(message).toMatch(/… and 46 more lines$/u);
  });
});

describe('telegram', () => {
  const channels = 't: { kind: telegram, token: { env: SECRET }, chat: "-1001", thread: 7 }';
  const given = /^https:\/\/api\.telegram\.org\/botvery secret\/sendMessage$/u;

  it('gets plain text, cut at 4,096 characters', async () => {
    const world = await World.open({ channels });
    world.http.on(given, {});
    await world.notices.tell('p', ['t'], NASTY);
    await world.notices.tell('p', ['t'], {
      title: 'x',
      lines: Array.from({ length: 9 }, () => 'y'.repeat(1_000)),
    });
    await world.settle();
    const [first, second] = world.posted();
    expect(first?.body).toEqual({
      chat_id: '-1001',
      message_thread_id: 7,
      text: `Mix Bcc: x@y  @everyone **bold** <b>\n[click](https://evil.example) _x_\nünïcode 🎵 next\n${NASTY.link}`,
      link_preview_options: { is_disabled: true },
    });
    expect(String(second?.body['text']).length).toBeLessThanOrEqual(4_096);
  });

  it('is left alone for as long as it says, and told of when it refuses', async () => {
    const world = await World.open({ channels });
    let reply = {
      status: 429,
      body: '{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":600}}',
    };
    world.http.on(given, () => reply);
    await world.notices.tell('p', ['t'], { title: 'x' });
    await world.settle();
    await world.clock.advance(590_000);
    expect(world.posted()).toHaveLength(1);
    reply = { status: 400, body: '{"ok":false,"description":"Bad Request: chat not found"}' };
    await world.clock.advance(20_000);
    expect(world.posted()).toHaveLength(2);
    const [dead] = await world.store.deadNotices.list(1);
    expect(dead?.detail).toBe('it answered 400: Bad Request: chat not found');
    expect(JSON.stringify([world.log.lines, world.owners, dead])).not.toContain('very secret');
  });
});

describe('email', () => {
  const channels =
    'm: { kind: email, host: smtp.example, user: bot, password: { env: SECRET }, from: "Bot <bot@example.org>", to: [me@example.org] }';

  it('has one subject line and always the same id', async () => {
    const world = await World.open({ channels });
    world.mail.on({ hang: true });
    const [receipt] = await world.notices.tell('p', ['m'], NASTY);
    await world.clock.advance(16_000);
    expect(await problem(world)).toBe('not taken within 15s');
    world.mail.on({});
    await world.clock.advance(60_000);
    expect(world.mail.requests).toHaveLength(2);
    expect(world.mail.requests[1]?.request).toMatchObject({
      server: {
        host: 'smtp.example',
        port: 587,
        security: 'starttls',
        publicOnly: true,
        login: { user: 'bot', password: 'very secret' },
      },
      message: {
        from: 'Bot <bot@example.org>',
        to: ['me@example.org'],
        subject: 'Mix Bcc: x@y  @everyone **bold** <b>',
        messageId: `<${receipt?.id}@example.org>`,
      },
    });
    expect(world.mail.requests[0]?.request.message).toEqual(world.mail.requests[1]?.request.message);
  });

  it.each([
    ['EAUTH', 'the server does not take the login', 1],
    ['EPRIVATE', 'its host is not on the public internet; "private: true" in the config allows that', 1],
    ['ECONNRESET', 'the exchange failed (ECONNRESET)', 1],
    ['EREFUSED', undefined, 0],
  ])('that fails with %s', async (error, trouble, waiting) => {
    const world = await World.open({ channels });
    world.mail.on({ error });
    await world.notices.tell('p', ['m'], { title: 'x' });
    await world.settle();
    expect(await problem(world)).toBe(trouble);
    expect((await world.notices.channels())[0]).toMatchObject({ waiting, dead: 1 - waiting });
  });
});

describe('jsonl', () => {
  const path = () => join(folder, 'log.jsonl');
  const channels = () => `j: { kind: jsonl, path: ${path()} }`;
  const titles = () =>
    readFileSync(path(), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { title?: string }).title);

  it('grows by a line each, also behind a line without an end, and repairs one that was torn', async () => {
    const world = await World.open({ channels: channels() });
    writeFileSync(path(), '{"title":"mine"}');
    await world.notices.tell('p', ['j'], { title: '1', lines: ['a\nb'], data: { x: [1] } });
    await world.settle();
    expect(titles()).toEqual(['mine', '1']);
    appendFileSync(path(), '{"version":1,"id":"abc","ti');
    await world.notices.tell('p', ['j'], { title: '2' });
    await world.settle();
    expect(titles()).toEqual(['mine', '1', '2']);
  });

  it('waits for its folder, and never writes to what is no file', async () => {
    const world = await World.open({ channels: `j: { kind: jsonl, path: ${join(folder, 'sub', 'log')} }` });
    await world.notices.tell('p', ['j'], { title: '1' });
    await world.settle();
    expect(await problem(world)).toBe('its folder does not exist');
    mkdirSync(join(folder, 'sub', 'log'), { recursive: true });
    await world.clock.advance(60_000);
    expect(await problem(world)).toBe('there is something at its path that is no file');
    rmSync(join(folder, 'sub', 'log'), { recursive: true });
    await world.clock.advance(120_000);
    expect(existsSync(join(folder, 'sub', 'log'))).toBe(true);
  });
});

describe('a feed', () => {
  const path = () => join(folder, 'feed.xml');
  const channels = (format: string) =>
    `f: { kind: feed, path: ${path()}, format: ${format}, keep: 2, title: "Finds & more", digest: hour }`;

  it('in RSS has the newest first, no more than it keeps, and nothing that is not XML', async () => {
    const world = await World.open({ channels: channels('rss'), startAt: at('2026-01-01T10:00:00Z') });
    for (const title of ['old', 'a', 'b']) {
      await world.notices.tell('p', ['f'], { title, urgent: title === 'old' });
      if (title === 'old') await world.clock.advance(1_000);
    }
    await world.clock.advance(3_600_000);
    expect(readFileSync(path(), 'utf8')).toMatch(/<title>p: 2 notices<\/title>.*<title>old<\/title>/su);
    await world.crash();
    await world.notices.tell('p', ['f'], { ...NASTY, urgent: true });
    await world.settle();
    const text = readFileSync(path(), 'utf8');
    expect(text).toContain('<title>Mix Bcc: x@y  @everyone **bold** &lt;b&gt;</title>');
    expect(text).toContain('<link>https://ok.example/a?b=c&amp;d</link>');
    expect(text.match(/<item>/gu)).toHaveLength(2);
    expect(text).toContain('• a\n• b');
    expect(text).not.toContain('>old<');
    expect(existsSync(`${path()}.new`)).toBe(false);
  });

  it('in Atom has what the format wants', async () => {
    const world = await World.open({ channels: channels('atom'), startAt: at('2026-01-01T10:00:00Z') });
    const [receipt] = await world.notices.tell('p', ['f'], {
      title: 'a',
      lines: ['b'],
      link: 'https://x.example/',
      urgent: true,
    });
    await world.settle();
    expect(readFileSync(path(), 'utf8')).toBe(`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:seekeeper:feed/f</id>
<title>Finds &amp; more</title>
<updated>2026-01-01T10:00:00.000Z</updated>
<author><name>seekeeper</name></author>
<generator>seekeeper</generator>
<link href="https://www.slsknet.org/"/>
<entry>
<id>urn:seekeeper:${receipt?.id}</id>
<title>a</title>
<updated>2026-01-01T10:00:00.000Z</updated>
<link href="https://x.example/"/>
<content type="text">b</content>
</entry>
</feed>
`);
  });
});

describe('a template', () => {
  it('says how it reads; what is put in is never a template itself', async () => {
    const world = await World.open({
      channels:
        'me: { kind: pm, user: al, timezone: Europe/Berlin, template: "{plugin} at {time}, {count}: {title} {{x}}\\n{lines}\\n{link}" }',
      startAt: at('2026-01-01T10:00:00Z'),
    });
    await world.notices.tell('p', ['me'], { title: '{link}', lines: ['{count}'] });
    await world.settle();
    expect(await world.lines()).toEqual(['al: p at 2026-01-01 11:00, 1: {link} {x}', 'al: {count}']);
  });
});

describe('a test of a channel', () => {
  it('goes past the queue, and says what came of it', async () => {
    const world = await World.open({
      channels: `hook: { kind: webhook, url: { env: HOOK }, quiet: "00:00-23:59" }\nme: { kind: pm, user: al }`,
    });
    world.http.on('https://hooks.example/', { status: 401 });
    const outcome = world.notices.test('hook');
    await world.settle();
    expect(await outcome).toEqual({ how: 'failed', problem: 'it answered 401' });
    const said = world.notices.test('me');
    await world.settle();
    expect(await said).toEqual({ how: 'told' });
    expect((await world.lines())[0]).toBe('al: Seekeeper: a test');
    expect(await world.notices.test('nobody')).toBeUndefined();
    expect((await world.notices.channels()).map(({ waiting, dead }) => waiting + dead)).toEqual([0, 0]);
  });
});
