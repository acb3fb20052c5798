import type { StandardSchemaV1 } from '@standard-schema/spec';
import { API_VERSION, type Plugin } from '../../api/define-plugin.ts';
import { NEEDS, type Need } from '../../api/needs.ts';
import { nearestKey } from '../../api/schema/nearest-key.ts';

/** The default export of a plugin file is no plugin, or one for another API. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  readonly code: 'shape' | 'api';

  constructor(code: 'shape' | 'api', message: string) {
    super(message);
    this.code = code;
  }
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Checks what a file exports: it may be JavaScript, or made by another copy of this package.
 * @throws ShapeError saying what to change.
 */
export function checkShape(value: unknown): Plugin {
  if (value === undefined) {
    throw new ShapeError('shape', 'it has no default export: write "export default definePlugin({ … })"');
  }
  if (typeof value !== 'object' || value === null || !('setup' in value)) {
    throw new ShapeError(
      'shape',
      'its default export is no plugin: write "export default definePlugin({ … })"',
    );
  }
  const plugin = value as Readonly<Record<keyof Plugin, unknown>>;
  // Before the rest, which another version may have changed.
  checkApi(plugin.api);
  if (typeof plugin.name !== 'string' || !NAME.test(plugin.name)) {
    throw new ShapeError(
      'shape',
      `its name ${JSON.stringify(plugin.name)} is not allowed: lower-case letters, digits and "-", at most 40, a letter first`,
    );
  }
  if (typeof plugin.setup !== 'function') throw new ShapeError('shape', 'its setup is not a function');
  checkNeeds(plugin.needs);
  if (plugin.config !== undefined && !isStandardSchema(plugin.config)) {
    throw new ShapeError(
      'shape',
      'its config is no schema: use s.object({ … }), or any Standard Schema (zod, valibot, …)',
    );
  }
  return value as Plugin;
}

function checkApi(version: unknown): void {
  if (version === API_VERSION) return;
  const advice =
    typeof version === 'number' && version > API_VERSION
      ? 'update seekeeper'
      : 'ask its author for a newer version';
  throw new ShapeError(
    'api',
    `it is written for plugin API ${JSON.stringify(version) ?? 'unknown'}, and this bot has API ${API_VERSION}: ${advice}`,
  );
}

function checkNeeds(needs: unknown): asserts needs is readonly Need[] {
  if (!Array.isArray(needs)) throw new ShapeError('shape', 'its needs are not a list');
  for (const need of needs as readonly unknown[]) {
    if (NEEDS.some((known) => known === need)) continue;
    const nearest = typeof need === 'string' ? nearestKey(need, NEEDS) : undefined;
    const hint = nearest === undefined ? `known are ${NEEDS.join(', ')}` : `did you mean "${nearest}"?`;
    throw new ShapeError('shape', `it needs ${JSON.stringify(need)}, which does not exist; ${hint}`);
  }
}

function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  // arktype's schemas are functions.
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard: unknown = '~standard' in value ? value['~standard'] : undefined;
  return (
    typeof standard === 'object' &&
    standard !== null &&
    'validate' in standard &&
    typeof standard.validate === 'function'
  );
}
