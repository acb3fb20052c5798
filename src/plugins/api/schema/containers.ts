import type { StandardSchemaV1 } from '@standard-schema/spec';
import { PluginError } from '../errors.ts';
import { nearestKey } from './nearest-key.ts';
import { nodeOf, readField, toSchema, wrongKind } from './node.ts';
import type { Schema, Shape, ShapeIn, ShapeOut } from './types.ts';

export interface ArrayOptions {
  /** Fewest entries. */
  readonly min?: number;
  /** Most entries. */
  readonly max?: number;
}

type AnySchema = Schema<unknown, unknown>;
type Out<S extends AnySchema> = StandardSchemaV1.InferOutput<S>;
type In<S extends AnySchema> = StandardSchemaV1.InferInput<S>;

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function array<S extends AnySchema>(
  of: S,
  options: ArrayOptions = {},
): Schema<readonly Out<S>[], readonly In<S>[]> {
  const { min = 0, max = Infinity } = options;
  const node = nodeOf(of);
  return toSchema<readonly Out<S>[], readonly In<S>[]>({
    expected: 'a list',
    read(value, path, issues) {
      if (!Array.isArray(value)) {
        issues.push(wrongKind(this, value, path));
        return undefined;
      }
      const entries: readonly unknown[] = value;
      if (entries.length < min)
        issues.push({ path, message: `must have at least ${min} entries, has ${entries.length}` });
      if (entries.length > max)
        issues.push({ path, message: `must have at most ${max} entries, has ${entries.length}` });
      return entries.map((entry, i) => readField(node, entry, [...path, i], issues) as Out<S>);
    },
    json: (side) => ({
      type: 'array',
      items: node.json(side),
      ...(options.min === undefined ? {} : { minItems: options.min }),
      ...(options.max === undefined ? {} : { maxItems: options.max }),
    }),
  });
}

export function object<S extends Shape>(shape: S): Schema<ShapeOut<S>, ShapeIn<S>> {
  const fields = new Map(Object.entries(shape).map(([key, schema]) => [key, nodeOf(schema)]));
  return toSchema<ShapeOut<S>, ShapeIn<S>>({
    expected: 'an object',
    read(value, path, issues) {
      if (!isPlainObject(value)) {
        issues.push(wrongKind(this, value, path));
        return undefined;
      }
      for (const key of Object.keys(value)) {
        if (fields.has(key)) continue;
        const nearest = nearestKey(key, fields.keys());
        issues.push({
          path: [...path, key],
          message: `unknown key ${JSON.stringify(key)}${nearest === undefined ? knownKeys(fields) : `; did you mean ${JSON.stringify(nearest)}?`}`,
          ...(nearest === undefined ? {} : { nearest }),
          unknownKey: true,
        });
      }
      const entries: [string, unknown][] = [];
      for (const [key, node] of fields) {
        const given = Object.hasOwn(value, key) ? value[key] : undefined;
        const out = readField(node, given, [...path, key], issues);
        if (out !== undefined) entries.push([key, out]);
      }
      return Object.fromEntries(entries) as ShapeOut<S>;
    },
    json: (side) => {
      const all = [...fields];
      const required = all.filter(
        ([, node]) => node.absent === undefined || (side === 'output' && node.filled === true),
      );
      return {
        type: 'object',
        properties: Object.fromEntries(all.map(([key, node]) => [key, node.json(side)])),
        ...(required.length > 0 ? { required: required.map(([key]) => key) } : {}),
        additionalProperties: false,
      };
    },
  });
}

function knownKeys(fields: ReadonlyMap<string, unknown>): string {
  return fields.size === 0 ? '; none are known' : `; known are ${[...fields.keys()].join(', ')}`;
}

export function record<S extends AnySchema>(
  of: S,
): Schema<Readonly<Record<string, Out<S>>>, Readonly<Record<string, In<S>>>> {
  const node = nodeOf(of);
  if (node.absent !== undefined)
    throw new PluginError('invalid', 's.record takes no optional values: leave the key out');
  return toSchema<Readonly<Record<string, Out<S>>>, Readonly<Record<string, In<S>>>>({
    expected: 'an object',
    read(value, path, issues) {
      if (!isPlainObject(value)) {
        issues.push(wrongKind(this, value, path));
        return undefined;
      }
      // fromEntries defines properties, so that a key named __proto__ is only a key.
      return Object.fromEntries(
        Object.keys(value).map((key) => [key, readField(node, value[key], [...path, key], issues) as Out<S>]),
      );
    },
    json: (side) => ({ type: 'object', additionalProperties: node.json(side) }),
  });
}
