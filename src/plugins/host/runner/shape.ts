import type { StandardSchemaV1 } from '@standard-schema/spec';
import { API_VERSION, type Plugin } from '../../api/define-plugin.ts';
import type { Handover, SelfTest } from '../../api/lifecycle.ts';
import { NEEDS, type Need } from '../../api/needs.ts';
import { nearestKey } from '../../api/schema/nearest-key.ts';
import type { LoadedModule } from '../loaded-module.ts';

/** The default export of a plugin file is no plugin, or one for another API. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  readonly code: 'shape' | 'api';

  constructor(code: 'shape' | 'api', message: string) {
    super(message);
    this.code = code;
  }
}

/** A plugin's module whose exports are what they should be. */
export interface CheckedModule {
  readonly plugin: Plugin;
  readonly handover?: Handover;
  readonly selfTest?: SelfTest;
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Checks all that a file exports for us. @throws ShapeError saying what to change. */
export function checkModule({ plugin, handover, selfTest }: LoadedModule): CheckedModule {
  const checked = checkShape(plugin);
  if (selfTest !== undefined && typeof selfTest !== 'function')
    throw new ShapeError('shape', 'its export selfTest is not a function');
  if (handover !== undefined && !isHandover(handover))
    throw new ShapeError('shape', 'its export handover is not { save(), restore(state) }');
  return {
    plugin: checked,
    ...(handover === undefined ? {} : { handover }),
    ...(selfTest === undefined ? {} : { selfTest: selfTest as SelfTest }),
  };
}

function isHandover(value: unknown): value is Handover {
  return (
    typeof value === 'object' &&
    value !== null &&
    'save' in value &&
    'restore' in value &&
    typeof value.save === 'function' &&
    typeof value.restore === 'function'
  );
}

/**
 * Checks a default export: it may be JavaScript, or made by another copy of this package.
 * @throws ShapeError saying what to change.
 */
function checkShape(value: unknown): Plugin {
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
  checkPersonal(plugin.personal);
  checkStore(plugin.store);
  checkTexts(plugin.texts);
  return value as Plugin;
}

function checkPersonal(personal: unknown): void {
  if (personal === undefined) return;
  if (!Array.isArray(personal)) throw new ShapeError('shape', 'its personal is not a list');
  for (const entry of personal as readonly unknown[]) {
    const { keys, what, timer } = isMap(entry) ? entry : {};
    if (typeof keys !== 'string' || !keys.includes('{user}'))
      throw new ShapeError('shape', 'an entry of its personal has no "keys" with {user} in it');
    if (typeof what !== 'string' || what.trim() === '')
      throw new ShapeError(
        'shape',
        `its personal ${JSON.stringify(keys)} does not say "what" it is, in words`,
      );
    if (timer !== undefined && typeof timer !== 'string')
      throw new ShapeError('shape', `the timer of its personal ${JSON.stringify(keys)} is not a text`);
  }
}

function checkStore(store: unknown): void {
  if (store === undefined) return;
  const { version, migrate } = isMap(store) ? store : {};
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1)
    throw new ShapeError('shape', 'its store.version is not a whole number, 1 or more');
  if (migrate === undefined) return;
  if (!isMap(migrate)) throw new ShapeError('shape', 'its store.migrate is not a map');
  for (const [step, run] of Object.entries(migrate)) {
    const leadsTo = Number(step);
    if (!Number.isInteger(leadsTo) || leadsTo < 2 || leadsTo > version) {
      throw new ShapeError(
        'shape',
        `its store.migrate has the key ${JSON.stringify(step)}: keys are the versions that steps lead to, 2 to ${version}`,
      );
    }
    if (typeof run !== 'function')
      throw new ShapeError('shape', `its store.migrate[${step}] is not a function`);
  }
}

function checkTexts(texts: unknown): void {
  if (texts === undefined) return;
  if (!isMap(texts)) throw new ShapeError('shape', 'its texts are not a map of languages');
  for (const [language, entries] of Object.entries(texts)) {
    if (!/^[a-z]{2,8}(?:-[a-z0-9]{1,8})*$/.test(language))
      throw new ShapeError(
        'shape',
        `its texts have the language ${JSON.stringify(language)}: write it like en or pt-br`,
      );
    const wrong = isMap(entries)
      ? Object.entries(entries).find(([, text]) => typeof text !== 'string')
      : ['all'];
    if (wrong !== undefined)
      throw new ShapeError(
        'shape',
        `its texts.${language} are not a map of texts: look at ${JSON.stringify(wrong[0])}`,
      );
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
