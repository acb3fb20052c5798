import type { Buffer } from 'node:buffer';
import { SEARCH_IDENTIFIER } from '../../protocol/index.ts';
import { SEARCH } from './tree-frames.ts';

/** Bytes of the shortest search: 4 of length, 1 of code, 4 each of identifier, length of the name, token and length of the query. */
const SHORTEST = 21;

/** The largest length field of a distributed frame [Nicotine+]. */
const LONGEST = 16 * 1024;

/**
 * Finds searches that follow each other and may be relayed (`isRelayable`). Hundreds come in one chunk, so this is one
 * loop without calls.
 */
export class RelayRun {
  /** After `find`: how many there are. */
  count = 0;

  /** Where the run of whole frames ends that begins at `start`; `start` if there is none. `end`: of the bytes that are there. */
  find(bytes: Buffer, start: number, end: number): number {
    // One load per number.
    const view = new DataView(bytes.buffer, bytes.byteOffset, end);
    let at = start;
    let count = 0;
    while (end - at >= SHORTEST) {
      const length = view.getUint32(at, true);
      const next = at + 4 + length;
      if (length > LONGEST || next > end || view.getUint8(at + 4) !== SEARCH) break;
      if (view.getUint32(at + 5, true) !== SEARCH_IDENTIFIER) break;
      const query = at + 17 + view.getUint32(at + 9, true);
      if (query + 4 > next || query + 4 + view.getUint32(query, true) > next) break;
      at = next;
      count++;
    }
    this.count = count;
    return at;
  }
}
