import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../src/bot/config/load-config.ts';
import { controlRequest } from '../../src/bot/control/control-client.ts';
import { controlPath } from '../../src/bot/control/control-path.ts';
import type { ReloadReport } from '../../src/bot/plugins/reload-report.ts';
import { type RunningBot, runBot } from '../../src/bot/runtime/run-bot.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { realPlatform } from '../../src/platform/real/real-platform.ts';
import { realSandbox, type Sandbox } from '../../src/sandbox/index.ts';

const greeter = (version: string) => `
  import { definePlugin } from 'seekeeper';
  let since = '${version}';
  export const handover = { save: () => since, restore: (value) => { since = value; } };
  export default definePlugin({
    name: 'greeter',
    needs: ['room.read', 'room.say'],
    setup(bot) {
      const heard = [];
      bot.on('connection', ({ state, late }) => { if (late) heard.push(state); });
      bot.on('room.entered', ({ room, late }) => { if (late) heard.push(room.name); });
      bot.command({ name: 'version', summary: 'x', run: () => '${version} since ' + since + ', heard ' + (heard.join(' ') || 'nothing') });
    },
  });
`;

const platform = realPlatform(nullLog);
let folder: string;
let sandbox: Sandbox;
let running: RunningBot;

const file = (name: string, text: string) => writeFileSync(join(folder, name), text);

const config = (plugins: string, more = '') =>
  file(
    'config.yaml',
    `bot: { user: tester, password: { env: SLSK_PASSWORD } }
server: { host: ${sandbox.address.host}, port: ${sandbox.address.port} }
listen: false
rooms: [indie]
roles: { owner: [olga] }
plugins: ${plugins}
${more}`,
  );

const ask = async (id?: string) =>
  (await controlRequest(
    controlPath(join(folder, 'seekeeper.db')),
    { command: 'reload', ...(id !== undefined && { args: { id } }) },
    { clock: platform.clock },
  )) as ReloadReport;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'seekeeper-reload-'));
  sandbox = await realSandbox({ platform });
  file('greeter.ts', greeter('one'));
  config('{ ./greeter.ts: {} }');
  const reread = () => loadConfig({ path: join(folder, 'config.yaml'), env: { SLSK_PASSWORD: 'sandbox' } });
  const loaded = reread();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  running = await runBot({ config: loaded.config, platform, baseDir: folder, reread });
  await running.bot.ready;
});

afterEach(async () => {
  await running.stop();
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('brings a running bot up to its config and its files', async () => {
  const al = sandbox.person('al');
  await al.login();
  await al.join('indie');
  al.say('indie', '!version');
  await al.untilLine('indie', 'one since one, heard nothing');

  file('greeter.ts', greeter('two'));
  expect(await ask()).toMatchObject({ reloaded: ['greeter'], failed: [], problems: [] });
  al.say('indie', '!version');
  await al.untilLine('indie', 'two since one, heard online indie');

  file('greeter.ts', 'export default 1;');
  const failed = await ask('greeter');
  expect(failed.failed).toMatchObject([{ id: 'greeter', reason: expect.stringContaining('is no plugin') }]);
  expect(running.bot.status().plugins).toMatchObject([{ id: 'greeter', state: 'running', reloads: 1 }]);

  file('greeter.ts', greeter('two'));
  file(
    'other.ts',
    greeter('other').replaceAll('version', 'other').replace("name: 'greeter'", "name: 'other'"),
  );
  config('{ ./greeter.ts: {}, ./other.ts: { isolate: inproc } }', 'commands: { prefix: "?" }');
  expect(await ask()).toMatchObject({ loaded: ['other'], unchanged: ['greeter'], restart: ['commands'] });

  config('{ nonsense');
  expect((await ask()).problems).toHaveLength(1);

  config('{ ./other.ts: { isolate: inproc } }');
  const olga = sandbox.person('olga');
  await olga.login();
  olga.pm('tester', '!reload');
  await olga.untilPm('tester', 'Unloaded: greeter');
  expect(running.bot.status().plugins.map(({ id }) => id)).toEqual(['other']);
}, 60_000);
