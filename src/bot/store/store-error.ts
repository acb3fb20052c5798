/**
 * What went wrong with the store, for programs:
 * `full` no space left · `readonly` the file or its disk cannot be written · `corrupt` not a database, or a damaged one ·
 * `locked` another program holds it · `newer` written by a newer version of this program · `unwritable` cannot be
 * opened or created at this path · `io` the disk failed · `closed` used after `close()` · `misuse` a programming error
 * of the caller · `failed` anything else.
 */
export type StoreErrorCode =
  | 'full'
  | 'readonly'
  | 'corrupt'
  | 'locked'
  | 'newer'
  | 'unwritable'
  | 'io'
  | 'closed'
  | 'misuse'
  | 'failed';

/** A failure of the store. The message is one sentence that can be shown to the owner of the bot as it is. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

const SENTENCES: Readonly<Record<Exclude<StoreErrorCode, 'newer' | 'misuse' | 'closed'>, string>> = {
  full: 'The disk that holds the store is full',
  readonly: 'The store cannot be written: its file or its disk is read-only',
  corrupt: 'The store is damaged, or the file is not a database',
  locked: 'Another program is using the store and does not let go of it',
  unwritable: 'The store cannot be opened or created at this path',
  io: 'The disk failed while the store was read or written',
  failed: 'The store failed',
};

/** Primary result codes of SQLite [sqlite.org/rescode.html]. */
const SQLITE_CODES: Readonly<Record<number, StoreErrorCode>> = {
  3: 'readonly', // SQLITE_PERM
  5: 'locked', // SQLITE_BUSY
  6: 'locked', // SQLITE_LOCKED
  8: 'readonly', // SQLITE_READONLY
  10: 'io', // SQLITE_IOERR
  11: 'corrupt', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'unwritable', // SQLITE_CANTOPEN
  26: 'corrupt', // SQLITE_NOTADB
};

/** Codes of the file system, met before SQLite itself is asked. */
const SYSTEM_CODES: Readonly<Record<string, StoreErrorCode>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'readonly',
  EACCES: 'unwritable',
  EPERM: 'unwritable',
  ENOENT: 'unwritable',
  ENOTDIR: 'unwritable',
  EISDIR: 'unwritable',
  EIO: 'io',
};

/** SQLSTATE values of PostgreSQL that have a meaning of their own here. */
const SQL_STATES: Readonly<Record<string, StoreErrorCode>> = {
  '53100': 'full',
  '25006': 'readonly',
  '55P03': 'locked',
  '40001': 'locked',
  XX001: 'corrupt',
};

/** @returns `error` itself if it is a {@link StoreError}, else one that says what the database meant. */
export function toStoreError(error: unknown, where?: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  const place = where === undefined ? '' : ` (${where})`;
  return new StoreError(code, `${SENTENCES[code]}${place}: ${detail}`, { cause: error });
}

function codeOf(error: unknown): keyof typeof SENTENCES {
  if (typeof error !== 'object' || error === null) return 'failed';
  const found = sqliteCode(error) ?? namedCode(error);
  return found === undefined || !(found in SENTENCES) ? 'failed' : (found as keyof typeof SENTENCES);
}

/** libsql names it `rawCode`, node:sqlite `errcode`; both may be extended codes, whose low byte is the primary one. */
function sqliteCode(error: object): StoreErrorCode | undefined {
  for (const property of ['rawCode', 'errcode']) {
    const raw: unknown = Reflect.get(error, property);
    if (typeof raw === 'number') return SQLITE_CODES[raw & 0xff];
  }
  // A failed open of libsql carries its code in the text only.
  const opening = error instanceof Error && /ConnectionFailed\(.*: (\d+)"\)/.exec(error.message);
  return opening ? SQLITE_CODES[Number(opening[1])] : undefined;
}

function namedCode(error: object): StoreErrorCode | undefined {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? (SYSTEM_CODES[code] ?? SQL_STATES[code]) : undefined;
}
