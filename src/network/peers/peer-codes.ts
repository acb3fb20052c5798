import { allMessages, type PeerMessage } from '../../protocol/index.ts';

export const SEARCH_RESPONSE = 9;
export const SHARES_RESPONSE = 5;
export const INFO_RESPONSE = 16;
export const FOLDER_RESPONSE = 37;

/** The peer message of each code. */
export const peerTypes: ReadonlyMap<number, PeerMessage['type']> = new Map(
  allMessages()
    .filter(({ kind }) => kind === 'peer')
    .map(({ code, name }) => [code!, name as PeerMessage['type']]),
);
