import {
  type Document,
  type ErrorCode,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import { type ConfigPath, type Diagnostic, pathText } from './diagnostic.ts';
import { yamlErrorText } from './yaml-errors.ts';

/** Reported of one broken file: what follows the first few is mostly their echo. */
const MAX_SYNTAX_ERRORS = 5;

/** A config file as text, and where in it each value stands. */
export class ConfigSource {
  /** As the person named it; shown in diagnostics. */
  readonly file: string;
  readonly #document: Document | undefined;
  readonly #lines: LineCounter;

  private constructor(file: string, document: Document | undefined, lines: LineCounter) {
    this.file = file;
    this.#document = document;
    this.#lines = lines;
  }

  /** Reads YAML. Never throws: what is wrong comes back as diagnostics. */
  static parse(
    file: string,
    text: string,
  ): { readonly source: ConfigSource; readonly value: unknown; readonly problems: readonly Diagnostic[] } {
    const lines = new LineCounter();
    // `logLevel`: what the library warns of would be printed, and may be a password.
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    // For an empty text the library gives an empty list, of a type of its own.
    const [document, second] = Array.isArray(documents) ? (documents as Document[]) : [];
    const source = new ConfigSource(file, document, lines);
    const at = (offset: number, message: string): Diagnostic => source.#at(offset, '', message);
    const errors = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
    const problems = errors
      .slice(0, MAX_SYNTAX_ERRORS)
      .map((error) => at(error.pos[0], yamlErrorText(error.code)));
    if (second !== undefined) problems.push(at(second.range?.[0] ?? 0, yamlErrorText('MULTIPLE_DOCS')));
    if (document !== undefined) {
      for (const { offset, code } of unusable(document)) problems.push(at(offset, yamlErrorText(code)));
    }
    if (problems.length > 0 || document === undefined) return { source, value: undefined, problems };
    try {
      return { source, value: document.toJS({ maxAliasCount: 100 }) as unknown, problems };
    } catch {
      return {
        source,
        value: undefined,
        problems: [at(0, 'its aliases (*name) refer to each other too often')],
      };
    }
  }

  /** Says something about the value at `path`, or about the nearest thing around it that exists. */
  diagnose(
    path: ConfigPath,
    message: string,
    options: {
      readonly nearest?: string | undefined;
      readonly severity?: 'error' | 'warning';
      readonly atKey?: boolean;
    } = {},
  ): Diagnostic {
    const { nearest, severity = 'error', atKey = false } = options;
    const found = this.#at(this.#offset(path, atKey), pathText(path), message);
    return { ...found, severity, ...(nearest !== undefined && { nearest }) };
  }

  #at(offset: number, path: string, message: string): Diagnostic {
    const { line, col } = this.#lines.linePos(offset);
    return {
      severity: 'error',
      file: this.file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path,
      message,
    };
  }

  #offset(path: ConfigPath, atKey: boolean): number {
    let node = this.#resolve(this.#document?.contents);
    let offset = startOf(node) ?? 0;
    for (const [index, step] of path.entries()) {
      const last = index === path.length - 1;
      let next: unknown;
      if (isMap(node)) {
        const pair = node.items.find((item) => isPair(item) && keyOf(item.key) === String(step));
        offset = startOf(pair?.key) ?? offset;
        if (pair === undefined || (last && atKey)) return offset;
        next = pair.value;
      } else if (isSeq(node) && typeof step === 'number') next = node.items[step];
      const start = startOf(next);
      if (start === undefined) return offset;
      offset = start;
      node = this.#resolve(next);
    }
    return offset;
  }

  #resolve(node: unknown): Node | undefined {
    if (isAlias(node)) return this.#document === undefined ? undefined : node.resolve(this.#document);
    return isNode(node) ? node : undefined;
  }
}

/** What YAML allows and a config cannot use: aliases that refer to nothing, maps and lists as keys. */
function unusable(document: Document): { readonly offset: number; readonly code: ErrorCode }[] {
  const found: { offset: number; code: ErrorCode }[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) === undefined)
        found.push({ offset: alias.range?.[0] ?? 0, code: 'BAD_ALIAS' });
    },
    Pair(_key, pair) {
      if (isCollection(pair.key)) found.push({ offset: pair.key.range?.[0] ?? 0, code: 'NON_STRING_KEY' });
    },
  });
  return found;
}

function keyOf(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

/** Where a node begins; undefined for an empty one, which stands nowhere. */
function startOf(node: unknown): number | undefined {
  if (!isNode(node) || !node.range) return undefined;
  const [start, end] = node.range;
  return start === end && isScalar(node) && node.source === '' ? undefined : start;
}
