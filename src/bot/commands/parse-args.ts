import type { ArgSpec } from '../../plugins/api/args.ts';
import type { NamedArg } from '../../plugins/api/command.ts';
import { parseValue } from './parse-value.ts';
import { readToken, type Token } from './tokens.ts';

export type ArgsResult =
  /** Values by name; absent optional ones are left out. */
  | { readonly ok: true; readonly args: Readonly<Record<string, unknown>> }
  /** Half a sentence for the person who typed: `missing user`, `count must be a whole number`. */
  | { readonly ok: false; readonly problem: string };

/**
 * Reads what was typed after a command's name. Flags may stand anywhere before a `text`; a quoted word is never one, and
 * neither is `--name` when the command has no such flag, since user names may look like that.
 */
export function parseArgs(args: readonly NamedArg[], line: string): ArgsResult {
  try {
    return { ok: true, args: new ArgsReader(args, line).read() };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.message };
    throw error;
  }
}

/** What the person typed is at fault. */
class Problem extends Error {}

class ArgsReader {
  readonly #line: string;
  readonly #positional: readonly NamedArg[];
  readonly #flags: ReadonlySet<string>;
  readonly #values = new Map<string, unknown>();
  #at = 0;

  constructor(args: readonly NamedArg[], line: string) {
    this.#line = line;
    this.#positional = args.filter((arg) => arg.kind !== 'flag');
    this.#flags = new Set(args.filter((arg) => arg.kind === 'flag').map((arg) => arg.name));
    for (const flag of this.#flags) this.#values.set(flag, false);
  }

  read(): Record<string, unknown> {
    for (const arg of this.#positional) this.#readOne(arg);
    const left = this.#next();
    if (left !== undefined) throw new Problem(`"${clip(left.text)}" is too much`);
    return Object.fromEntries(this.#values);
  }

  #readOne(arg: NamedArg): void {
    const inner = arg.kind === 'optional' ? arg.of : arg;
    if (inner.kind === 'text') this.#readText(arg, inner);
    else if (inner.kind === 'rest') this.#readRest(arg, inner.of);
    else {
      const token = this.#next();
      if (token !== undefined) this.#values.set(arg.name, value(arg.name, inner, token));
      else if (arg.kind !== 'optional') throw new Problem(`missing ${arg.name}`);
    }
  }

  #readRest(arg: NamedArg, of: ArgSpec): void {
    const list: unknown[] = [];
    for (let token = this.#next(); token !== undefined; token = this.#next())
      list.push(value(arg.name, of, token));
    if (list.length > 0) this.#values.set(arg.name, list);
    else if (arg.kind !== 'optional') throw new Problem(`missing ${arg.name}`);
  }

  #readText(arg: NamedArg, spec: ArgSpec & { kind: 'text' | 'word' }): void {
    this.#skipFlags();
    const text = this.#line.slice(this.#at).trim();
    this.#at = this.#line.length;
    if (text === '') {
      if (arg.kind !== 'optional') throw new Problem(`missing ${arg.name}`);
      return;
    }
    this.#values.set(arg.name, value(arg.name, spec, { text, quoted: true, start: 0, end: text.length }));
  }

  /** The next word that is no flag. */
  #next(): Token | undefined {
    this.#skipFlags();
    const result = readToken(this.#line, this.#at);
    if (!result.ok) throw new Problem(result.problem);
    if (result.token !== undefined) this.#at = result.token.end;
    return result.token;
  }

  #skipFlags(): void {
    for (;;) {
      const match = /^\s*--(\S+)/u.exec(this.#line.slice(this.#at));
      if (match === null || !this.#flags.has(match[1]!)) return;
      this.#values.set(match[1]!, true);
      this.#at += match[0].length;
    }
  }
}

function value(name: string, spec: ArgSpec, token: Token): unknown {
  const result = parseValue(spec, token.text);
  if (!result.ok) throw new Problem(`${name} ${result.problem}`);
  return result.value;
}

/** What people typed is repeated to them, but not at any length. */
function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
