import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliFolder } from './cli-process.ts';

let folder: CliFolder;
beforeEach(() => {
  folder = new CliFolder();
});
afterEach(() => folder.dispose());

const env = { SOULSEEK_PASSWORD: 'correct horse battery' };

describe('seekeeper', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await folder.run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it('lists its commands', async () => {
    const { code, stdout } = await folder.run(['--help']);
    expect(code).toBe(0);
    for (const name of ['start', 'check', 'init', 'demo', 'sandbox', 'status', 'run', 'retry', 'stop']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
    }
  });

  it('refuses what it does not know, with the nearest name', async () => {
    const { code, stderr } = await folder.run(['strat']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean start?');
  });
});

describe('seekeeper check', () => {
  it('says where in the file something is wrong, and what was meant', async () => {
    folder.write('config.yaml', 'bot:\n  user: keeper\n  pasword: { env: X }\nrooms: ["two  spaces"]\n');
    const { code, stderr } = await folder.run(['check'], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^config\.yaml:3:3 .*pasword.*did you mean "password"\?$/m);
    expect(stderr).toMatch(/^config\.yaml:4:\d+ rooms\[0\]: .*two spaces in a row/m);
  });

  it("places a plugin's complaints in the file too", async () => {
    folder.write(
      'greeter.ts',
      readFileSync(new URL('../../plugins-examples/greeter.ts', import.meta.url), 'utf8'),
    );
    folder.write(
      'config.yaml',
      'bot: { user: keeper, password: { env: SOULSEEK_PASSWORD } }\nplugins:\n  ./greeter.ts:\n    config:\n      room: [indie]\n',
    );
    const { code, stderr } = await folder.run(['check'], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^config\.yaml:5:\d+ .*room.*did you mean "rooms"\?$/m);
  });

  it('names a plugin file that is not there', async () => {
    folder.write(
      'config.yaml',
      'bot: { user: keeper, password: { env: SOULSEEK_PASSWORD } }\nplugins:\n  ./nowhere.ts: {}\n',
    );
    const { code, stderr } = await folder.run(['check'], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^config\.yaml:3:3 .*nowhere\.ts/m);
  });

  it('notes that the rules of the network are not met anywhere but on this machine', async () => {
    folder.write('config.yaml', 'bot: { user: keeper, password: { env: SOULSEEK_PASSWORD } }\n');
    const { code, stdout } = await folder.run(['check'], env);
    expect(code).toBe(0);
    expect(stdout).toContain('cannot share yet');
  });

  it('never shows the password', async () => {
    folder.write(
      'config.yaml',
      'bot: { user: keeper, password: "correct horse battery" }\nserver: { port: nonsense }\n',
    );
    const { code, stdout, stderr } = await folder.run(['check']);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain('correct horse');
  });
});

describe('seekeeper init', () => {
  const flags = [
    'init',
    '--yes',
    '--user',
    'keeper',
    '--password-env',
    'SOULSEEK_PASSWORD',
    '--room',
    'indie',
    '--owner',
    'me',
    '--plugin',
    'greeter',
    '--plugin',
    'about',
  ];

  it('writes a config that check likes, and never over another', async () => {
    expect(await folder.run(flags)).toMatchObject({ code: 0 });
    expect(existsSync(join(folder.path, 'plugins/greeter.ts'))).toBe(true);
    const checked = await folder.run(['check'], env);
    expect(checked.stderr).toBe('');
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.stdout).toContain('config.yaml: ok');
    const again = await folder.run(flags);
    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toContain('--force');
  });

  it.each([
    [['--user', ' keeper', '--password-env', 'A'], 'space'],
    [['--user', 'keeper', '--password-env', 'A', '--room', 'a  b'], 'two spaces'],
    [['--user', 'keeper'], '--password-env'],
    [['--user', 'keeper', '--password-env', 'A', '--plugin', 'greeter'], 'room'],
  ])('refuses %j', async (more, word) => {
    const { code, stderr } = await folder.run(['init', '--yes', ...more]);
    expect(code).toBe(2);
    expect(stderr).toContain(word);
    expect(existsSync(join(folder.path, 'config.yaml'))).toBe(false);
  });

  it('asks nothing where nobody can answer', async () => {
    const { code, stderr } = await folder.run(['init']);
    expect(code).toBe(2);
    expect(stderr).toContain('--yes');
  });
});

describe('commands for a running bot', () => {
  it.each([['status'], ['stop'], ['retry'], ['run', 'hello']])(
    '%s says that none is running',
    async (...args) => {
      folder.write('config.yaml', 'bot: { user: keeper, password: { env: SOULSEEK_PASSWORD } }\n');
      // Without the password: asking needs none.
      const { code, stderr } = await folder.run(args);
      expect(code).toBe(1);
      expect(stderr).toContain('No bot is running here');
    },
  );

  it.each([['status'], ['console'], ['record', 'out.jsonl']])(
    '%s is refused where there is no config',
    async (...args) => {
      const { code, stderr } = await folder.run(args);
      expect(code).toBe(2);
      expect(stderr).toContain('does not exist');
    },
  );
});
