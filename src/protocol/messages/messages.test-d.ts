import { describe, expectTypeOf, it } from 'vitest';
import {
  decodeFileMessage,
  decodeServerResponse,
  encodePeerMessage,
  encodeServerRequest,
  encodeServerResponse,
  type FileEntry,
  type InitMessage,
  type PeerMessage,
  type PeerMessageOf,
  type ServerRequest,
  type ServerRequestOf,
  type ServerResponse,
  type ServerResponseOf,
  type WireErrorCode,
} from '../index.ts';

const bytes = new Uint8Array();

describe('types of messages', () => {
  it('are narrowed by their type', () => {
    const message = {} as ServerResponse;
    if (message.type === 'SayChatroom') {
      expectTypeOf(message.room).toEqualTypeOf<string>();
      expectTypeOf(message.username).toEqualTypeOf<string>();
    }
    if (message.type === 'PossibleParents') {
      expectTypeOf(message.parents[0]!.port).toEqualTypeOf<number>();
    }
    // @ts-expect-error -- what a message has is not known before its type
    expectTypeOf(message.room);
    expectTypeOf<InitMessage['type']>().toEqualTypeOf<'PierceFireWall' | 'PeerInit'>();
  });

  it('differ by direction', () => {
    expectTypeOf<ServerRequestOf<'SayChatroom'>>().not.toHaveProperty('username');
    expectTypeOf<ServerResponseOf<'SayChatroom'>>().toHaveProperty('username');
    expectTypeOf<'Relogged'>().not.toExtend<ServerRequest['type']>();
    expectTypeOf<'Relogged'>().toExtend<ServerResponse['type']>();
  });

  it('are plain objects', () => {
    expectTypeOf<ServerResponseOf<'ParentMinSpeed'>>().toEqualTypeOf<{
      readonly type: 'ParentMinSpeed';
      readonly speed: number;
    }>();
    expectTypeOf<ServerRequestOf<'SayChatroom'>>().toEqualTypeOf<{
      readonly type: 'SayChatroom';
      readonly room: string;
      readonly message: string;
      readonly latin1?: readonly string[];
    }>();
    expectTypeOf<FileEntry>().toEqualTypeOf<{
      readonly code: number;
      readonly filename: string;
      readonly size: bigint;
      readonly extension: string;
      readonly attributes: readonly { readonly type: number; readonly value: number }[];
      readonly latin1?: readonly string[];
    }>();
  });

  it('have optional fields that may be absent, but not undefined', () => {
    expectTypeOf<ServerRequestOf<'JoinRoom'>>().toEqualTypeOf<{
      readonly type: 'JoinRoom';
      readonly room: string;
      readonly private?: boolean;
      readonly latin1?: readonly string[];
    }>();
    encodeServerRequest({ type: 'JoinRoom', room: 'indie' });
    // @ts-expect-error -- absent, or a boolean
    encodeServerRequest({ type: 'JoinRoom', room: 'indie', private: undefined });
    // @ts-expect-error -- the room is not optional
    encodeServerRequest({ type: 'JoinRoom', private: true });
    // @ts-expect-error -- no such field
    encodeServerRequest({ type: 'JoinRoom', room: 'indie', owner: 'me' });
  });

  it('follow the boolean that decides what is there', () => {
    const login = {} as ServerResponseOf<'Login'>;
    if (login.success) {
      expectTypeOf(login.greeting).toEqualTypeOf<string>();
      expectTypeOf(login).not.toHaveProperty('reason');
    } else {
      expectTypeOf(login.reason).toEqualTypeOf<string>();
      expectTypeOf(login.detail).toEqualTypeOf<string | undefined>();
    }
    encodeServerResponse({ type: 'WatchUser', username: 'u', exists: false });
    // @ts-expect-error -- a user who exists has statistics
    encodeServerResponse({ type: 'WatchUser', username: 'u', exists: true });
    encodePeerMessage({ type: 'TransferResponse', token: 1, allowed: true });
    // @ts-expect-error -- a reason comes with a refusal only
    encodePeerMessage({ type: 'TransferResponse', token: 1, allowed: true, reason: 'Queued' });
  });

  it('keep 64 bits', () => {
    expectTypeOf<PeerMessageOf<'TransferRequest'>['fileSize']>().toEqualTypeOf<bigint | undefined>();
    // @ts-expect-error -- a number would lose bits
    encodePeerMessage({ type: 'TransferRequest', direction: 1, token: 1, filename: 'a', fileSize: 5 });
  });

  it('come out of decoders as results', () => {
    const result = decodeServerResponse(bytes);
    if (result.ok) {
      expectTypeOf(result.message).toEqualTypeOf<ServerResponse>();
      expectTypeOf(result.trailing).toEqualTypeOf<number>();
    } else {
      expectTypeOf(result.reason).toEqualTypeOf<WireErrorCode>();
      expectTypeOf(result.code).toEqualTypeOf<number | undefined>();
    }
    const offset = decodeFileMessage('FileOffset', bytes);
    if (offset.ok) expectTypeOf(offset.message.offset).toEqualTypeOf<bigint>();
    expectTypeOf<PeerMessage>().toHaveProperty('type');
  });
});
