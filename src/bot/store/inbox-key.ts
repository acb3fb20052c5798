import { createHash } from 'node:crypto';
import type { InboxEntry } from '../../network/ports.ts';

/**
 * What identifies a private message for ever. The server's ids repeat over the years, and two people may write at
 * the same second, so the key takes id, timestamp, sender and text together. It gives away nothing of the text.
 */
export function inboxKey(entry: Pick<InboxEntry, 'id' | 'timestamp' | 'user' | 'text'>): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([entry.user, entry.text]))
    .digest('base64url');
  // 132 bits of 256: far beyond any chance meeting, and still short enough for a log line.
  return `pm-${entry.id}-${entry.timestamp}-${hash.slice(0, 22)}`;
}
