import type { Channel } from './channel.ts';
import { distributedChannel } from './messages/distributed.ts';
import { fileChannel } from './messages/file.ts';
import { initChannel } from './messages/init.ts';
import { peerChannel } from './messages/peer.ts';
import { serverRequestChannel, serverResponseChannel } from './messages/server.ts';
import { describeParts, type StructShape } from './shape.ts';
import type { ConnectionKind, Direction, MessageStatus } from './table.ts';

/** Every channel: one for each kind of connection and direction. */
export const channels: readonly Channel<never>[] = [
  serverRequestChannel,
  serverResponseChannel,
  initChannel,
  peerChannel,
  distributedChannel,
  fileChannel,
] as readonly unknown[] as readonly Channel<never>[];

/** A message as documentation wants it. */
export interface MessageInfo {
  readonly kind: ConnectionKind;
  readonly direction: Direction;
  /** Null for file messages, which have no code. */
  readonly code: number | null;
  readonly name: string;
  readonly status: MessageStatus;
  /** Everything after the code is one zlib stream. */
  readonly compressed: boolean;
  readonly shape: StructShape;
  /** The layout in one line, e.g. `token:u32, opt(username:str)`; empty for a message without fields. */
  readonly layout: string;
}

/** All messages of all connections. */
export function allMessages(): readonly MessageInfo[] {
  return channels.flatMap((channel) =>
    channel.entries.map(({ row, shape }) => ({
      kind: channel.kind,
      direction: channel.direction,
      code: channel.kind === 'file' ? null : row.code,
      name: row.name,
      status: row.status,
      compressed: row.compressed,
      shape,
      layout: describeParts(shape.parts),
    })),
  );
}
