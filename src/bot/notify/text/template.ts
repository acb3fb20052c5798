/** What can be put into a template. */
export const PLACEHOLDERS = ['title', 'lines', 'count', 'link', 'plugin', 'time'] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

/** What stands for each placeholder. */
export type TemplateValues = Readonly<Record<Placeholder, string>>;

type Piece = { readonly text: string } | { readonly placeholder: Placeholder };

/** A template by its lines. */
export type Template = readonly (readonly Piece[])[];

/** What is wrong with a template. */
export interface TemplateProblem {
  readonly problem: string;
  /** What was given for a placeholder. */
  readonly unknown?: string;
}

const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/gu;

/** Reads a template: `{title}` is a placeholder, `{{` and `}}` are braces. */
export function parseTemplate(source: string): Template | TemplateProblem {
  const lines: Piece[][] = [];
  for (const line of source.replace(/\r\n?/gu, '\n').replace(/\n+$/u, '').split('\n')) {
    const pieces: Piece[] = [];
    let at = 0;
    for (const match of line.matchAll(PIECE)) {
      if (match.index > at) pieces.push({ text: line.slice(at, match.index) });
      at = match.index + match[0].length;
      if (match[0] === '{{' || match[0] === '}}') pieces.push({ text: match[0].slice(1) });
      else if (match[1] === undefined)
        return { problem: `a single "${match[0]}" in it; write "${match[0]}${match[0]}" for one` };
      else {
        const placeholder = PLACEHOLDERS.find((known) => known === match[1]);
        if (placeholder === undefined)
          return { problem: `unknown placeholder {${match[1]}}`, unknown: match[1] };
        pieces.push({ placeholder });
      }
    }
    if (at < line.length) pieces.push({ text: line.slice(at) });
    lines.push(pieces);
  }
  return lines;
}

/** Whether {@link parseTemplate} could read it. */
export function isTemplate(read: Template | TemplateProblem): read is Template {
  return Array.isArray(read);
}

/** Fills a template in. A line of nothing but placeholders for which there is nothing is left out. */
export function fillTemplate(template: Template, values: TemplateValues): string {
  return template
    .filter(
      (pieces) =>
        pieces.length === 0 ||
        pieces.some((piece) => ('text' in piece ? piece.text.trim() : values[piece.placeholder]) !== ''),
    )
    .map((pieces) =>
      pieces.map((piece) => ('text' in piece ? piece.text : values[piece.placeholder])).join(''),
    )
    .join('\n');
}

/** Title, lines and link, below one another. */
export const WHOLE: Template = [
  [{ placeholder: 'title' }],
  [{ placeholder: 'lines' }],
  [{ placeholder: 'link' }],
];

/** Lines alone, for channels that have a place of their own for the title and the link. */
export const BODY: Template = [[{ placeholder: 'lines' }]];
