import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Bot } from './bot.ts';
import type { StoreVersions } from './lifecycle.ts';
import type { Need } from './needs.ts';
import type { PersonalKeys } from './personal.ts';
import type { Translations } from './texts.ts';

/** The version of this API. A plugin for another one is refused. */
export const API_VERSION = 1;

/** The config of a plugin that declares none. */
export type NoConfig = object;

/** What {@link definePlugin} takes. */
export interface PluginDefinition<S extends StandardSchemaV1 = StandardSchemaV1<unknown, NoConfig>> {
  /** Lower-case letters, digits and `-`, at most 40; begins with a letter. */
  readonly name: string;
  /** The API version it was written for. @default the version of the `seekeeper` that it imports */
  readonly api?: typeof API_VERSION;
  /** What it wants to do; anything else is refused. @default nothing, which still allows commands and their answers */
  readonly needs?: readonly Need[];
  /** A schema for its config: `s`, or any Standard Schema (zod, valibot, arktype). @default takes no config */
  readonly config?: S;
  /** Which of its key-values and timers are about a person. @default none */
  readonly personal?: readonly PersonalKeys[];
  /** How its key-values are laid out. @default version 1 */
  readonly store?: StoreVersions;
  /** Texts for `bot.t`. @default none */
  readonly texts?: Translations;
  /** Registers everything. The plugin is loaded when it resolves, within 10 s; if it throws, all is undone. */
  setup(bot: Bot<StandardSchemaV1.InferOutput<S>>): void | Promise<void>;
}

/** A plugin, as the host takes it. */
export interface Plugin {
  readonly name: string;
  readonly api: number;
  readonly needs: readonly Need[];
  readonly config?: StandardSchemaV1;
  readonly personal?: readonly PersonalKeys[];
  readonly store?: StoreVersions;
  readonly texts?: Translations;
  setup(bot: Bot): void | Promise<void>;
}

/**
 * Makes a plugin. Export the result as the file's default:
 *
 * @example
 * export default definePlugin({
 *   name: 'hello',
 *   setup(bot) {
 *     bot.command({ name: 'hello', summary: 'Says hello', run: ({ user }) => `Hello ${user}!` });
 *   },
 * });
 */
export function definePlugin<const S extends StandardSchemaV1 = StandardSchemaV1<unknown, NoConfig>>(
  definition: PluginDefinition<S>,
): Plugin {
  const { name, api = API_VERSION, needs = [], config, personal, store, texts } = definition;
  return Object.freeze({
    name,
    api,
    needs,
    ...(config === undefined ? {} : { config }),
    ...(personal === undefined ? {} : { personal }),
    ...(store === undefined ? {} : { store }),
    ...(texts === undefined ? {} : { texts }),
    setup: (bot: Bot) => definition.setup(bot as Bot<StandardSchemaV1.InferOutput<S>>),
  });
}
