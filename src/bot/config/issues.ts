import type * as z from 'zod';
import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import type { ConfigSource } from './config-source.ts';
import type { ConfigPath, Diagnostic, PathStep } from './diagnostic.ts';

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

/** Longest piece of a wrong value that is shown. */
const MAX_SHOWN = 40;

const PASSWORD_FORMS = '{ env: NAME }, { file: PATH } or a text in quotes';

/** What the schema did not like, as diagnostics with places. `value` is what was checked. */
export function issueDiagnostics(
  issues: readonly Issue[],
  schema: Schema,
  value: unknown,
  source: ConfigSource,
): Diagnostic[] {
  return issues
    .flatMap((issue) => flatten(issue, schema, [], value))
    .map((found) => toDiagnostic(found, source));
}

/** One problem, its path from the root down. */
interface Found {
  readonly path: ConfigPath;
  readonly message: string;
  readonly nearest?: string | undefined;
  readonly atKey?: boolean;
}

function toDiagnostic(found: Found, source: ConfigSource): Diagnostic {
  return source.diagnose(found.path, found.message, { nearest: found.nearest, atKey: found.atKey === true });
}

function flatten(issue: Issue, schema: Schema, base: ConfigPath, root: unknown): Found[] {
  const path: ConfigPath = [...base, ...(issue.path as PathStep[])];
  const value = valueAt(root, path);
  const got = isSecret(path) ? '' : `, got ${shown(value)}`;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, schema, root));
    case 'invalid_union':
      return union(issue, schema, path, root);
    case 'custom':
      return [
        { path, message: `${issue.message}${got}`, nearest: issue.params?.['nearest'] as string | undefined },
      ];
    case 'invalid_type':
      return [{ path, message: `expected ${kindName(issue.expected)}${got}` }];
    default:
      return [{ path, message: `${issue.message}${got}` }];
  }
}

function unknownKey(key: string, path: ConfigPath, schema: Schema, root: unknown): Found {
  // A key below a secret is most likely the secret itself, in braces.
  if (isSecret(path)) return { path, message: `expected ${PASSWORD_FORMS}` };
  const known = keysAt(schema, path, root);
  const nearest = nearestKey(key, known);
  const list = nearest === undefined && known.length > 0 ? ` (known here: ${known.join(', ')})` : '';
  return { path: [...path, key], message: `unknown key${list}`, nearest, atKey: true };
}

/** Of the branches, the one whose kind of value it is tells what is wrong; without one, all are named. */
function union(
  issue: Issue & { code: 'invalid_union' },
  schema: Schema,
  path: ConfigPath,
  root: unknown,
): Found[] {
  // zod's type of the issue does not have it.
  const { options } = issue as { readonly options?: readonly unknown[] };
  if (options !== undefined) return [noSuchKind(options.map(String), path, root)];
  const branch = issue.errors.find(
    (errors) => errors.length > 0 && errors.every((error) => !wrongKind(error, valueAt(root, path))),
  );
  if (branch !== undefined) return branch.flatMap((error) => flatten(error, schema, path, root));
  if (isSecret(path)) return [{ path, message: `expected ${PASSWORD_FORMS}` }];
  const expected = issue.errors.flatMap((errors) => errors.slice(0, 1)).map((error) => expectation(error));
  return [
    { path, message: `expected ${[...new Set(expected)].join(' or ')}, got ${shown(valueAt(root, path))}` },
  ];
}

/** A map whose kind is told by the key at which the path ends. */
function noSuchKind(kinds: readonly string[], path: ConfigPath, root: unknown): Found {
  const value = valueAt(root, path);
  const nearest = typeof value === 'string' ? nearestKey(value, kinds) : undefined;
  return { path, message: `expected one of ${kinds.join(', ')}; got ${shown(value)}`, nearest };
}

function wrongKind(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') return true;
  return issue.code === 'custom' && typeof value !== 'string';
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return kindName(issue.expected);
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ');
  return issue.message.replace(/^expected /, '');
}

function kindName(expected: string): string {
  if (expected === 'object' || expected === 'record') return 'a map (key: value)';
  return expected === 'array' ? 'a list' : `a ${expected}`;
}

const CHANNEL_SECRETS = new Set<PathStep | undefined>(['url', 'secret', 'token', 'password', 'topic']);

/** Nothing at or below a secret is ever repeated. */
function isSecret(path: ConfigPath): boolean {
  return isPassword(path) || (path[0] === 'notify' && path[1] === 'channels' && CHANNEL_SECRETS.has(path[3]));
}

function isPassword(path: ConfigPath): boolean {
  return path[0] === 'bot' && path[1] === 'password';
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  // Whatever else YAML knows: numbers, true and false, dates.
  if (typeof value !== 'string') return JSON.stringify(value) ?? typeof value;
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
}

function valueAt(root: unknown, path: ConfigPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PathStep, unknown>)[step];
  }
  return value;
}

/** Keys that the schema knows at a path. @param value what is there: it tells between maps of several kinds. */
function keysAt(schema: Schema, path: ConfigPath, value: unknown): readonly string[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  const [step, ...rest] = path;
  const inside = step === undefined ? undefined : valueAt(value, [step]);
  switch (def.type) {
    case 'default':
    case 'prefault':
    case 'optional':
      return keysAt(def.innerType, path, value);
    case 'union': {
      const options = def.options.filter((option) => isOfKind(option, value));
      return [...new Set(options.flatMap((option) => keysAt(option, path, value)))];
    }
    case 'object': {
      if (step === undefined) return Object.keys(def.shape);
      const inner = Object.hasOwn(def.shape, step) ? def.shape[step] : undefined;
      return inner === undefined ? [] : keysAt(inner, rest, inside);
    }
    case 'record':
      return step === undefined ? [] : keysAt(def.valueType, rest, inside);
    case 'array':
      return step === undefined ? [] : keysAt(def.element, rest, inside);
    default:
      return [];
  }
}

/** Whether a value has what maps of this schema are known by. */
function isOfKind(schema: Schema, value: unknown): boolean {
  const marks = Object.entries(schema._zod.propValues ?? {});
  return marks.every(([key, values]) => values.has(valueAt(value, [key]) as never));
}
