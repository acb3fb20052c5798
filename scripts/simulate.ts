/**
 * `npm run simulate -- [--nodes 1000] [--hours 24] [--seed N | --seeds A..B] [--faults all|none|KIND,KIND,…]`
 *
 * A search network of real clients in memory and in virtual time, in which things go wrong: whether a tree forms in which
 * every search reaches every node once, and whether it heals. Exit code 1 if a seed failed.
 *
 * It runs for minutes in hundreds of megabytes, so it is compiled first: what tsx makes of the sources, with names kept for
 * every function, takes half as long again and twice the memory.
 */
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FOLDERS = ['src/platform', 'src/protocol', 'src/network', 'src/sandbox', 'test/simulation'];
/** A larger nursery: most objects live for one message. */
const FLAGS = ['--max-semi-space-size=32', '--enable-source-maps'];

const folder = mkdtempSync(join(tmpdir(), 'seekeeper-simulate-'));
try {
  for (const each of FOLDERS) compile(each);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  process.exitCode = await run(join(folder, 'test/simulation/main.js'));
} finally {
  rmSync(folder, { recursive: true });
}

function compile(from: string): void {
  for (const path of readdirSync(join(ROOT, from), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue;
    const fileName = join(ROOT, from, path);
    const { outputText } = ts.transpileModule(readFileSync(fileName, 'utf8'), {
      fileName,
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        rewriteRelativeImportExtensions: true,
        verbatimModuleSyntax: true,
        inlineSourceMap: true,
      },
    });
    const output = join(folder, from, path.replace(/\.ts$/u, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, outputText);
  }
}

/** Resolves with the exit code. */
function run(file: string): Promise<number> {
  const child = spawn(process.execPath, [...FLAGS, file, ...process.argv.slice(2)], { stdio: 'inherit' });
  // An interrupt reaches both; the folder is removed when the other one has ended.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
