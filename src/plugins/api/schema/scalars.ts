import { type DurationInput, formatDuration, parseDuration, toMs } from '../duration.ts';
import { PluginError } from '../errors.ts';
import { type SchemaNode, toSchema, wrongKind } from './node.ts';
import type { JsonSchema, Schema } from './types.ts';

export interface StringOptions {
  /** Shortest, in characters. */
  readonly min?: number;
  /** Longest, in characters. */
  readonly max?: number;
  /** Must match somewhere; anchor it with ^ and $. */
  readonly pattern?: RegExp;
}

export interface NumberOptions {
  /** Smallest, included. */
  readonly min?: number;
  /** Largest, included. */
  readonly max?: number;
}

export interface DurationOptions {
  /** Shortest, included. */
  readonly min?: DurationInput;
  /** Longest, included. */
  readonly max?: DurationInput;
}

/** Leaves out what is undefined, so that a JSON Schema holds no empty keywords. */
function present(entries: Readonly<Record<string, unknown>>): JsonSchema {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

export function string(options: StringOptions = {}): Schema<string> {
  const { min = 0, max = Infinity } = options;
  // Without g and y, which remember where the last test ended.
  const pattern =
    options.pattern && new RegExp(options.pattern.source, options.pattern.flags.replace(/[gy]/g, ''));
  return toSchema<string, string>({
    expected: min > 0 ? 'a text that is not empty' : 'a text',
    read(value, path, issues) {
      if (typeof value !== 'string') issues.push(wrongKind(this, value, path));
      else {
        const length = Array.from(value).length;
        if (length < min)
          issues.push({ path, message: `must have at least ${min} characters, has ${length}` });
        if (length > max)
          issues.push({ path, message: `must have at most ${max} characters, has ${length}` });
        if (pattern?.test(value) === false)
          issues.push({ path, message: `does not match ${String(pattern)}` });
        return value;
      }
      return undefined;
    },
    json: () =>
      present({ type: 'string', minLength: options.min, maxLength: options.max, pattern: pattern?.source }),
  });
}

function numeric(options: NumberOptions, integer: boolean): Schema<number> {
  const { min = -Infinity, max = Infinity } = options;
  return toSchema<number, number>({
    expected: integer ? 'a whole number' : 'a number',
    read(value, path, issues) {
      if (typeof value !== 'number' || !Number.isFinite(value) || (integer && !Number.isSafeInteger(value))) {
        issues.push(wrongKind(this, value, path));
        return undefined;
      }
      if (value < min) issues.push({ path, message: `must be at least ${min}, is ${value}` });
      if (value > max) issues.push({ path, message: `must be at most ${max}, is ${value}` });
      return value;
    },
    json: () => present({ type: integer ? 'integer' : 'number', minimum: options.min, maximum: options.max }),
  });
}

export function number(options: NumberOptions = {}): Schema<number> {
  return numeric(options, false);
}

export function int(options: NumberOptions = {}): Schema<number> {
  return numeric(options, true);
}

export function boolean(): Schema<boolean> {
  return toSchema<boolean, boolean>({
    expected: 'true or false',
    read(value, path, issues) {
      if (typeof value === 'boolean') return value;
      issues.push(wrongKind(this, value, path));
      return undefined;
    },
    json: () => ({ type: 'boolean' }),
  });
}

/** The text form of a duration, for editors. */
const DURATION_PATTERN = '^\\s*(\\d+(\\.\\d+)?\\s*([wW]|[dD]|[hH]|[mM]|[sS]|[mM][sS])\\s*)+$';

export function duration(options: DurationOptions = {}): Schema<number, DurationInput> {
  const min = options.min === undefined ? 0 : toMs(options.min);
  const max = options.max === undefined ? Infinity : toMs(options.max);
  const node: SchemaNode<number> = {
    expected: 'a duration like "5m" or "1h30m"',
    read(value, path, issues) {
      const ms = typeof value === 'string' ? parseDuration(value) : value;
      if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0) {
        issues.push(wrongKind(this, value, path));
        return undefined;
      }
      if (ms < min) issues.push({ path, message: `must be at least ${formatDuration(min)}` });
      if (ms > max) issues.push({ path, message: `must be at most ${formatDuration(max)}` });
      return Math.round(ms);
    },
    json: (side) =>
      side === 'output'
        ? { type: 'integer', minimum: min, ...(max === Infinity ? {} : { maximum: max }) }
        : {
            type: ['string', 'number'],
            pattern: DURATION_PATTERN,
            minimum: 0,
            description: 'A duration: milliseconds, or e.g. "30s", "5m", "1h30m", "7d"',
          },
  };
  return toSchema<number, DurationInput>(node);
}

export function oneOf<const V extends readonly [string, ...string[]]>(...values: V): Schema<V[number]> {
  if (values.length === 0) throw new PluginError('invalid', 's.oneOf needs at least one value');
  return toSchema<V[number], V[number]>({
    expected: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
    read(value, path, issues) {
      const found = values.find((candidate) => candidate === value);
      if (found === undefined) issues.push(wrongKind(this, value, path));
      return found;
    },
    json: () => ({ type: 'string', enum: [...values] }),
  });
}
