/** `quota`: the instance keeps too much; `bad-key`: empty or too long; `bad-value`: not plain data. */
export type KvErrorCode = 'quota' | 'bad-key' | 'bad-value';

/** The key-value store refuses what its caller wants; the store itself is well. */
export class KvError extends Error {
  override readonly name = 'KvError';
  readonly code: KvErrorCode;

  constructor(code: KvErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
