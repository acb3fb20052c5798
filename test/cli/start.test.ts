import { chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nullLog } from '../../src/platform/null-log.ts';
import { realPlatform } from '../../src/platform/real/real-platform.ts';
import { realSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { CliFolder } from './cli-process.ts';

const env = { SOULSEEK_PASSWORD: 'correct horse battery' };

const plugin = `
import { definePlugin, arg } from 'seekeeper';
export default definePlugin({
  name: 'echo',
  setup(bot) {
    bot.command({ name: 'echo', summary: 'Say it again', in: 'any', args: { text: arg.text() }, run: ({ args }) => 'echo ' + args.text });
    bot.command({ name: 'hello', summary: 'Greet the console', in: 'cli', args: { who: arg.word() }, run: ({ args }) => 'hello ' + args.who });
  },
});
`;

let folder: CliFolder;
let sandbox: Sandbox;
beforeEach(async () => {
  folder = new CliFolder();
  sandbox = await realSandbox({
    platform: realPlatform(nullLog),
    accounts: [{ username: 'taken', password: 'another one' }],
  });
});
afterEach(async () => {
  await folder.dispose();
  await sandbox.stop();
});

function config(more = '', { user = 'keeper', port = sandbox.address.port } = {}): void {
  folder.write(
    'config.yaml',
    `bot: { user: ${user}, password: { env: SOULSEEK_PASSWORD } }\nserver: { host: 127.0.0.1, port: ${port} }\n` +
      `listen: { host: 127.0.0.1, port: 0 }\nrooms: [lobby]\n${more}`,
  );
}

it('seekeeper sandbox says in one line that its port is taken', async () => {
  const { port } = sandbox.address;
  const { code, stderr } = await folder.run(['sandbox', '--port', String(port)]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    new RegExp(`^seekeeper: the sandbox cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE.*\\n$`),
  );
});

describe('seekeeper start', () => {
  it('answers in its room, serves the console, refuses a second bot, and leaves cleanly', async () => {
    folder.write('echo.ts', plugin);
    config('plugins: { ./echo.ts: {} }\n');
    const bot = folder.start(['start'], env);
    await bot.until(/Entered a room/);

    const alice = sandbox.person('alice');
    await alice.login();
    await alice.join('lobby');
    alice.say('lobby', '!echo one two');
    await alice.untilLine('lobby', 'echo one two');
    alice.pm('keeper', '!echo in private');
    await alice.untilPm('keeper', 'echo in private');

    const second = await folder.run(['start'], env);
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(new RegExp(`already running.*pid ${bot.pid}`));

    const status = await folder.run(['status'], env);
    expect(status).toMatchObject({ code: 0 });
    expect(status.stdout).toMatch(/^keeper: ready, online/);
    expect(status.stdout).toMatch(/^room {5}lobby: 2 users/m);
    expect(await folder.run(['run', 'hello', 'two words'], env)).toMatchObject({
      code: 0,
      stdout: 'hello two words\n',
    });
    expect((await folder.run(['run', 'nonsense'], env)).code).toBe(1);

    bot.kill('SIGTERM');
    const ended = await bot.ended;
    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('Stopped');
    expect(ended.stdout + ended.stderr).not.toContain('correct horse');
  });

  it('ends when it is asked to over the control socket', async () => {
    config();
    const bot = folder.start(['start'], env);
    await bot.until(/Entered a room/);
    expect(await folder.run(['stop'], env)).toMatchObject({ code: 0 });
    expect((await bot.ended).code).toBe(0);
  });

  it('stops when the password is wrong, and says so', async () => {
    config('', { user: 'taken' });
    const { code, stderr } = await folder.run(['start'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('the password is wrong (INVALIDPASS)');
  });

  it('goes on trying when the server is down, and says when', async () => {
    const port = sandbox.address.port;
    await sandbox.server.stop();
    config('', { port });
    const bot = folder.start(['start'], env);
    await bot.until(/trying again later/);
    bot.kill('SIGTERM');
    expect((await bot.ended).code).toBe(0);
  });

  it('says in one line that its port is taken', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
    });
    config();
    folder.write(
      'config.yaml',
      `bot: { user: keeper, password: { env: SOULSEEK_PASSWORD } }\nserver: { host: 127.0.0.1, port: ${sandbox.address.port} }\nlisten: { host: 127.0.0.1, port: ${port} }\n`,
    );
    const { code, stderr } = await folder.run(['start'], env);
    taken.close();
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^seekeeper: .*127\\.0\\.0\\.1:${port}.*EADDRINUSE.*\\n$`));
  });

  it('says in one line that a plugin fails in setup; starts without it if the config says so', async () => {
    folder.write(
      'bad.ts',
      "import { definePlugin } from 'seekeeper';\nexport default definePlugin({ name: 'bad', setup() { throw new Error('no luck'); } });\n",
    );
    config('plugins: { ./bad.ts: {} }\n');
    const refused = await folder.run(['start'], env);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^seekeeper: Plugin "bad" .*no luck.*\n$/);

    config('plugins: { ./bad.ts: {} }\non-plugin-failure: continue\n');
    const bot = folder.start(['start'], env);
    await bot.until(/Entered a room/);
    expect(bot.stdout).toContain('no luck');
    bot.kill('SIGTERM');
    expect((await bot.ended).code).toBe(0);
  });

  it('says in one line that the store cannot be written', async () => {
    config('store: { path: nowhere/seekeeper.db }\n');
    const missing = await folder.run(['start'], env);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/^seekeeper: .*folder.*nowhere.*\n$/);
    mkdirSync(join(folder.path, 'sub.db'));
    chmodSync(join(folder.path, 'sub.db'), 0o700);
    config('store: { path: sub.db }\n');
    const isFolder = await folder.run(['start'], env);
    expect(isFolder.code).toBe(2);
    expect(isFolder.stderr.trim().split('\n')).toHaveLength(1);
  });
});
