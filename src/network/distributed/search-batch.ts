import type { Buffer } from 'node:buffer';
import { decodeDistributedMessage, type Latin1Mark } from '../../protocol/index.ts';

/** Somebody searches. */
export interface IncomingSearch extends Latin1Mark {
  /** Who asks, and is to be answered. */
  readonly user: string;
  /** To be repeated in the answer. */
  readonly token: number;
  readonly query: string;
  /** The DistribSearch frame, length field included. A view: copy what is to be kept. */
  readonly raw: Uint8Array;
}

/**
 * Searches that came together. Nothing is decoded until somebody iterates, and again each time: iterate once. What we
 * ask ourselves is relayed, but not in here.
 */
export class SearchBatch implements Iterable<IncomingSearch> {
  /** How many frames; our own searches count too. */
  readonly count: number;
  readonly #frames: Buffer;
  readonly #self: string;

  /** @param frames DistribSearch frames that have been looked through (`isRelayable`), and nothing else. */
  constructor(frames: Buffer, count: number, self: string) {
    this.#frames = frames;
    this.count = count;
    this.#self = self;
  }

  *[Symbol.iterator](): Generator<IncomingSearch, void, undefined> {
    const frames = this.#frames;
    for (let at = 0; at < frames.length; ) {
      const end = at + 4 + frames.readUInt32LE(at);
      const decoded = decodeDistributedMessage(frames.subarray(at + 4, end));
      if (decoded.ok && decoded.message.type === 'DistribSearch') {
        const { username, token, query, latin1 } = decoded.message;
        if (username !== this.#self) {
          const raw = frames.subarray(at, end);
          const marked = latin1?.map((field) => (field === 'username' ? 'user' : field));
          yield { user: username, token, query, raw, ...(marked && { latin1: marked }) };
        }
      }
      at = end;
    }
  }
}
