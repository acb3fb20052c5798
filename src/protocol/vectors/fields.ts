import { Buffer } from 'node:buffer';
import type { Loose } from '../interpret.ts';
import type { PartShape, Shape } from '../shape.ts';
import { fieldNames } from '../table.ts';

/** A decoded value as vectors write it: u64 as decimal strings, bytes as hex, without `type` and text marks. */
export function toVectorFields(message: object): Loose {
  const fields: Loose = {};
  for (const [name, value] of Object.entries(message))
    if (name !== 'type') fields[name] = toVectorValue(value);
  return fields;
}

function toVectorValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(toVectorValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toVectorValue(inner)]));
}

/** Takes the text marks out of a decoded message, and says whether there were any. */
export function withoutMarks(value: unknown): { readonly value: unknown; readonly marked: boolean } {
  if (Array.isArray(value)) {
    const items = value.map(withoutMarks);
    return { value: items.map((item) => item.value), marked: items.some((item) => item.marked) };
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array)
    return { value, marked: false };
  let marked = 'latin1' in value;
  const entries: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'latin1') continue;
    const clean = withoutMarks(inner);
    marked ||= clean.marked;
    entries.push([name, clean.value]);
  }
  return { value: Object.fromEntries(entries), marked };
}

/** Fields of a vector as the encoder takes them. Values of the wrong kind are left for the encoder to refuse. */
export function fromVectorFields(parts: readonly PartShape[], fields: Readonly<Loose>): Loose {
  const known = new Set(fieldNames(parts));
  const unknown = Object.keys(fields).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`no such field: ${unknown.join(', ')}`);
  const message: Loose = {};
  fill(message, parts, fields);
  return message;
}

function fill(into: Loose, parts: readonly PartShape[], fields: Readonly<Loose>): void {
  for (const part of parts) {
    if (part.kind === 'when') fill(into, fields[part.flag] === true ? part.whenTrue : part.whenFalse, fields);
    else if (part.kind === 'optional') fill(into, part.fields, fields);
    else if (fields[part.name] !== undefined)
      into[part.name] = fromVectorValue(part.shape, fields[part.name]);
  }
}

function fromVectorValue(shape: Shape, value: unknown): unknown {
  if (shape.kind === 'list')
    return Array.isArray(value) ? value.map((item) => fromVectorValue(shape.item, item)) : value;
  if (shape.kind === 'struct') {
    return typeof value === 'object' && value !== null
      ? fromVectorFields(shape.parts, value as Loose)
      : value;
  }
  if (shape.kind === 'u64' || shape.kind === 'size') {
    return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : value;
  }
  if (shape.kind === 'bin' || shape.kind === 'raw')
    return typeof value === 'string' ? Buffer.from(value, 'hex') : value;
  return value;
}

/** The first place where two JSON values differ, in words; undefined when they do not. */
export function difference(expected: unknown, actual: unknown, path = 'fields'): string | undefined {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length)
      return `${path}: ${expected.length} items expected, ${actual.length} read`;
    for (const [index, item] of expected.entries()) {
      const found = difference(item, actual[index], `${path}.${index}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isRecord(expected) && isRecord(actual)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const found = difference(expected[name], actual[name], `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return Object.is(expected, actual)
    ? undefined
    : `${path}: ${show(expected)} expected, ${show(actual)} read`;
}

const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
