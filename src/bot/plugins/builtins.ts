import type { BuiltinPlugins } from '../../plugins/host/types.ts';

/** Plugins that come with the bot, by name. Each is read when a config uses it. */
export const BUILTINS: BuiltinPlugins = {
  moderation: () => import('../../plugins/builtin/moderation/index.ts'),
  wishlist: () => import('../../plugins/builtin/wishlist/index.ts'),
};
