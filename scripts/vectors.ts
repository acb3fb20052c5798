/** `npm run vectors -- DIR` runs every vector file in DIR. Exit code 1 if some fail, 2 if DIR is of no use. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runVectors } from '../src/protocol/vectors/run.ts';

process.exitCode = runVectors(process.argv[2], {
  list: (folder) => readdirSync(folder),
  read: (folder, file) => readFileSync(join(folder, file), 'utf8'),
  print: (line) => void process.stdout.write(`${line}\n`),
});
