import type { NotifyTarget } from '../../../api/index.ts';
import type { Moderation } from '../commands/rooms.ts';

/** Those who are told of applicants and get the digest. */
export function staffTargets(bot: Moderation): readonly NotifyTarget[] {
  const { staff } = bot.config;
  if (staff === undefined) return [];
  return [
    ...(staff.room === undefined ? [] : [{ room: staff.room }]),
    ...staff.users.map((pm) => ({ pm })),
    ...staff.channels,
  ];
}

/** Tells staff something. Suggestions and reports are told by the engine, to moderation.staff. */
export async function tellStaff(
  bot: Moderation,
  title: string,
  options: { readonly lines?: readonly string[]; readonly key: string; readonly digest?: 'none' | 'hour' },
): Promise<void> {
  const targets = staffTargets(bot);
  if (targets.length === 0) return;
  await bot.notify(targets, { title: title.slice(0, 200), ...options });
}
