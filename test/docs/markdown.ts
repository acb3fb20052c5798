import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A page of the documentation. */
export interface Page {
  /** From the project's folder: `docs/config.md`. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block. What stands behind the language says what the block is: a ts block is a `plugin NAME.ts`, … */
export interface Block {
  /** Of the page. */
  readonly path: string;
  /** Of its first fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly mark: string;
  /** The second word behind the language. */
  readonly name: string;
  readonly text: string;
}

/** Every page that a user reads. */
export const pages: readonly Page[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .map((name) => join('docs', String(name)))
    .filter((name) => name.endsWith('.md')),
  'plugins-examples/README.md',
]
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

export const page = (path: string): string => {
  const found = pages.find((one) => one.path === path);
  if (found === undefined) throw new Error(`There is no page ${path}`);
  return found.text;
};

/** All blocks of a page, in order. */
export function blocksOf({ path, text }: Page): readonly Block[] {
  const blocks: Block[] = [];
  let open: { readonly line: number; readonly info: string; readonly body: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.startsWith('```')) open?.body.push(line);
    else if (open === undefined) open = { line: index + 1, info: line.slice(3).trim(), body: [] };
    else {
      const [language = '', mark = '', name = ''] = open.info.split(' ');
      blocks.push({ path, line: open.line, language, mark, name, text: `${open.body.join('\n')}\n` });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${path}:${open.line} is never closed`);
  return blocks;
}

/** The plugin guide: `docs/plugins.md` and all pages under `docs/plugins`, and what they leave to pages of its own. */
export const guide: string = pages
  .filter(({ path }) => /^docs\/plugins(?:\.md$|\/)|^docs\/(?:scheduling|personal-data)\.md$/u.test(path))
  .map(({ text }) => text)
  .join('\n');

export const blocks: readonly Block[] = pages.flatMap(blocksOf);

/** A page without its code: what a reader can click on. */
export function prose(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gmu, '').replaceAll(/`[^`\n]*`/gu, '');
}

/** The anchors that GitHub gives to a page's headings. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const headings = text.replaceAll(/^```[\s\S]*?^```$/gmu, '').matchAll(/^#{1,6} +(.+)$/gmu);
  return new Set(
    [...headings].map(([, title = '']) =>
      title
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Where a link of a page leads, from the project's folder. */
export function targetOf(from: string, link: string): { readonly file: string; readonly anchor: string } {
  const [path = '', anchor = ''] = link.split('#');
  const file = path === '' ? from : relative(root, join(root, dirname(from), path));
  return { file, anchor };
}
