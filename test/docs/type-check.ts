import { dirname, join } from 'node:path';
import ts from 'typescript';
import { type Block, root } from './markdown.ts';

/** Where the blocks seem to be for the compiler: in the project, so that `seekeeper` means its sources. */
const virtualRoot = join(root, 'test/docs/blocks');

/** The file that a block would be; blocks of one page lie side by side and may import each other. */
export function fileOf(block: Block, folder = virtualRoot): string {
  const name = block.name === '' ? `line-${block.line}.ts` : block.name;
  return join(folder, block.path.replaceAll(/\W+/gu, '-'), name);
}

/** Compiles all blocks as one program. @returns what is wrong, with page and line. */
export function typeCheck(blocks: readonly Block[]): readonly string[] {
  const files = new Map(blocks.map((block) => [fileOf(block), block]));
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const real = {
    fileExists: host.fileExists.bind(host),
    readFile: host.readFile.bind(host),
    directoryExists: host.directoryExists?.bind(host),
  };
  const folders = new Set([virtualRoot, ...[...files.keys()].map((file) => dirname(file))]);
  host.fileExists = (file) => files.has(file) || real.fileExists(file);
  host.readFile = (file) => files.get(file)?.text ?? real.readFile(file);
  host.directoryExists = (folder) => folders.has(folder) || (real.directoryExists?.(folder) ?? true);
  const program = ts.createProgram({ rootNames: [...files.keys()], options, host });
  return [...files].flatMap(([file, block]) => {
    const source = program.getSourceFile(file);
    if (source === undefined) return [`${block.path}:${block.line}: not compiled`];
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      (problem) => {
        const line = source.getLineAndCharacterOfPosition(problem.start ?? 0).line;
        return `${block.path}:${block.line + 1 + line}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`;
      },
    );
  });
}

function compilerOptions(): ts.CompilerOptions {
  const path = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: unknown };
  // Without looking for the project's own files.
  const parsed = ts.parseJsonConfigFileContent(
    config,
    { ...ts.sys, readDirectory: () => [] },
    root,
    {},
    path,
  );
  return { ...parsed.options, noEmit: true };
}
