import { WordsError } from '../options/words.ts';
import { type JsonItem, jsonItems } from './json-items.ts';
import { FormatError, type Imported, readRows, rowOf, type WishRow } from './wish-row.ts';

/** The elements of a list, for {@link readRows}. @throws FormatError when the text is no list. */
export function itemsOf(text: string): { line: number; text: string; item: JsonItem }[] {
  const items = jsonItems(text);
  if (items === undefined) throw new FormatError('line 1: expected a list in JSON: [ { "query": "…" }, … ]');
  return items.map((item) => ({ line: item.line, text: item.text, item }));
}

/** An element as an object. @throws WordsError */
export function objectOf({ text }: JsonItem): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WordsError('it cannot be read as JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new WordsError('expected { "query": "…" }');
}

/** A list of `{ "query": "…", "ext": ["flac"], "min": 320 }`: options by their keys. @throws FormatError */
export function readJson(text: string): Imported {
  return readRows(itemsOf(text), (item) => {
    const { query, ...values } = objectOf(item);
    return rowOf(query, Object.entries(values));
  });
}

export function writeJson(rows: readonly Omit<WishRow, 'line'>[]): string {
  const lines = rows.map(({ query, given }) =>
    JSON.stringify({
      query,
      ...Object.fromEntries(
        given.map(({ spec: { key, codec }, parts }) => [key, codec.kind === 'one' ? parts[0] : parts]),
      ),
    }),
  );
  return lines.length === 0 ? '[]\n' : `[\n${lines.map((line) => `  ${line}`).join(',\n')}\n]\n`;
}
