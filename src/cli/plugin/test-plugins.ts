import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

type Vitest = typeof import('vitest/node');

const TEST = /\.test\.[cm]?[jt]s$/u;
const MODES = ['inproc', 'worker'] as const;

/**
 * Runs tests of plugins with the project's vitest, once for each runtime: `testBot` without a `mode` takes the one of the
 * run.
 * @param paths tests, plugins (their test is the file beside them), or folders. @default every test under `plugins`
 */
export async function testPlugins(paths: readonly string[]): Promise<boolean> {
  const root = process.cwd();
  const files = (paths.length === 0 ? ['plugins'] : paths).map((path) => testsAt(resolve(path)));
  const missing = files.findIndex((found) => found.length === 0);
  if (missing >= 0) return refuse(`there is no test at ${paths[missing] ?? 'plugins'}`);
  const vitest = await loadVitest(root);
  if (vitest === undefined)
    return refuse('the tests run with vitest, which is not installed here: npm install --save-dev vitest');
  let passed = true;
  for (const mode of MODES) {
    process.stdout.write(`\nPlugins ${mode === 'inproc' ? "in the bot's process" : 'in workers'}:\n`);
    // Before the tests load testBot, which reads it.
    process.env['SEEKEEPER_TEST_MODE'] = mode;
    const run = await vitest.startVitest('test', [], {
      root,
      run: true,
      watch: false,
      include: files.flat().map((file) => relative(root, file)),
      testTimeout: 60_000,
    });
    passed &&= run.state.getCountOfFailedTests() === 0 && run.state.getUnhandledErrors().length === 0;
    passed &&= run.state.getFiles().every(({ result }) => result?.state !== 'fail');
    await run.close();
  }
  return passed;
}

function testsAt(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isDirectory()) {
    const found = readdirSync(path, { recursive: true, encoding: 'utf8' });
    return found
      .filter((file) => TEST.test(file) && !file.includes('node_modules'))
      .map((file) => join(path, file));
  }
  if (TEST.test(path)) return [path];
  const test = path.replace(/(\.[cm]?[jt]s)$/u, '.test$1');
  return existsSync(test) && test !== path ? [test] : [];
}

async function loadVitest(root: string): Promise<Vitest | undefined> {
  try {
    const require = createRequire(join(root, 'package.json'));
    // The copy that the tests themselves import.
    return (await import(pathToFileURL(require.resolve('vitest/node')).href)) as Vitest;
  } catch {
    return undefined;
  }
}

function refuse(why: string): false {
  process.stderr.write(`seekeeper plugin test: ${why}\n`);
  return false;
}
