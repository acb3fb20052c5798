import type { LogFields } from '../../platform/log.ts';

const HIDDEN = '[secret]';
/** Deeper than this, a value is only named. */
const MAX_DEPTH = 6;
/** Longest list or map that is written out. */
const MAX_ITEMS = 100;
const MAX_TEXT = 10_000;
/** A shorter secret would also be found in innocent words, and the gaps would give it away. */
const MIN_SCRUBBED = 6;

/** Fields whose value nobody may see, however it is spelled: `botToken`, `api_secret`, `PASSWORD`. */
const SENSITIVE = /(?:password|passwd|secret|token|privatetext|authorization|cookie)$/;

/**
 * Makes what is logged safe: hides values of fields named like secrets (`privateText` is the name for the text of
 * private messages), any occurrence of the secrets themselves, and control characters, which could command the
 * terminal of whoever reads the log.
 */
export class Cleaner {
  readonly #secrets: readonly string[];

  /** @param secrets texts that must never appear, wherever they come from. Shorter than 6 characters: no effect. */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.filter((secret) => secret.length >= MIN_SCRUBBED);
  }

  /** A copy of `fields` that can be shown. Never throws. */
  fields(fields: LogFields): Record<string, unknown> {
    return this.#map(fields, 0, new Set([fields]));
  }

  text(text: string): string {
    let clean = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, HIDDEN);
    return clean.replace(
      CONTROL,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }

  #map(value: object, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
    const clean: Record<string, unknown> = {};
    for (const key of Object.keys(value).slice(0, MAX_ITEMS)) {
      clean[this.text(key)] = this.#member(value, key, depth, above);
    }
    return clean;
  }

  #member(owner: object, key: string, depth: number, above: ReadonlySet<object>): unknown {
    try {
      const value: unknown = Reflect.get(owner, key);
      return isSensitive(key, value) ? HIDDEN : this.#value(value, depth + 1, above);
    } catch {
      return '[unreadable]';
    }
  }

  #value(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
    if (typeof value !== 'object' || value === null) return value;
    if (above.has(value)) return '[circular]';
    if (depth > MAX_DEPTH) return Array.isArray(value) ? '[list]' : '[map]';
    const inside = new Set([...above, value]);
    if (value instanceof Error) return this.#error(value, depth, inside);
    if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value))
      return value.slice(0, MAX_ITEMS).map((item) => this.#value(item, depth + 1, inside));
    if (value instanceof Set || value instanceof Map)
      return this.#value([...(value as Iterable<unknown>)], depth, inside);
    return hasToJson(value)
      ? this.#value(value.toJSON(), depth + 1, inside)
      : this.#map(value, depth, inside);
  }

  #error(error: Error, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
    return {
      type: this.text(error.name),
      message: this.text(error.message),
      ...(error.stack !== undefined && { stack: this.text(error.stack) }),
      ...this.#map(error, depth, above),
      ...(error.cause !== undefined && { cause: this.#value(error.cause, depth + 1, above) }),
    };
  }
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** Numbers called `token` are those of the protocol, and harmless. */
function isSensitive(key: string, value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null)
    return false;
  return SENSITIVE.test(key.toLowerCase().replaceAll(/[-_ ]/g, ''));
}

/** Everything that a terminal acts upon, except line breaks and tabs. */
const CONTROL = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
