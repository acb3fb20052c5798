import { checkVector } from './check.ts';
import { parseVectors, VectorFileError } from './vector.ts';

/** What the runner needs of the world. */
export interface VectorIo {
  /** Names of the files in a folder; throws if there is no such folder. */
  list(folder: string): readonly string[];
  /** Text of a file of that folder. */
  read(folder: string, file: string): string;
  print(line: string): void;
}

/** All vectors passed. */
export const PASSED = 0;
/** Some failed. */
export const FAILED = 1;
/** There was nothing to run: no folder, no vectors, or a file that is none. */
export const UNUSABLE = 2;

/**
 * Runs every `*.json` of a folder. Lists what failed and why, and closes with `N passed, N failed`. Returns the exit
 * code: 0, 1 if something failed, 2 if the folder or a file in it is of no use.
 */
export function runVectors(folder: string | undefined, io: VectorIo): number {
  try {
    return runFolder(folder, io);
  } catch (error) {
    if (!(error instanceof VectorFileError)) throw error;
    io.print(`vectors: ${error.message}`);
    return UNUSABLE;
  }
}

function runFolder(folder: string | undefined, io: VectorIo): number {
  if (folder === undefined || folder === '')
    throw new VectorFileError('which folder? Usage: npm run vectors -- DIR');
  const files = attempt(folder, () => io.list(folder))
    .filter((file) => file.endsWith('.json'))
    .toSorted();
  if (files.length === 0) throw new VectorFileError(`${folder}: no *.json there`);
  const suites = files.map((file) => {
    const text = attempt(file, () => io.read(folder, file));
    return { file, vectors: attempt(file, () => parseVectors(text)) };
  });
  let passed = 0;
  let failed = 0;
  for (const { file, vectors } of suites) {
    for (const vector of vectors) {
      const problems = checkVector(vector);
      if (problems.length === 0) {
        passed++;
        continue;
      }
      failed++;
      io.print(`FAILED ${vector.id} (${file})`);
      for (const problem of problems) io.print(`  ${problem}`);
    }
  }
  io.print(`${passed} passed, ${failed} failed`);
  return failed === 0 ? PASSED : FAILED;
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new VectorFileError(`${what}: ${(cause as Error).message}`, { cause });
  }
}
