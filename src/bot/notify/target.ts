import { createHash } from 'node:crypto';
import type { NotifyTarget } from '../../plugins/api/notify.ts';

/** How a target is called in the store: the name of a channel, `pm:USER` or `room:ROOM`. */
export function targetName(target: NotifyTarget): string {
  if (typeof target === 'string') return target;
  return 'pm' in target ? `pm:${target.pm}` : `room:${target.room}`;
}

/** The person or room behind a {@link targetName}; undefined for a channel. Names of channels have no colon. */
export function placeOf(
  name: string,
): { readonly kind: 'room' | 'private'; readonly to: string } | undefined {
  const [, kind, to] = /^(pm|room):(.*)$/su.exec(name) ?? [];
  if (kind === undefined || to === undefined) return undefined;
  return { kind: kind === 'pm' ? 'private' : 'room', to };
}

/** What is remembered of a key or a text: it cannot be read back from it. 128 bits of SHA-256. */
export function memoryOf(what: 'key' | 'text', instance: string, value: string): string {
  const hash = createHash('sha256').update(JSON.stringify([what, instance, value]), 'utf8');
  return hash.digest('base64url').slice(0, 22);
}
