import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatDiagnostic } from '../../bot/config/diagnostic.ts';
import { loadConfig } from '../../bot/config/load-config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A project whose `seekeeper` are these sources. */
const VITEST_CONFIG = `import { defineConfig } from 'vitest/config';
export default defineConfig({
  resolve: { alias: [
    { find: /^seekeeper\\/testing$/, replacement: ${JSON.stringify(join(root, 'src/testing/index.ts'))} },
    { find: /^seekeeper$/, replacement: ${JSON.stringify(join(root, 'src/plugins/api/index.ts'))} },
  ] },
});
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'new-plugin-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'vitest.config.ts'), VITEST_CONFIG);
  writeFileSync(
    join(folder, 'config.yaml'),
    '# mine\nbot: { user: keeper, password: { env: PW } }\nrooms: [indie]\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command as a person does. */
function seekeeper(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const tsx = fileURLToPath(import.meta.resolve('tsx'));
  const main = join(root, 'src/cli/main.ts');
  const env = { ...process.env, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', tsx, main, ...args], { cwd: folder, env }, (error, out, err) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
        out: out + err,
      });
    });
  });
}

it('writes a plugin that works, its test that passes in both runtimes, and its entry in the config', async () => {
  const made = await seekeeper('plugin', 'new', 'good-day');
  expect(made).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toBe(
    '# mine\nbot: { user: keeper, password: { env: PW } }\nrooms: [indie]\n\nplugins:\n  ./plugins/good-day.ts: {}\n',
  );
  const loaded = loadConfig({ path: join(folder, 'config.yaml'), env: { PW: 'x' } });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(formatDiagnostic).join('\n'));
  expect(loaded.config.plugins.map(({ id }) => id)).toEqual(['good-day']);

  const tested = await seekeeper('plugin', 'test', 'plugins/good-day.ts');
  expect(tested.out).toContain("in the bot's process");
  expect(tested.out).toContain('in workers');
  expect(tested.code, tested.out).toBe(0);

  // It tests what is there: a plugin that does something else does not pass.
  const file = join(folder, 'plugins/good-day.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace('times + 1', 'times').replace('old + 1', 'old + 2'));
  const failed = await seekeeper('plugin', 'test');
  expect(failed.code, failed.out).toBe(1);

  const again = await seekeeper('plugin', 'new', 'good-day');
  expect(again).toMatchObject({ code: 2, out: expect.stringContaining('is there already') as unknown });
});

it('writes nothing for a name that cannot be one, and says so when there is no test', async () => {
  expect(await seekeeper('plugin', 'new', 'Good Day')).toMatchObject({ code: 2 });
  expect(existsSync(join(folder, 'plugins'))).toBe(false);
  expect(await seekeeper('plugin', 'test', 'nowhere.ts')).toMatchObject({
    code: 1,
    out: expect.stringContaining('no test at nowhere.ts') as unknown,
  });
});
