import type { ArgSpec } from '../../plugins/api/args.ts';
import { formatDuration, parseDuration } from '../../plugins/api/duration.ts';

export type ValueResult =
  | { readonly ok: true; readonly value: unknown }
  /** The rest of a sentence that begins with the argument's name: `must be a whole number`. */
  | { readonly ok: false; readonly problem: string };

/** Reads one word, or one text, as one value. */
export function parseValue(spec: ArgSpec, text: string): ValueResult {
  switch (spec.kind) {
    case 'text':
    case 'word':
      return text.length > (spec.max ?? Infinity)
        ? bad(`must have at most ${spec.max ?? 0} characters`)
        : good(text);
    case 'user':
    case 'room':
      return text.trim() === '' ? bad(`must be a ${spec.kind} name`) : good(text);
    case 'int':
      return inRange(spec, /^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined, 'a whole number', String);
    case 'number':
      return inRange(
        spec,
        /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined,
        'a number',
        String,
      );
    case 'duration':
      return inRange(spec, parseDuration(text), 'a duration like 5m or 1h30m', formatDuration);
    case 'oneOf':
      return oneOf(spec.values, text);
    case 'boolean':
      return boolean(text);
    case 'optional':
    case 'rest':
      return parseValue(spec.of, text);
    case 'flag':
      return bad('is a flag');
  }
}

function inRange(
  range: { readonly min?: number; readonly max?: number },
  value: number | undefined,
  what: string,
  show: (value: number) => string,
): ValueResult {
  if (value === undefined || !Number.isFinite(value)) return bad(`must be ${what}`);
  const { min, max } = range;
  if ((min === undefined || value >= min) && (max === undefined || value <= max)) return good(value);
  if (min === undefined) return bad(`must be at most ${show(max!)}`);
  return bad(
    max === undefined ? `must be at least ${show(min)}` : `must be from ${show(min)} to ${show(max)}`,
  );
}

function oneOf(values: readonly string[], text: string): ValueResult {
  const wanted = text.toLowerCase();
  const found =
    values.find((value) => value === text) ?? values.find((value) => value.toLowerCase() === wanted);
  return found === undefined ? bad(`must be ${anyOf(values)}`) : good(found);
}

function boolean(text: string): ValueResult {
  switch (text.toLowerCase()) {
    case 'yes':
    case 'on':
    case 'true':
      return good(true);
    case 'no':
    case 'off':
    case 'false':
      return good(false);
    default:
      return bad('must be yes or no');
  }
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)!}`;
}

function good(value: unknown): ValueResult {
  return { ok: true, value };
}

function bad(problem: string): ValueResult {
  return { ok: false, problem };
}
