import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deferred } from './deferred.ts';
import type { Http, HttpError, HttpRequest } from './http.ts';
import { FetchHttp } from './real/fetch-http.ts';
import { VirtualClock } from './virtual/virtual-clock.ts';
import { VirtualHttp } from './virtual/virtual-http.ts';

interface World {
  readonly http: Http;
  /** What every URL begins with. */
  readonly base: string;
  readonly run: <T>(body: () => Promise<T>) => Promise<T>;
}

async function realWorld(): Promise<World> {
  const server: Server = createServer((request, response: ServerResponse) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.url === '/echo') {
        const said = `${request.method} ${String(request.headers['x-test'])} ${Buffer.concat(parts).toString()}`;
        response.writeHead(201, { 'X-Answer': 'Yes' }).end(said);
      } else if (request.url === '/moved') {
        response.writeHead(302, { Location: '/echo' }).end();
      } else if (request.url === '/large') {
        // Without a length, so that only counting finds out.
        response.write(Buffer.alloc(600));
        response.end(Buffer.alloc(600));
      } else if (request.url === '/gzip') {
        response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100_000)));
      } else if (request.url === '/half') {
        response.writeHead(200).write('half');
      } else if (request.url === '/broken') {
        request.socket.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    http: new FetchHttp(),
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    run: (body) => body(),
  };
}

async function virtualWorld(): Promise<World> {
  const clock = new VirtualClock();
  const http = new VirtualHttp(clock);
  const base = 'http://site.test';
  http.on(`${base}/echo`, ({ method, headers, body }) => ({
    status: 201,
    headers: { 'X-Answer': 'Yes' },
    body: `${method} ${headers?.['x-test']} ${String(body ?? '')}`,
    delayMs: 10,
  }));
  http.on(/\/moved$/g, { status: 302, headers: { Location: '/echo' } });
  http.on(`${base}/large`, { body: new Uint8Array(1200) });
  http.on(`${base}/gzip`, { body: new Uint8Array(100_000) });
  http.on(`${base}/half`, { hang: true });
  http.on('GET', `${base}/broken`, { error: 'UND_ERR_SOCKET' });
  return { http, base, run: (body) => clock.run(body) };
}

describe.each([
  ['fetch', realWorld],
  ['a virtual web', virtualWorld],
])('HTTP over %s', (_name, make) => {
  const check = (
    title: string,
    body: (ask: (path: string, more?: Partial<HttpRequest>) => ReturnType<Http['request']>) => Promise<void>,
  ) =>
    test(title, async () => {
      const { http, base, run } = await make();
      await run(() =>
        body((path, more) =>
          http.request({ method: 'GET', url: base + path, timeoutMs: 20_000, maxBytes: 1000, ...more }),
        ),
      );
    });

  check('sends method, headers and body; gives status, headers and body', async (ask) => {
    const response = await ask('/echo', { method: 'POST', headers: { 'x-test': 'a' }, body: 'hello' });
    expect([response.status, response.headers['x-answer']]).toEqual([201, 'Yes']);
    expect(new TextDecoder().decode(response.body)).toBe('POST a hello');
  });

  check('hands redirects over unless told to follow them', async (ask) => {
    const moved = await ask('/moved');
    expect([moved.status, moved.headers['location']]).toEqual([302, '/echo']);
    const followed = await ask('/moved', {
      redirect: 'follow',
      method: 'POST',
      headers: { 'x-test': 'b' },
      body: 'x',
    });
    expect(new TextDecoder().decode(followed.body)).toBe('GET b ');
  });

  check('refuses what is too large, unpacked size included', async (ask) => {
    for (const path of ['/large', '/gzip']) {
      await expect(ask(path)).rejects.toMatchObject({ name: 'HttpError', code: 'ETOOLARGE' });
    }
    expect((await ask('/large', { maxBytes: 1200 })).body).toHaveLength(1200);
  });

  check('the timeout covers the body', async (ask) => {
    await expect(ask('/half', { timeoutMs: 50 })).rejects.toMatchObject({
      name: 'HttpError',
      code: 'ETIMEDOUT',
    });
  });

  check('can be aborted before and while it runs', async (ask) => {
    await expect(ask('/echo', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORT_ERR' });
    const controller = new AbortController();
    const asking = ask('/half', { signal: controller.signal });
    controller.abort();
    await expect(asking).rejects.toMatchObject({ name: 'HttpError', code: 'ABORT_ERR' });
  });

  check('a broken exchange tells the code of the system', async (ask) => {
    await expect(ask('/broken')).rejects.toMatchObject({ name: 'HttpError', code: 'UND_ERR_SOCKET' });
  });
});

test('a URL that is none is an HttpError', async () => {
  const asking = new FetchHttp().request({ method: 'GET', url: 'nonsense', timeoutMs: 1000, maxBytes: 1 });
  await expect(asking).rejects.toMatchObject({ name: 'HttpError', code: 'ERR_INVALID_URL' });
});

describe('a virtual web', () => {
  const ask = { method: 'GET', timeoutMs: 1000, maxBytes: 100 };

  test('records requests, redirects included; the newest route wins; routes can be taken away', async () => {
    const clock = new VirtualClock({ startAt: 5000 });
    const http = new VirtualHttp(clock);
    http.on('http://a/', { status: 301, headers: { location: 'http://b/' } });
    http.on('http://b/', { body: 'b' });
    const undo = http.on('http://b/', { body: 'new' });
    const get = async () => {
      const response = await clock.run(http.request({ ...ask, url: 'http://a/', redirect: 'follow' }));
      return new TextDecoder().decode(response.body);
    };
    expect(await get()).toBe('new');
    undo();
    await clock.advance(100);
    expect(await get()).toBe('b');
    expect(http.requests.map(({ at, request }) => `${at} ${request.url}`)).toEqual([
      '5000 http://a/',
      '5000 http://b/',
      '5100 http://a/',
      '5100 http://b/',
    ]);
    expect(clock.pending).toBe(0);
  });

  test('no route, a failing route, a slow route, an endless redirect', async () => {
    const clock = new VirtualClock();
    const http = new VirtualHttp(clock);
    const gate = deferred();
    http.on('http://throws/', () => {
      throw new TypeError('oops');
    });
    http.on('http://slow/', { delayMs: 1001 });
    http.on('http://gate/', () => gate.promise.then(() => ({ status: 204 })));
    http.on('http://loop/', { status: 307, headers: { location: 'http://loop/' } });
    const code = (url: string) =>
      clock.run(http.request({ ...ask, url, redirect: 'follow' })).then(
        (response) => response.status,
        (error: unknown) => (error as HttpError).code,
      );
    expect(await code('http://none/')).toBe('ENOTFOUND');
    expect(await code('http://throws/')).toBe('EROUTE');
    expect(await code('http://slow/')).toBe('ETIMEDOUT');
    expect(await code('http://loop/')).toBe('ERR_TOO_MANY_REDIRECTS');
    clock.setTimeout(gate.resolve, 999);
    expect(await code('http://gate/')).toBe(204);
    expect(clock.pending).toBe(0);
  });
});
