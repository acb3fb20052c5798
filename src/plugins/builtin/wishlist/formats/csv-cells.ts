/** A row of a table and the line on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** A quote was opened in it that nothing closes; what follows is lost in it. */
  readonly unclosed: boolean;
}

/**
 * Splits a table (RFC 4180): cells may stand in double quotes and hold the separator, line breaks, and quotes as `""`.
 * Empty lines are left out.
 */
export function csvRows(text: string, separator: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const cells: string[] = [];
    const begun = line;
    let unclosed = false;
    for (;;) {
      const cell = readCell(text, at, separator);
      cells.push(cell.value);
      line += breaksIn(text.slice(at, cell.end));
      unclosed = cell.unclosed;
      at = cell.end;
      if (text[at] !== separator) break;
      at += 1;
    }
    if (at < text.length) {
      at += text.startsWith('\r\n', at) ? 2 : 1;
      line += 1;
    }
    if (cells.length > 1 || cells[0]!.trim() !== '') rows.push({ line: begun, cells, unclosed });
  }
  return rows;
}

function readCell(
  text: string,
  start: number,
  separator: string,
): { readonly value: string; readonly end: number; readonly unclosed: boolean } {
  let value = '';
  let at = start;
  if (text[at] === '"') {
    at += 1;
    for (;;) {
      const close = text.indexOf('"', at);
      if (close < 0) return { value: value + text.slice(at), end: text.length, unclosed: true };
      value += text.slice(at, close);
      at = close + 1;
      if (text[at] !== '"') break;
      value += '"';
      at += 1;
    }
  }
  const rest = at;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return { value: value + text.slice(rest, at), end: at, unclosed: false };
}

function breaksIn(text: string): number {
  return text.match(/\r\n|\r|\n/gu)?.length ?? 0;
}

/** A cell so that it is read as the same text. A spreadsheet must not take one for a formula. */
export function csvCell(value: string): string {
  return /[",;\t\r\n]|^\s|\s$/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
