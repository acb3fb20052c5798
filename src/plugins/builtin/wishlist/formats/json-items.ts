/** An element of a list in JSON, as text. */
export interface JsonItem {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** A file with more elements that swallow what follows is read no further. */
const MAX_MENDED = 200;

/**
 * Splits a list in JSON into its elements, so that one that is broken does not spoil the rest: what follows goes on at the
 * next line that begins with an object.
 * @returns undefined when the text is no list; the last element is whatever remains when the list never ends.
 */
export function jsonItems(text: string): JsonItem[] | undefined {
  let waiting = split(text);
  if (waiting === undefined) return undefined;
  const items: JsonItem[] = [];
  let mended = 0;
  while (waiting.length > 0) {
    const [item, ...others] = waiting as [JsonItem, ...JsonItem[]];
    const next = mended < MAX_MENDED && !isJson(item.text) ? item.text.search(/\n\s*\{/u) : -1;
    if (next < 0) {
      items.push(item);
      waiting = others;
    } else {
      mended += 1;
      const head = item.text.slice(0, next);
      items.push({ line: item.line, text: head.replace(/,?\s*$/u, '') });
      const rest = split(`[${item.text.slice(next)}`) ?? [];
      const before = item.line + head.split('\n').length - 2;
      waiting = [...rest.map((one) => ({ ...one, line: one.line + before })), ...others];
    }
  }
  return items;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** At the commas between the elements; quotes and brackets that are never closed reach to the end. */
function split(text: string): JsonItem[] | undefined {
  const open = /^\s*\[/u.exec(text);
  if (open === null) return undefined;
  const items: JsonItem[] = [];
  let depth = 0;
  let inText = false;
  let line = text.slice(0, open[0].length).split('\n').length;
  let start = open[0].length;
  let startLine = line;
  const push = (end: number) => {
    const raw = text.slice(start, end);
    if (raw.trim() !== '') {
      const before = raw.length - raw.trimStart().length;
      items.push({ line: startLine + raw.slice(0, before).split('\n').length - 1, text: raw.trim() });
    }
    start = end + 1;
    startLine = line;
  };
  for (let at = start; at < text.length; at += 1) {
    const char = text[at]!;
    if (char === '\n') {
      line += 1;
      // No text in JSON goes over a line: a quote that was forgotten ends here.
      inText = false;
    } else if (inText) {
      if (char === '\\') at += 1;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '[' || char === '{') depth += 1;
    else if ((char === ']' || char === '}') && depth > 0) depth -= 1;
    else if (char === ']') {
      push(at);
      return items;
    } else if (char === ',' && depth === 0) push(at);
  }
  push(text.length);
  return items;
}
