import { Buffer } from 'node:buffer';
import { encodeDistributedMessage } from '../../src/protocol/index.ts';

/** Searches in one block. */
const BLOCK_SEARCHES = 4096;

/** The parent's name, so that level and root take a known number of bytes. */
const PARENT = 'source';

const WORDS = [
  'live',
  '1997',
  'flac',
  'album',
  'remix',
  'the',
  'of',
  'night',
  'discography',
  'vinyl',
  'ep',
  'blue',
];

/** A block of searches as they look in life: 40 to 90 bytes each, all different. */
export function block(): { readonly bytes: Buffer; readonly searches: number } {
  const frames = Array.from({ length: BLOCK_SEARCHES }, (_, i) =>
    encodeDistributedMessage({
      type: 'DistribSearch',
      identifier: 49,
      username: `user${(i * 7919) % 100_000}`,
      token: (i * 2_654_435_761) >>> 0,
      query: Array.from({ length: 2 + (i % 4) }, (__, k) => WORDS[(i * 31 + k * 17) % WORDS.length]).join(
        ' ',
      ),
    }),
  );
  return { bytes: Buffer.concat(frames), searches: frames.length };
}

/** What a parent says first: level, root and the search that gets it adopted. */
export const greeting = (): Buffer =>
  Buffer.concat([
    encodeDistributedMessage({ type: 'DistribBranchLevel', level: 0 }),
    encodeDistributedMessage({ type: 'DistribBranchRoot', username: PARENT }),
    encodeDistributedMessage({
      type: 'DistribSearch',
      identifier: 49,
      username: 'first',
      token: 1,
      query: 'first',
    }),
  ]);

/** Bytes that our relay says to a child before anything else. */
export const noticeBytes = (): number =>
  encodeDistributedMessage({ type: 'DistribBranchLevel', level: 1 }).length +
  encodeDistributedMessage({ type: 'DistribBranchRoot', username: PARENT }).length;

export const PARENT_NAME = PARENT;
