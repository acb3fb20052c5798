import type { NotifyTarget } from '../../../api/index.ts';

/** A target cannot be used; the message says why, for people. */
export class TargetError extends Error {}

/** Who hears of finds: `me` is whoever wishes. */
export type WishTarget = NotifyTarget;

/** Reads `me`, `pm:USER`, `room:ROOM`, or the name of a channel. @throws TargetError */
export function targetOf(text: string): WishTarget {
  if (text.toLowerCase() === 'me') return 'me';
  const [, kind, name = ''] = /^(pm|room):(.*)$/su.exec(text) ?? [];
  if (kind === undefined) return text;
  if (name.trim() === '') throw new TargetError(`${kind}: needs a name behind it`);
  return kind === 'pm' ? { pm: name } : { room: name };
}

/** What somebody may choose. */
export interface TargetRights {
  /** May tell anybody, and use every channel. */
  readonly mod: boolean;
  /** Whoever wishes; undefined: nobody in person. */
  readonly wisher: string | undefined;
  /** Channels that everybody may choose. */
  readonly channels: readonly string[];
  /** Rooms in which finds may be announced. */
  readonly rooms: readonly string[];
  /** Every channel that there is. */
  readonly known: readonly string[];
}

/** @throws TargetError for a target that this person may not choose, or that there is not. */
export function checkTarget(target: WishTarget, { mod, wisher, channels, rooms, known }: TargetRights): void {
  if (target === 'me') {
    if (wisher === undefined) throw new TargetError('to=me needs somebody: say for=USER, or to=pm:USER');
  } else if (typeof target === 'string') {
    if (!known.includes(target)) {
      const list =
        known.length === 0 ? 'notify.channels in the config has none' : `there are ${known.join(', ')}`;
      throw new TargetError(`there is no channel "${target}"; ${list}`);
    }
    if (!mod && !channels.includes(target))
      throw new TargetError(
        `the channel "${target}" is not among "channels" of this plugin's config; ask a mod`,
      );
  } else if ('room' in target) {
    if (!rooms.includes(target.room))
      throw new TargetError(`the room "${target.room}" is not among "announce" of this plugin's config`);
  } else if (!mod && target.pm !== wisher)
    throw new TargetError('only mods can have others told: leave out pm:');
}

/** The targets of a wish as `bot.notify` takes them, each once; `me` without a wisher is left out. */
export function resolved(targets: readonly string[], wisher: string | undefined): NotifyTarget[] {
  const found = new Map<string, NotifyTarget>();
  for (const text of targets) {
    const target = targetOf(text);
    const real = target === 'me' ? wisher && { pm: wisher } : target;
    if (real !== undefined && real !== '') found.set(JSON.stringify(real), real);
  }
  return [...found.values()];
}
