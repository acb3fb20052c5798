import type { DropCode } from '../governor/traffic.ts';
import type { QueryRefusal } from './query.ts';

/** Why a search never ran. */
export type SearchErrorCode =
  | QueryRefusal
  /** What the governor refused: `duplicate` for the same words too soon, `queue-full`, `offline`, `banned`, … */
  | Exclude<DropCode, QueryRefusal>
  /** Its turn did not come in time. */
  | 'expired'
  /** An option that may not have its value. */
  | 'invalid'
  /** Too many searches are under way. */
  | 'too-many'
  /** The server allows no wishlist searches now. */
  | 'no-wishlist';

export class SearchError extends Error {
  override readonly name = 'SearchError';
  readonly code: SearchErrorCode;

  constructor(code: SearchErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
