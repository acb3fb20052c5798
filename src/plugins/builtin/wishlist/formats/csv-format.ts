import { type Given, merged, readLine, specOf } from '../options/read-options.ts';
import { WordsError } from '../options/words.ts';
import { writeOptions } from '../options/write-options.ts';
import { type CsvRow, csvCell, csvRows } from './csv-cells.ts';
import { FormatError, type Imported, readRows, rowOf, type WishRow } from './wish-row.ts';

const QUERY = 'query';
/** A cell with all of them as they are typed. */
const OPTIONS = 'options';

/** Whether the first line is the heading of a table of wishes. */
export function looksLikeCsv(text: string): boolean {
  return headOf(text)?.cells.includes(QUERY) === true;
}

/**
 * A table with a heading: `query`, and besides `options` (as they are typed) or a column for any option by its key.
 * @throws FormatError for a heading that cannot be read.
 */
export function readCsv(text: string): Imported {
  const head = headOf(text);
  if (head === undefined || !head.cells.includes(QUERY))
    throw new FormatError(`line 1: the heading of the table must name a column "${QUERY}"`);
  for (const name of head.cells) {
    try {
      if (name !== QUERY && name !== OPTIONS && name !== '') specOf(name);
    } catch (error) {
      if (error instanceof WordsError) throw new FormatError(`line 1: column "${name}": ${error.message}`);
      throw error;
    }
  }
  const rows = csvRows(text, head.separator).slice(1);
  return readRows(
    rows.map((row) => ({ line: row.line, text: row.cells.join(head.separator), item: row })),
    (row) => wishOf(head.cells, row),
  );
}

function wishOf(head: readonly string[], { cells, unclosed }: CsvRow): Omit<WishRow, 'line'> {
  if (unclosed) throw new WordsError('the quote " is never closed');
  if (cells.length > head.length)
    throw new WordsError(`it has ${cells.length} cells, and the heading ${head.length}`);
  const cell = (name: string) => cells[head.indexOf(name)] ?? '';
  const columns = head.flatMap((name, index) =>
    name === QUERY || name === OPTIONS || name === '' || (cells[index] ?? '').trim() === ''
      ? []
      : [[name, cells[index]!.trim()] as const],
  );
  const row = rowOf(cell(QUERY), columns);
  return { query: row.query, given: merged([...row.given, ...typedOptions(cell(OPTIONS))]) };
}

function typedOptions(text: string): readonly Given[] {
  const { query, given } = readLine(text);
  if (query !== '') throw new WordsError(`"${query}" among the options is none`);
  return given;
}

/** Spreadsheets of some countries put semicolons, and what is copied from one comes with tabs. */
function headOf(text: string): { readonly cells: readonly string[]; readonly separator: string } | undefined {
  for (const separator of [',', ';', '\t']) {
    const cells = csvRows(text.slice(0, 4_000), separator)[0]?.cells.map((name) => name.trim().toLowerCase());
    if (cells?.includes(QUERY) === true) return { cells, separator };
  }
  return undefined;
}

export function writeCsv(rows: readonly Omit<WishRow, 'line'>[]): string {
  const lines = rows.map(({ query, given }) => `${csvCell(query)},${csvCell(writeOptions(given))}\n`);
  return `${QUERY},${OPTIONS}\n${lines.join('')}`;
}
