import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { PluginError } from '../errors.ts';
import type { JsonSchema, Schema, SchemaIssue, SchemaPath } from './types.ts';

/** How a kind of value is read and described. */
export interface SchemaNode<Out> {
  /** Reads a value that is there. What is wrong goes to `issues`, and the result is not used then. */
  read(value: unknown, path: SchemaPath, issues: SchemaIssue[]): Out | undefined;
  json(side: 'input' | 'output'): JsonSchema;
  /** "a string": what was expected, for messages. */
  readonly expected: string;
  /** What stands for a key that is left out; absent: leaving it out is wrong. */
  readonly absent?: (path: SchemaPath, issues: SchemaIssue[]) => Out | undefined;
  /** A key that is left out is not wrong, and is filled in. */
  readonly filled?: boolean;
}

const nodes = new WeakMap<object, SchemaNode<unknown>>();

/** The node of a schema made by {@link toSchema}. */
export function nodeOf(schema: Schema<unknown, unknown>): SchemaNode<unknown> {
  const node = nodes.get(schema);
  if (node === undefined) {
    throw new PluginError(
      'invalid',
      'Inside s.object, s.array and s.record only schemas made with s can be used',
    );
  }
  return node;
}

const TARGETS: readonly string[] = ['draft-2020-12', 'draft-07'];

function describeAs(
  node: SchemaNode<unknown>,
  side: 'input' | 'output',
  options: StandardJSONSchemaV1.Options,
) {
  if (!TARGETS.includes(options.target))
    throw new Error(`JSON Schema for ${options.target} is not supported`);
  return { ...node.json(side) };
}

/** Wraps a node into what plugin authors hold. */
export function toSchema<Out, In>(node: SchemaNode<Out>): Schema<Out, In> {
  const schema: Schema<Out, In> = {
    '~standard': {
      version: 1,
      vendor: 'seekeeper',
      validate: (value): StandardSchemaV1.Result<Out> => {
        const issues: SchemaIssue[] = [];
        const out = readField(node, value, [], issues);
        return issues.length > 0 ? { issues } : { value: out as Out };
      },
      jsonSchema: {
        input: (options) => describeAs(node, 'input', options),
        output: (options) => describeAs(node, 'output', options),
      },
    },
    optional: () => toSchema({ ...node, absent: () => undefined, filled: false }),
    default: (value) => {
      const check: SchemaIssue[] = [];
      node.read(value, [], check);
      if (check[0])
        throw new PluginError(
          'invalid',
          `The default ${JSON.stringify(value)} is wrong: ${check[0].message}`,
        );
      return toSchema({
        ...node,
        // Read every time: two instances must not share one array.
        absent: (path, issues) => node.read(value, path, issues) as Exclude<Out, undefined>,
        filled: true,
        json: (side) => ({ ...node.json(side), ...(side === 'input' ? { default: value } : {}) }),
      } as SchemaNode<Exclude<Out, undefined>>);
    },
    describe: (description) => toSchema({ ...node, json: (side) => ({ ...node.json(side), description }) }),
  };
  nodes.set(schema, node);
  return Object.freeze(schema);
}

/** Reads a value that may be left out. */
export function readField<Out>(
  node: SchemaNode<Out>,
  value: unknown,
  path: SchemaPath,
  issues: SchemaIssue[],
): Out | undefined {
  if (value !== undefined) return node.read(value, path, issues);
  if (node.absent !== undefined) return node.absent(path, issues);
  issues.push({ path, message: `is missing: expected ${node.expected}` });
  return undefined;
}

/** Says in a message what somebody gave, shortly. */
export function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value;
}

/** The issue of a value of the wrong kind. */
export function wrongKind(node: { expected: string }, value: unknown, path: SchemaPath): SchemaIssue {
  return { path, message: `expected ${node.expected}, got ${shown(value)}` };
}
