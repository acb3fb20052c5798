import { Channel } from '../channel.ts';
import { embeddedCode, i32, optional, raw, str, u32 } from '../codec.ts';
import type { DecodeResult } from '../result.ts';
import { deprecated, type MessageOf, message, obsolete } from '../table.ts';

/**
 * What a parent says to a child on a `D` connection (Nicotine+ protocol documentation). A level below 0 and an empty root occur; they
 * are signs of a broken parent. DistribEmbeddedMessage is a defect of old branch roots: read it, never send it.
 */
const distributedMessages = [
  deprecated(0, 'DistribPing', optional({ token: u32 })),
  message(3, 'DistribSearch', { identifier: u32, username: str, token: u32, query: str }),
  message(4, 'DistribBranchLevel', { level: i32 }),
  message(5, 'DistribBranchRoot', { username: str }),
  obsolete(7, 'DistribChildDepth', { depth: u32 }),
  deprecated(93, 'DistribEmbeddedMessage', { distribCode: embeddedCode, distribMessage: raw }),
] as const;

export type DistributedMessage = MessageOf<(typeof distributedMessages)[number]>;
export type DistributedMessageOf<N extends DistributedMessage['type']> = Extract<
  DistributedMessage,
  { readonly type: N }
>;

export const distributedChannel = new Channel<DistributedMessage>(
  'distributed',
  'request',
  1,
  distributedMessages,
);

/** The complete frame of a distributed message. Throws a `WireError` if a value does not fit its wire type. */
export const encodeDistributedMessage = (message: DistributedMessage): Uint8Array =>
  distributedChannel.encode(message);

/** Reads a distributed message from a frame's body (code and payload). */
export const decodeDistributedMessage = (body: Uint8Array): DecodeResult<DistributedMessage> =>
  distributedChannel.decode(body);
