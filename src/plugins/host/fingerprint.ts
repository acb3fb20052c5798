import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadRequest } from './types.ts';

/** What a plugin was loaded from: equal fingerprints mean that loading it again would change nothing. */
export interface Fingerprint {
  readonly settings: string;
  /** The value itself, when it was given as one. */
  readonly value: unknown;
  /** Content of each file, by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** @param files absolute paths of what was read to load it */
export function fingerprint(request: LoadRequest, files: readonly string[]): Fingerprint {
  return {
    settings: settingsOf(request),
    value: givenIn(request),
    files: new Map(files.map((file) => [file, contentOf(file)])),
  };
}

/** Whether a plugin that was loaded as `loaded` says would be another one now. */
export function hasChanged(loaded: Fingerprint, request: LoadRequest): boolean {
  if (loaded.settings !== settingsOf(request) || loaded.value !== givenIn(request)) return true;
  return [...loaded.files].some(([file, content]) => contentOf(file) !== content);
}

function settingsOf({ use, ...request }: LoadRequest): string {
  return canonical('plugin' in use ? request : { ...request, use });
}

function givenIn({ use }: LoadRequest): unknown {
  return 'plugin' in use ? use.plugin : undefined;
}

/** A hash; empty for a file that cannot be read. */
function contentOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}

/** JSON with the keys of every map in order: the order in a config file means nothing. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
