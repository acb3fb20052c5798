import type { FileEntry } from '../../protocol/index.ts';
import type { Undo } from '../server-link.ts';
import type { SearchResponse } from './hit.ts';
import type { ResponseOrigin } from './search-run.ts';
import type { ResultSource } from './searches.ts';

type Want = Parameters<ResultSource['onSearchResponse']>[0];
type Take = Parameters<ResultSource['on']>[1];

/** A file as a peer offers it. */
export const file = (filename: string, extra: Partial<FileEntry> = {}): FileEntry => ({
  code: 1,
  filename,
  size: 1000n,
  extension: '',
  attributes: [],
  ...extra,
});

/** An answer really from that user. */
const proven = (user: string): ResponseOrigin => ({ user, verified: true, verify: async () => true });

/** An answer from somebody who claims that name; whether the server confirms it. */
export const claimed = (user: string, confirmed = false): ResponseOrigin => ({
  user,
  verified: false,
  verify: async () => confirmed,
});

/** Peers that answer when the test says so. Like the real thing it inflates only what somebody wants. */
export class FakeResults implements ResultSource {
  /** Responses that were inflated. */
  inflated = 0;
  #want: Want | undefined;
  #take: Take | undefined;

  onSearchResponse(want: Want): Undo {
    this.#want = want;
    return () => {
      this.#want = undefined;
    };
  }

  on(_type: 'FileSearchResponse', take: Take): Undo {
    this.#take = take;
    return () => {
      this.#take = undefined;
    };
  }

  /** One answer arrives. */
  arrive(
    token: number,
    from: string | ResponseOrigin,
    results: readonly FileEntry[],
    extra: Partial<SearchResponse> & { readonly bytes?: number } = {},
  ): void {
    const link = typeof from === 'string' ? proven(from) : from;
    const { bytes = 100, ...fields } = extra;
    if (!this.#want?.({ token, bytes }, link)) return;
    this.inflated++;
    this.#take?.(
      {
        type: 'FileSearchResponse',
        username: 'somebody else',
        token,
        results,
        slotFree: true,
        avgSpeed: 1000,
        queueLength: 0,
        unknown: 0,
        ...fields,
      },
      link,
    );
  }
}
