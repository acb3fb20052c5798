import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HttpRequest } from '../http.ts';
import { isPublicAddress } from '../public-address.ts';
import { FetchHttp } from './fetch-http.ts';
import { type Guard, guardedExchange } from './guarded-exchange.ts';

let server: Server;
let port = 0;
let served = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    served += 1;
    if (request.url === '/moved') response.writeHead(302, { Location: '/x' }).end();
    else response.writeHead(200, { 'X-Host': request.headers.host }).end('x'.repeat(1000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const ask = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  timeoutMs: 10_000,
  maxBytes: 10_000,
  publicOnly: true,
  ...more,
});
const never = new AbortController().signal;
/** Names lead to these addresses. */
const names =
  (...addresses: string[]): LookupFunction =>
  (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
const guard = (lookup: LookupFunction, allows = isPublicAddress): Guard => ({ lookup, allows });

it.each(['127.0.0.1', 'localhost', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254'])(
  'does not go to %s',
  async (host) => {
    const before = served;
    await expect(new FetchHttp().request(ask(`http://${host}:${port}/`))).rejects.toMatchObject({
      code: 'EPRIVATE',
    });
    expect(served).toBe(before);
  },
);

it('looks at what a name leads to, all of it', async () => {
  for (const lookup of [names('127.0.0.1'), names('8.8.8.8', '10.0.0.1'), names('fd00::1')])
    await expect(
      guardedExchange(ask(`http://evil.example:${port}/`), never, guard(lookup)),
    ).rejects.toMatchObject({ code: 'EPRIVATE' });
});

it('goes where it may, under the name that was asked for', async () => {
  const response = await guardedExchange(
    ask(`http://good.example:${port}/`),
    never,
    guard(names('127.0.0.1'), () => true),
  );
  expect(response).toMatchObject({ status: 200, headers: { 'x-host': `good.example:${port}` } });
  expect(response.body.length).toBe(1000);
});

it('cuts, or refuses, what is too long', async () => {
  const open = guard(names('127.0.0.1'), () => true);
  const url = `http://good.example:${port}/`;
  const cut = await guardedExchange(ask(url, { maxBytes: 10, cut: true }), never, open);
  expect([cut.body.length, cut.cut]).toEqual([10, true]);
  await expect(guardedExchange(ask(url, { maxBytes: 10 }), never, open)).rejects.toMatchObject({
    code: 'ETOOLARGE',
  });
});

it('hands redirects back', async () => {
  const response = await guardedExchange(
    ask(`http://good.example:${port}/moved`),
    never,
    guard(names('127.0.0.1'), () => true),
  );
  expect(response).toMatchObject({ status: 302, headers: { location: '/x' } });
});

it('refuses other protocols', async () => {
  await expect(new FetchHttp().request(ask('file:///etc/passwd'))).rejects.toMatchObject({ code: 'EINVAL' });
});
