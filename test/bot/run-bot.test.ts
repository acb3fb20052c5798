import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../src/bot/config/load-config.ts';
import { controlRequest } from '../../src/bot/control/control-client.ts';
import { controlPath } from '../../src/bot/control/control-path.ts';
import { AlreadyRunningError } from '../../src/bot/lock/store-lock.ts';
import { type RunningBot, runBot } from '../../src/bot/runtime/run-bot.ts';
import { memoryLog } from '../../src/platform/memory-log.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { realPlatform } from '../../src/platform/real/real-platform.ts';
import { PluginLoadError } from '../../src/plugins/host/load-error.ts';
import { realSandbox, type Sandbox } from '../../src/sandbox/index.ts';

const PLUGIN = `
  import { definePlugin } from 'seekeeper';
  export default definePlugin({
    name: 'tiny',
    setup(bot) {
      bot.command({ name: 'hello', summary: 'x', run: ({ user }) => 'Hello ' + user });
      bot.command({ name: 'poke', in: 'cli', summary: 'x', async run({ reply }) { await reply('poking'); return 'poked'; } });
    },
  });
`;

const platform = realPlatform(nullLog);
const { clock } = platform;
let folder: string;
let sandbox: Sandbox;
let running: RunningBot[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seekeeper-run-'));
  writeFileSync(join(folder, 'tiny.ts'), PLUGIN);
  writeFileSync(join(folder, 'broken.ts'), 'export default 42;');
  sandbox = await realSandbox({ platform });
});

afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(plugins: string, log = memoryLog()): Promise<RunningBot> {
  const { host, port } = sandbox.address;
  const loaded = loadConfig({
    path: join(folder, 'config.yaml'),
    env: { SLSK_PASSWORD: 'sandbox' },
    text: `
bot: { user: tester, password: { env: SLSK_PASSWORD } }
server: { host: ${host}, port: ${port} }
listen: false
rooms: [indie]
plugins: { ${plugins}: {} }
`,
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  const bot = await runBot({ config: loaded.config, platform: { ...platform, log }, baseDir: folder });
  running.push(bot);
  return bot;
}

const ask = (command: string, args?: unknown, onData?: (data: unknown) => void) =>
  controlRequest(
    controlPath(join(folder, 'seekeeper.db')),
    { command, args },
    { clock, ...(onData && { onData }) },
  );

it('runs a bot from its config over real sockets, answers at the control socket, and stops when told there', async () => {
  const { bot, stopped } = await run('./tiny.ts');
  await bot.ready;
  const al = sandbox.person('al');
  await al.login();
  await al.join('indie');
  al.say('indie', '!hello');
  await al.untilLine('indie', 'Hello al');
  expect(await ask('status')).toMatchObject({
    user: 'tester',
    phase: 'ready',
    rooms: [{ name: 'indie', joined: true }],
  });
  const ahead: unknown[] = [];
  expect(await ask('command', { line: 'poke' }, (data) => ahead.push(data))).toEqual({
    ok: true,
    lines: ['poked'],
  });
  expect(ahead).toEqual([['poking']]);
  await expect(ask('command', 7)).rejects.toMatchObject({ code: 'protocol' });
  await expect(ask('dance')).rejects.toMatchObject({ code: 'unknown-command' });
  expect(await ask('stop')).toEqual({ stopping: true });
  await stopped;
  await expect(ask('status')).rejects.toMatchObject({ code: 'not-running' });
  expect(sandbox.server.world.room('indie')?.users).toEqual(['al']);
});

it('refuses a second bot on the same store and leaves the first alone', async () => {
  const { bot } = await run('./tiny.ts');
  await bot.ready;
  await expect(run('./tiny.ts')).rejects.toThrow(AlreadyRunningError);
  expect(bot.client.state.name).toBe('online');
  expect(await ask('status')).toMatchObject({ phase: 'ready' });
});

it('leaves nothing behind when a plugin cannot be loaded', async () => {
  const log = memoryLog();
  await expect(run('./broken.ts', log)).rejects.toThrow(PluginLoadError);
  expect(sandbox.server.received('tester')).toEqual([]);
  expect(existsSync(controlPath(join(folder, 'seekeeper.db')))).toBe(false);
  const { bot } = await run('./tiny.ts');
  await bot.ready;
});
