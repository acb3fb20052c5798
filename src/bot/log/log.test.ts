import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { Secret } from '../config/secret.ts';
import { type LogOptions, openLog } from './open-log.ts';

const collect = async (over: Partial<LogOptions> = {}) => {
  const lines: string[] = [];
  const clock = new VirtualClock();
  const open = await openLog({
    level: 'trace',
    format: 'json',
    to: { write: (line) => lines.push(line) },
    clock,
    ...over,
  });
  return { ...open, lines, clock, last: () => JSON.parse(lines.at(-1)!) as Record<string, unknown> };
};

describe('a log', () => {
  it("writes a line at once, with the clock's time and the fields of its parents", async () => {
    const { log, last, clock } = await collect();
    log.child({ plugin: 'seen' }).child({ room: 'den' }).warn('It happened', { count: 3 });
    expect(last()).toEqual({
      level: 'warn',
      time: new Date(clock.now()).toISOString(),
      plugin: 'seen',
      room: 'den',
      count: 3,
      msg: 'It happened',
    });
  });

  it('leaves out what is less important than its level, without looking at it', async () => {
    const { log, lines } = await collect({ level: 'warn' });
    log.info('no', {
      get field() {
        throw new Error('looked');
      },
    });
    log.warn('yes');
    expect(lines).toHaveLength(1);
  });

  it('hides passwords, tokens, private text and Secrets, at any depth', async () => {
    const { log, lines, last } = await collect();
    log.info('x', {
      password: 'hunter2',
      nested: { list: [{ api_secret: 'hunter2', botToken: 'hunter2' }], privateText: 'hunter2' },
      config: { user: 'me', pw: new Secret('hunter2') },
      token: 4711,
    });
    log.child({ Password: { env: 'hunter2' } }).info('y');
    expect(lines.join('')).not.toContain('hunter2');
    expect(JSON.parse(lines[0]!)).toMatchObject({ token: 4711, config: { user: 'me', pw: '[secret]' } });
    expect(last()['Password']).toBe('[secret]');
  });

  it('hides the secrets that it knows wherever they turn up', async () => {
    const { log, lines } = await collect({ secrets: ['hunter2"', 'abc'] });
    log.info('said hunter2" here', {
      error: new Error('login as me/hunter2"'),
      ['hunter2"']: 1,
      word: 'abcd',
    });
    expect(lines.join('')).not.toContain('hunter2');
    expect(lines.join('')).toContain('abcd');
  });

  it('writes errors with their cause and code', async () => {
    const { log, last } = await collect();
    log.error('x', {
      error: Object.assign(new Error('outer', { cause: new TypeError('inner') }), { code: 'full' }),
    });
    expect(last()['error']).toMatchObject({
      type: 'Error',
      message: 'outer',
      code: 'full',
      cause: { type: 'TypeError', message: 'inner' },
    });
  });

  it('takes whatever it is given', async () => {
    const { log, lines, last } = await collect();
    const circle: Record<string, unknown> = { big: 10n, map: new Map([['a', 1]]), bytes: new Uint8Array(3) };
    circle['self'] = circle;
    log.info('x', circle);
    expect(last()).toMatchObject({ big: '10', self: '[circular]', bytes: '[3 bytes]' });
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true })),
        fc.string(),
        (fields, text) => {
          log.info(text, fields);
          JSON.parse(lines.at(-1)!);
        },
      ),
    );
  });

  it.each(['json', 'pretty'] as const)('lets nobody command the terminal (%s)', async (format) => {
    const { log, lines } = await collect({ format });
    log.info('\u001b[2J', { text: '\u001b]0;x\u0007 \u009b2J \u202e', error: new Error('\u001b[31m') });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
    expect(lines.join('')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('is readable when pretty', async () => {
    const { log, lines } = await collect({ format: 'pretty' });
    log.warn('The disk is full', { room: 'den' });
    expect(lines.join('')).toMatch(/WARN.*: The disk is full \{"room":"den"\}\n$/);
  });
});

it('a file is appended to, private, and opened again after it was moved', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  const file = join(folder, 'sub', 'bot.log');
  const open = () => openLog({ level: 'info', format: 'auto', to: { file }, clock: new VirtualClock() });
  const first = await open();
  first.log.info('one');
  first.close();
  const second = await open();
  second.log.info('two');
  expect(
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg),
  ).toEqual(['one', 'two']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  renameSync(file, `${file}.1`);
  second.reopen();
  second.log.info('three');
  expect(readFileSync(file, 'utf8')).toContain('three');
  expect(readFileSync(`${file}.1`, 'utf8')).not.toContain('three');
  second.close();
  await expect(
    openLog({ level: 'info', format: 'json', to: { file: folder }, clock: new VirtualClock() }),
  ).rejects.toThrow();
  rmSync(folder, { recursive: true });
});

it.skipIf(process.platform !== 'linux')('a disk that is full ends nothing', async () => {
  const { log, close } = await openLog({
    level: 'info',
    format: 'json',
    to: { file: '/dev/full' },
    clock: new VirtualClock(),
  });
  log.info('lost');
  log.info('lost too');
  expect(close).not.toThrow();
});
