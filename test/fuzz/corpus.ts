import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientCase } from './client.ts';
import type { DecoderCase } from './decoders.ts';

/** An input that once made something fail. */
export type Finding = { readonly problem: string; readonly seed: string } & (
  | { readonly target: 'decoders'; readonly input: DecoderCase }
  | { readonly target: 'client'; readonly input: ClientCase }
);

const FOLDER = fileURLToPath(new URL('./corpus/', import.meta.url));

/** Writes it where a test finds it. @returns the path. */
export function keep(finding: Finding): string {
  mkdirSync(FOLDER, { recursive: true });
  const hash = createHash('sha256').update(JSON.stringify(finding.input)).digest('hex').slice(0, 12);
  const path = `${FOLDER}${finding.target}-${finding.input.kind}-${hash}.json`;
  writeFileSync(path, `${JSON.stringify(finding, null, 2)}\n`);
  return path;
}

/** All that is kept, by file name. */
export function kept(): readonly (readonly [name: string, finding: Finding])[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, JSON.parse(readFileSync(`${FOLDER}${name}`, 'utf8')) as Finding] as const);
}
