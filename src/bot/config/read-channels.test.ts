import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { loadConfig } from './load-config.ts';

const env = {
  SECRET: 'very secret',
  PRIVATE: 'http://10.0.0.1/very-secret',
  USER: 'https://me:very-secret@x.example/',
  NO_URL: 'very secret',
};
const load = (channel: string, withoutSecrets = false) =>
  loadConfig({
    path: '/x/config.yaml',
    text: `bot: { user: roomkeeper, password: { env: SECRET }, timezone: Europe/Berlin }\nrooms: [indie]\nnotify:\n  channels:\n    ${channel}\n`,
    env,
    files: { read: () => 'from a file\n', mode: () => 0o600 },
    withoutSecrets,
  });

/** What is said about a channel, without the place. */
const said = (channel: string) => {
  const loaded = load(channel);
  const found = loaded.ok ? loaded.warnings : loaded.diagnostics;
  const lines = found.map((one) => formatDiagnostic(one).replace(/^\S+ /u, ''));
  expect(lines.join('\n')).not.toMatch(/very.secret/u);
  return lines;
};

const channelOf = (channel: string) => {
  const loaded = load(channel);
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(formatDiagnostic).join('\n'));
  expect(loaded.warnings).toEqual([]);
  return loaded.config.notify.channels[0];
};

describe('a channel', () => {
  it('is read with its defaults', () => {
    expect(channelOf('me: { kind: pm, user: al }')).toEqual({
      name: 'me',
      kind: 'pm',
      user: 'al',
      maxLines: 10,
      digest: 'none',
      digestAt: 480,
      timezone: 'Europe/Berlin',
      timeoutMs: 15_000,
    });
    expect(
      channelOf('m: { kind: email, host: smtp.example, security: tls, from: a@b.c, to: [d@e.f] }'),
    ).toMatchObject({ port: 465, security: 'tls', private: false });
    expect(channelOf('f: { kind: feed, path: sub/feed.xml }')).toMatchObject({
      path: '/x/sub/feed.xml',
      keep: 50,
    });
    expect(
      channelOf('q: { kind: pm, user: al, quiet: 22:00-07:00, digest-at: 8:30, timezone: UTC, timeout: 1m }'),
    ).toMatchObject({ quiet: { from: 1320, to: 420 }, digestAt: 510, timezone: 'UTC', timeoutMs: 60_000 });
  });

  it('finds its secrets, and never shows them', () => {
    const channel = channelOf('t: { kind: telegram, token: { file: token }, chat: "@room" }');
    expect(channel).toMatchObject({ kind: 'telegram' });
    expect(channel?.kind === 'telegram' && channel.token.reveal()).toBe('from a file');
    expect(JSON.stringify(channel)).not.toContain('from a file');
  });

  it('without its secret is there, and says why it cannot be used', () => {
    const loaded = load('d: { kind: discord, url: { env: NOPE } }');
    expect(loaded.ok && loaded.warnings.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', 'the environment variable NOPE is not set: the channel cannot be used'],
    ]);
    expect(loaded.ok && loaded.config.notify.channels).toMatchObject([
      { broken: 'the environment variable NOPE is not set' },
    ]);
    const unasked = load('d: { kind: discord, url: { env: NOPE } }', true);
    expect(unasked.ok && unasked.warnings).toEqual([]);
  });

  it('with private: true may be at home', () => {
    expect(channelOf('w: { kind: webhook, url: { env: PRIVATE }, private: true }')).toMatchObject({
      private: true,
    });
    expect(
      channelOf('m: { kind: email, host: localhost, from: a@b.c, to: [d@e.f], private: true }'),
    ).toMatchObject({
      host: 'localhost',
    });
  });
});

describe('what is wrong with a channel is said with its place', () => {
  const PLACE = 'notify.channels.x';
  const KINDS = 'pm, room, webhook, discord, ntfy, telegram, email, feed, jsonl';
  it.each([
    [
      'x: { kind: webhok }',
      [`${PLACE}.kind: expected one of ${KINDS}; got "webhok"; did you mean "webhook"?`],
    ],
    ['x: { user: al }', [`${PLACE}.kind: expected one of ${KINDS}; got nothing`]],
    ['x: text', [`${PLACE}: expected a map (key: value), got "text"`]],
    [
      '"a:b": { kind: pm, user: al }',
      ['notify.channels."a:b": expected a name of 1 to 32 letters, digits, "_" and "-"'],
    ],
    ['x: { kind: pm, user: al, digets: hour }', [`${PLACE}.digets: unknown key; did you mean "digest"?`]],
    [
      'x: { kind: jsonl, path: x, template: "{title}" }',
      [
        `${PLACE}.template: unknown key (known here: kind, path, digest, digest-at, quiet, timezone, timeout)`,
      ],
    ],
    [
      'x: { kind: pm, user: al, template: "{titel}" }',
      [
        `${PLACE}.template: expected a template: unknown placeholder {titel} (there are {title} {lines} {count} {link} {plugin} {time}), got "{titel}"; did you mean "title"?`,
      ],
    ],
    [
      'x: { kind: pm, user: al, quiet: 22-7 }',
      [`${PLACE}.quiet: expected two different times of day such as "22:00-07:00", got "22-7"`],
    ],
    [
      'x: { kind: pm, user: al, digest-at: 25:00 }',
      [`${PLACE}.digest-at: expected a time of day such as "08:00", got "25:00"`],
    ],
    [
      'x: { kind: room, room: Indie }',
      [
        `${PLACE}.room: the room "Indie" is not among "rooms", so nothing can be said there; did you mean "indie"?`,
      ],
    ],
    [
      'x: { kind: webhook, url: "https://x.example/very-secret" }',
      [
        `warning: ${PLACE}.url: stands in the file itself: { env: NAME } or { file: PATH } keep it out of backups and screenshots`,
      ],
    ],
    ['x: { kind: webhook }', [`${PLACE}.url: expected { env: NAME }, { file: PATH } or a text in quotes`]],
    [
      'x: { kind: webhook, url: { env: PRIVATE } }',
      [`${PLACE}.url: the host is not on the public internet; "private: true" allows that`],
    ],
    [
      'x: { kind: webhook, url: { env: USER } }',
      [`${PLACE}.url: expected a URL without a name and password in it`],
    ],
    [
      'x: { kind: webhook, url: { env: NO_URL } }',
      [`${PLACE}.url: expected a URL that begins with https:// or http://`],
    ],
    [
      'x: { kind: webhook, url: { very-secret: x } }',
      [`${PLACE}.url: expected { env: NAME }, { file: PATH } or a text in quotes`],
    ],
    [
      'x: { kind: email, host: "::1", from: a@b.c, to: [d@e.f] }',
      [`${PLACE}.host: the host is not on the public internet; "private: true" allows that`],
    ],
    [
      'x: { kind: email, host: h.example, user: u, from: "a@b.c\\r\\nBcc: x@y", to: [] }',
      [
        `${PLACE}.from: expected an address such as bot@example.org, or "A name <bot@example.org>", got "a@b.c\\r\\nBcc: x@y"`,
        `${PLACE}.to: expected at least one address, got a list`,
      ],
    ],
    [
      'x: { kind: email, host: h.example, user: u, from: a@b.c, to: [d@e.f] }',
      [`${PLACE}.user: a login needs both "user" and "password"`],
    ],
    [
      'x: { kind: email, host: h.example, security: none, user: u, password: { env: SECRET }, from: a@b.c, to: [d@e.f] }',
      [`warning: ${PLACE}.security: the password goes over the network in clear`],
    ],
  ])('%s', (channel, messages) => {
    expect(said(channel)).toEqual(messages);
  });
});
