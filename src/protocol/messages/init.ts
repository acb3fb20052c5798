import { Channel } from '../channel.ts';
import { str, u32 } from '../codec.ts';
import type { DecodeResult } from '../result.ts';
import { type MessageOf, message } from '../table.ts';

/**
 * First frame of a connection between peers, sent by the side that opened it. The token of PierceFireWall is that of the ConnectToPeer
 * it answers; that of PeerInit means nothing, and some clients send it as a u64 (Nicotine+ protocol documentation).
 */
const initMessages = [
  message(0, 'PierceFireWall', { token: u32 }),
  message(1, 'PeerInit', { username: str, connectionType: str, token: u32 }),
] as const;

export type InitMessage = MessageOf<(typeof initMessages)[number]>;
export type InitMessageOf<N extends InitMessage['type']> = Extract<InitMessage, { readonly type: N }>;

export const initChannel = new Channel<InitMessage>('init', 'request', 1, initMessages);

/** The complete frame of an init message. Throws a `WireError` if a value does not fit its wire type. */
export const encodeInitMessage = (message: InitMessage): Uint8Array => initChannel.encode(message);

/** Reads an init message from a frame's body (code and payload). An unknown code is a reason to close the connection. */
export const decodeInitMessage = (body: Uint8Array): DecodeResult<InitMessage> => initChannel.decode(body);
