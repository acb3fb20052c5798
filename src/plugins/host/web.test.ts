import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { VirtualHttp } from '../../platform/virtual/virtual-http.ts';
import { HostWeb } from './web.ts';

function world(privateHosts: readonly string[] = []) {
  const clock = new VirtualClock();
  const http = new VirtualHttp(clock);
  const web = new HostWeb(http, () => clock.monotonic(), privateHosts);
  const fetch = (url: unknown, options?: unknown) => clock.run(web.fetch(url, options));
  return { clock, http, web, fetch };
}

describe('a request', () => {
  it('brings the answer as text, in the charset that it names', async () => {
    const { http, fetch } = world();
    http.on('http://a.example/', {
      headers: { 'Content-Type': 'text/html; charset=iso-8859-1' },
      body: Uint8Array.of(0x4d, 0xfc),
    });
    expect(await fetch('http://a.example/')).toMatchObject({
      status: 200,
      ok: true,
      text: 'Mü',
      cut: false,
      url: 'http://a.example/',
    });
  });

  it('follows redirects, checks each, and leaves secrets behind', async () => {
    const { http, fetch } = world();
    http.on('http://a.example/', { status: 302, headers: { Location: 'https://b.example/x' } });
    http.on('https://b.example/x', { body: 'there' });
    const answer = await fetch('http://a.example/', {
      method: 'POST',
      body: 'secret',
      headers: { Authorization: 'Bearer x', 'X-Key': 'y', Accept: 'text/html' },
    });
    expect(answer).toMatchObject({ url: 'https://b.example/x', text: 'there' });
    expect(http.requests[1]?.request).toMatchObject({ method: 'GET', publicOnly: true });
    expect(http.requests[1]?.request.body).toBeUndefined();
    expect(http.requests[1]?.request.headers).toEqual({ accept: 'text/html', 'user-agent': 'Seekeeper' });
  });

  it.each(['http://127.0.0.1/', 'http://[::1]:8080/', 'http://10.0.0.1/', 'http://localhost/'])(
    'is not led to %s',
    async (target) => {
      const { http, fetch } = world();
      http.on('http://a.example/', { status: 301, headers: { Location: target } });
      await expect(fetch('http://a.example/')).rejects.toMatchObject({ code: 'web-failed' });
      await expect(fetch(target)).rejects.toThrow(/EPRIVATE/);
    },
  );

  it('reaches a private host that the config lists', async () => {
    const { http, fetch } = world(['127.0.0.1:8080']);
    http.on('http://127.0.0.1', { body: 'ntfy' });
    expect(await fetch('http://127.0.0.1:8080/topic')).toMatchObject({ text: 'ntfy' });
    await expect(fetch('http://127.0.0.1:9090/')).rejects.toThrow(/EPRIVATE/);
  });

  it('is not led from a public host to a private one that the config lists', async () => {
    const { http, fetch } = world(['10.0.0.1']);
    http.on('http://a.example/', { status: 302, headers: { Location: 'http://10.0.0.1/' } });
    http.on('http://10.0.0.1/', { body: 'secret' });
    await expect(fetch('http://a.example/')).rejects.toThrow(/EPRIVATE/);
    expect((await fetch('http://10.0.0.1/')).text).toBe('secret');
  });

  it('ends: after too many redirects, in time, and with the plugin', async () => {
    const { http, web, clock, fetch } = world();
    http.on('http://loop.example/', { status: 307, headers: { Location: '/' } });
    http.on('http://slow.example/', { hang: true });
    await expect(fetch('http://loop.example/')).rejects.toThrow(/5 redirects/);
    expect((await fetch('http://loop.example/', { redirects: 0 })).status).toBe(307);
    await expect(fetch('http://slow.example/', { timeout: '3s' })).rejects.toMatchObject({ code: 'timeout' });
    const last = web.fetch('http://slow.example/', undefined);
    last.catch(() => {});
    await clock.advance(10);
    web.close();
    await expect(last).rejects.toMatchObject({ code: 'unloaded' });
  });

  it('is one of four; the others wait', async () => {
    const { http, web, clock } = world();
    http.on('http://a.example/', { delayMs: 100 });
    const all = Array.from({ length: 9 }, () => web.fetch('http://a.example/', undefined));
    await clock.advance(50);
    expect(http.requests).toHaveLength(4);
    await clock.run(Promise.all(all));
    expect(http.requests.map(({ at }) => at - http.requests[0]!.at)).toEqual([
      0, 0, 0, 0, 100, 100, 100, 100, 200,
    ]);
  });

  it('cuts or refuses a long answer', async () => {
    const { http, fetch } = world();
    http.on('http://a.example/', { body: 'abcdef' });
    expect(await fetch('http://a.example/', { maxBytes: 3, tooLong: 'cut' })).toMatchObject({
      text: 'abc',
      cut: true,
    });
    await expect(fetch('http://a.example/', { maxBytes: 3 })).rejects.toThrow(/longer than 3/);
  });
});

it.each([
  [7, {}],
  ['nothing', {}],
  ['ftp://a.example/', {}],
  ['http://me:secret@a.example/', {}],
  ['http://a.example/', { method: 'TRACE' }],
  ['http://a.example/', { body: 'x'.repeat(300_000) }],
  ['http://a.example/', { headers: { 'a b': 'c' } }],
  ['http://a.example/', { headers: { a: 'b\r\nc: d' } }],
  ['http://a.example/', { headers: { Host: 'b' } }],
  ['http://a.example/', { maxBytes: 1e9 }],
  ['http://a.example/', { redirects: 99 }],
  ['http://a.example/', { timeout: '2h' }],
  ['http://a.example/', { tooLong: 'ignore' }],
])('refuses %j %j', async (url, options) => {
  await expect(world().fetch(url, options)).rejects.toMatchObject({ code: 'invalid' });
});
