import type { ModerationConfig } from '../bot/config/moderation-config.ts';
import { moderationSchema } from '../bot/config/moderation-schema.ts';
import { readModeration } from '../bot/config/read-moderation.ts';

/**
 * `moderation:` as config.yaml has it, with its defaults.
 * @param surroundings names of the rooms and ids of the plugins
 * @throws Error that says what is wrong with it.
 */
export function moderationOf(
  section: unknown,
  surroundings: { readonly rooms: readonly string[]; readonly plugins: readonly string[] },
): ModerationConfig {
  const { moderation, problems } = readModeration(moderationSchema.parse(section ?? {}), {
    ...surroundings,
    source: {
      diagnose: (path, message, options) => ({
        severity: options?.severity ?? 'error',
        file: 'moderation',
        line: 0,
        column: 0,
        path: path.join('.'),
        message,
      }),
    },
  });
  const wrong = problems.filter(({ severity }) => severity === 'error');
  if (wrong.length === 0) return moderation;
  throw new Error(wrong.map(({ path, message }) => `${path}: ${message}`).join('\n'));
}
