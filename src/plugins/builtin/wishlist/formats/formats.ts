import { looksLikeCsv, readCsv, writeCsv } from './csv-format.ts';
import { readJson, writeJson } from './json-format.ts';
import { type DatedRow, looksLikeNicotine, readNicotine, writeNicotine } from './nicotine-format.ts';
import { readText, writeText } from './text-format.ts';
import { FormatError, type Imported } from './wish-row.ts';

export const FORMATS = ['text', 'csv', 'json', 'nicotine'] as const;

export type Format = (typeof FORMATS)[number];

/** Of text and tables. No wish is that long, and reading one takes time that grows with the square. */
const MAX_LINE = 20_000;

const READ: Readonly<Record<Format, (text: string) => Imported>> = {
  text: readText,
  csv: readCsv,
  json: readJson,
  nicotine: readNicotine,
};

const WRITE: Readonly<Record<Format, (rows: readonly DatedRow[]) => string>> = {
  text: writeText,
  csv: writeCsv,
  json: writeJson,
  nicotine: writeNicotine,
};

/** Reads wishes. @throws FormatError when nothing of it can be read. */
export function readWishes(text: string, format: Format | undefined): Imported & { readonly format: Format } {
  const whole = text.replace(/^\uFEFF/u, '');
  const found = format ?? formatOf(whole);
  const lines = found === 'text' || found === 'csv' ? whole.split('\n') : [];
  const endless = lines.findIndex((line) => line.length > MAX_LINE);
  if (endless >= 0) throw new FormatError(`line ${endless + 1} is longer than ${MAX_LINE} characters`);
  return { ...READ[found](whole), format: found };
}

export function writeWishes(rows: readonly DatedRow[], format: Format): string {
  return WRITE[format](rows);
}

/** Which of them a text is, from its looks. */
export function formatOf(text: string): Format {
  if (looksLikeNicotine(text)) return 'nicotine';
  if (/^\s*\[/u.test(text)) return 'json';
  return looksLikeCsv(text) ? 'csv' : 'text';
}
