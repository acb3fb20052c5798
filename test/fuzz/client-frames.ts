import type { Random } from '../../src/platform/random.ts';
import type { ConnectionKind } from '../../src/protocol/table.ts';
import { channelsOf, mutatedFrame, soundFrame } from './frames.ts';

/** Frames for one kind of connection of a client, with something wrong in each. */
export function clientFrames(kind: ConnectionKind, count: number, random: Random): string[] {
  // Of the server's two tables the client reads one.
  const [channel] = kind === 'server' ? channelsOf(kind, 'response') : channelsOf(kind);
  const keepsUp = FRAMING_KEPT[kind];
  return Array.from({ length: count }, () =>
    (random.float() < 0.1
      ? soundFrame(channel!, random)
      : mutatedFrame(channel!, random, random.float() < keepsUp)
    ).toString('hex'),
  );
}

/**
 * Which part of the frames has a right length. What breaks the framing shields all that follows on its connection, and of
 * the connection to the server there is only one.
 */
const FRAMING_KEPT: Readonly<Record<ConnectionKind, number>> = {
  server: 1,
  init: 0.5,
  peer: 0.9,
  distributed: 0.9,
  file: 1,
};
