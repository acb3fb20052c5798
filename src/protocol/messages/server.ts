import { Channel } from '../channel.ts';
import type { DecodeResult } from '../result.ts';
import type { MessageOf } from '../table.ts';
import { serverRequests } from './server-requests.ts';
import { serverResponses } from './server-responses.ts';

/** A message from a client to the server. */
export type ServerRequest = MessageOf<(typeof serverRequests)[number]>;
/** A message from the server to a client. */
export type ServerResponse = MessageOf<(typeof serverResponses)[number]>;
/** The request of a name, e.g. `ServerRequestOf<'Login'>`. */
export type ServerRequestOf<N extends ServerRequest['type']> = Extract<ServerRequest, { readonly type: N }>;
/** The response of a name; a union where a boolean decides what follows it. */
export type ServerResponseOf<N extends ServerResponse['type']> = Extract<
  ServerResponse,
  { readonly type: N }
>;

export const serverRequestChannel = new Channel<ServerRequest>('server', 'request', 4, serverRequests);
export const serverResponseChannel = new Channel<ServerResponse>('server', 'response', 4, serverResponses);

/** The complete frame of a request. Throws a `WireError` if a value does not fit its wire type. */
export const encodeServerRequest = (message: ServerRequest): Uint8Array =>
  serverRequestChannel.encode(message);

/** Reads a request from a frame's body (code and payload). */
export const decodeServerRequest = (body: Uint8Array): DecodeResult<ServerRequest> =>
  serverRequestChannel.decode(body);

/** The complete frame of a response. Throws a `WireError` if a value does not fit its wire type. */
export const encodeServerResponse = (message: ServerResponse): Uint8Array =>
  serverResponseChannel.encode(message);

/** Reads a response from a frame's body (code and payload). */
export const decodeServerResponse = (body: Uint8Array): DecodeResult<ServerResponse> =>
  serverResponseChannel.decode(body);
