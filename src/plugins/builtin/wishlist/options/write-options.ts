import { typedQuery } from './query.ts';
import type { Given } from './read-options.ts';
import { quotedValue } from './words.ts';

/** Options as they are typed: `ext=flac not=live,"radio edit"`. */
export function writeOptions(given: readonly Given[]): string {
  return given
    .flatMap(({ spec: { key, codec }, parts }) =>
      codec.kind === 'list'
        ? [`${key}=${parts.map((part) => quotedValue(part, true)).join(',')}`]
        : parts.map((part) => `${key}=${quotedValue(part, false)}`),
    )
    .join(' ');
}

/** A whole wish in one line, as `!wish add` reads it. */
export function writeLine(query: string, given: readonly Given[]): string {
  return [typedQuery(query), writeOptions(given)].filter((part) => part !== '').join(' ');
}
