/** Zero bytes that widen the token of PeerInit, the last field, from u32 to u64. */
const TOKEN_PADDING = 4;
/** The same for `slotsFree` of UserInfoResponse, the last field when `uploadPermitted` is left out: from u8 to u32. */
const SLOTS_PADDING = 3;
const EMBEDDED = 93;

/** PeerInit as clients write it whose token is a u64. */
export const wideToken = (peerInit: Uint8Array): Uint8Array => padded(peerInit, TOKEN_PADDING);

/** UserInfoResponse (without `uploadPermitted`) as Museek+ writes it. */
export const wideSlots = (userInfo: Uint8Array): Uint8Array => padded(userInfo, SLOTS_PADDING);

/**
 * A DistribSearch frame within a DistribEmbeddedMessage, as old branch roots send it.
 * @param width of the outer code: u8 (old Nicotine+) or u32 (old SoulseekQt and slskd).
 */
export function embedded(search: Uint8Array, width: 'u8' | 'u32'): Uint8Array {
  const code = Buffer.alloc(width === 'u8' ? 1 : 4);
  code[0] = EMBEDDED;
  return relabelled(Buffer.concat([search.subarray(0, 4), code, search.subarray(4)]));
}

const padded = (frame: Uint8Array, zeros: number): Uint8Array =>
  relabelled(Buffer.concat([frame, Buffer.alloc(zeros)]));

/** The frame with a length field that is right. */
function relabelled(frame: Buffer): Buffer {
  frame.writeUInt32LE(frame.length - 4, 0);
  return frame;
}
