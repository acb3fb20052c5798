import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nullLog } from '../../platform/null-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { controlRequest } from './control-client.ts';
import { ControlError } from './control-error.ts';
import { controlPath } from './control-path.ts';
import { ControlServer, type ControlServerOptions } from './control-server.ts';
import { LineSplitter, MAX_REQUEST, parseFrame, parseRequest } from './frames.ts';

let folder: string;
let path: string;
let clock: VirtualClock;
let servers: ControlServer[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ctl-'));
  path = controlPath(join(folder, 'bot.db'));
  clock = new VirtualClock();
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

const serve = async (handle: ControlServerOptions['handle']) => {
  const server = await ControlServer.listen({ path, handle, clock, log: nullLog });
  servers.push(server);
  return server;
};
const ask = (
  command: string,
  args?: unknown,
  over: { onData?: (data: unknown) => void; signal?: AbortSignal } = {},
) => controlRequest(path, { command, args }, { clock, ...over });
const never = new Promise<never>(() => {});

it('carries a request there, data and a result back', async () => {
  await serve(async (request, { emit }) => {
    emit({ line: 1 });
    emit('zwei 🎵\n');
    return request;
  });
  const data: unknown[] = [];
  const args = { text: 'x'.repeat(100_000), list: [null, 1] };
  expect(await ask('status', args, { onData: (each) => data.push(each) })).toEqual({
    command: 'status',
    args,
  });
  expect(data).toEqual([{ line: 1 }, 'zwei 🎵\n']);
  expect(await Promise.all([ask('a'), ask('b')])).toMatchObject([{ command: 'a' }, { command: 'b' }]);
});

it('is open to its owner only', async () => {
  await serve(async () => 1);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('carries errors of handlers back', async () => {
  await serve(async ({ command }) => {
    if (command === 'known') throw new ControlError('unknown-command', 'No such command');
    throw new TypeError('broken');
  });
  await expect(ask('known')).rejects.toMatchObject({
    name: 'ControlError',
    code: 'unknown-command',
    message: 'No such command',
  });
  await expect(ask('other')).rejects.toMatchObject({ code: 'failed', message: 'broken' });
});

it('says that no bot runs, also when a dead one left its socket or there is something else', async () => {
  await expect(ask('x')).rejects.toMatchObject({ code: 'not-running' });
  writeFileSync(path, '');
  await expect(ask('x')).rejects.toMatchObject({ code: 'not-running' });
  await serve(async () => 'now');
  expect(await ask('x')).toBe('now');
});

it('tells the handler when the other side goes away', async () => {
  let aborted!: () => void;
  const gone = new Promise<void>((resolve) => {
    aborted = resolve;
  });
  await serve(async (_request, { emit, signal }) => {
    signal.addEventListener('abort', aborted);
    emit('ready');
    return never;
  });
  const cancel = new AbortController();
  await expect(
    ask('watch', undefined, { signal: cancel.signal, onData: () => cancel.abort() }),
  ).rejects.toMatchObject({ code: 'cancelled' });
  await gone;
  await expect(ask('x', undefined, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

it('gives up on a bot that is silent, and tells when one goes away', async () => {
  const arrivals: (() => void)[] = [];
  const arrival = () => new Promise<void>((resolve) => arrivals.push(resolve));
  const [first, second] = [arrival(), arrival()];
  const server = await serve(async () => {
    arrivals.shift()?.();
    return never;
  });
  const silent = ask('x').catch((error: unknown) => error);
  await first;
  await clock.advance(10_000);
  expect(await silent).toMatchObject({ code: 'timeout' });
  const cut = ask('y').catch((error: unknown) => error);
  await second;
  await server.close();
  expect(await cut).toMatchObject({ code: 'closed' });
  expect(existsSync(path)).toBe(false);
});

describe('what is no request', () => {
  const send = (text: string): Promise<string> =>
    new Promise((resolve) => {
      let answer = '';
      const socket = connect(path, () => socket.write(text));
      socket.on('data', (chunk) => {
        answer += chunk.toString();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer));
      socket.on('end', () => socket.end());
    });

  it.each([
    ['GET / HTTP/1.1\n', 'protocol'],
    ['{"command":5}\n', 'protocol'],
    ['null\n', 'protocol'],
    ['x'.repeat(MAX_REQUEST + 1), 'too-large'],
  ])('%.20j is refused', async (text, code) => {
    await serve(async () => 1);
    expect(JSON.parse(await send(text))).toMatchObject({ type: 'error', code });
  });

  it('silence is ended after a while', async () => {
    await serve(async () => 1);
    const waiting = send('{"comm');
    while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(10_000);
    expect(await waiting).toBe('');
  });

  it('parsing never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        fc.array(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
        (line, chunks) => {
          parseRequest(line);
          parseFrame(line);
          const splitter = new LineSplitter(10);
          for (const chunk of chunks) splitter.push(chunk);
        },
      ),
    );
  });
});

describe('the path of the socket', () => {
  it('is beside the store', () => {
    expect(controlPath(join(folder, 'bot.db'))).toBe(join(folder, 'bot.db.sock'));
  });

  it('is elsewhere when that is too long for a socket, and works there', async () => {
    const deep = join(folder, 'd'.repeat(60), 'e'.repeat(60));
    mkdirSync(deep, { recursive: true });
    path = controlPath(join(deep, 'bot.db'));
    expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100);
    expect(path).not.toBe(controlPath(join(deep, 'other.db')));
    expect(statSync(dirname(path)).mode & 0o077).toBe(0);
    await serve(async () => 'far');
    expect(await ask('x')).toBe('far');
  });
});
