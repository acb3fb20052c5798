import { PluginError } from '../api/errors.ts';

/**
 * `copy`: anything that can be copied to a worker. `json`: what JSON carries without loss; what a store can keep.
 */
export type PlainKind = 'copy' | 'json';

/** Deeper than any sensible value, and far from the end of the stack. */
const MAX_DEPTH = 200;

/**
 * Checks a value before it crosses to the host.
 * @param where what it is, for messages: `bot.store.set(…)`
 * @param maxBytes its largest size: text as UTF-8, 8 bytes for other leaves, keys included
 * @throws PluginError `not-plain` or `too-large`, naming the place inside the value.
 */
export function checkPlain(value: unknown, where: string, maxBytes: number, kind: PlainKind): void {
  new Walk(where, maxBytes, kind).visit(value, '', 0);
}

class Walk {
  readonly #where: string;
  readonly #maxBytes: number;
  readonly #json: boolean;
  /** For `json` the ancestors (a cycle is wrong, a shared part is not), for `copy` everything seen. */
  readonly #seen = new Set<object>();
  #bytes = 0;

  constructor(where: string, maxBytes: number, kind: PlainKind) {
    this.#where = where;
    this.#maxBytes = maxBytes;
    this.#json = kind === 'json';
  }

  visit(value: unknown, path: string, depth: number): void {
    if (depth > MAX_DEPTH) throw this.#tooLarge(`is nested deeper than ${MAX_DEPTH} levels`);
    switch (typeof value) {
      case 'string':
        this.#add(Buffer.byteLength(value));
        return;
      case 'function':
      case 'symbol':
        throw this.#notPlain(path, `a ${typeof value}`);
      case 'bigint':
        if (this.#json) throw this.#notPlain(path, 'a bigint', 'store it as text');
        this.#add(16);
        return;
      case 'number':
        if (this.#json && !Number.isFinite(value)) throw this.#notPlain(path, String(value));
        this.#add(8);
        return;
      case 'object':
        if (value === null) this.#add(4);
        else this.#object(value, path, depth);
        return;
      default:
        this.#add(4);
    }
  }

  #object(value: object, path: string, depth: number): void {
    if (this.#seen.has(value)) {
      if (this.#json) throw this.#notPlain(path, 'a circle');
      return;
    }
    this.#seen.add(value);
    this.#add(8);
    if (Array.isArray(value)) this.#list(value, path, depth);
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) this.#binary(value, path);
    else if (this.#json && !isRecord(value)) throw this.#notPlain(path, `a ${nameOf(value)}`, hintFor(value));
    else if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
      throw this.#notPlain(
        path,
        `a ${nameOf(value)}`,
        value instanceof Promise ? 'await it first' : undefined,
      );
    } else if (value instanceof Map) {
      for (const [key, entry] of value) {
        this.visit(key, `${path}.<key>`, depth + 1);
        this.visit(entry, `${path}.<value>`, depth + 1);
      }
    } else if (value instanceof Set) {
      for (const entry of value) this.visit(entry, `${path}.<entry>`, depth + 1);
    } else {
      for (const [key, entry] of Object.entries(value)) {
        this.#add(Buffer.byteLength(key));
        this.visit(entry, `${path}.${key}`, depth + 1);
      }
    }
    if (this.#json) this.#seen.delete(value);
  }

  #list(value: readonly unknown[], path: string, depth: number): void {
    for (let i = 0; i < value.length; i++) {
      if (this.#json && value[i] === undefined)
        throw this.#notPlain(`${path}[${i}]`, 'undefined', 'use null');
      this.visit(value[i], `${path}[${i}]`, depth + 1);
    }
  }

  #binary(value: ArrayBufferView | ArrayBuffer, path: string): void {
    if (this.#json) throw this.#notPlain(path, `a ${nameOf(value)}`, 'store it as base64 text');
    this.#add(value.byteLength);
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) throw this.#tooLarge(`is larger than ${this.#maxBytes} bytes`);
  }

  #tooLarge(what: string): PluginError {
    return new PluginError('too-large', `${this.#where}: what was given ${what}`);
  }

  #notPlain(path: string, what: string, hint?: string): PluginError {
    const place = path === '' ? 'the value' : path.replace(/^\./, '');
    const rule = this.#json ? 'cannot be stored' : 'cannot be handed over';
    return new PluginError(
      'not-plain',
      `${this.#where}: ${place} is ${what}, which ${rule}${hint === undefined ? '' : `; ${hint}`}`,
    );
  }
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function nameOf(value: object): string {
  const made: unknown = value.constructor;
  return typeof made === 'function' && made.name !== '' ? made.name : 'strange object';
}

function hintFor(value: object): string | undefined {
  if (value instanceof Date) return 'store its getTime()';
  if (value instanceof Map) return 'store Object.fromEntries(map)';
  if (value instanceof Set) return 'store [...set]';
  return undefined;
}
