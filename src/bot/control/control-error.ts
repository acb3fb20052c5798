/**
 * `not-running` nothing listens there · `denied` it belongs to somebody else · `timeout` no answer in time ·
 * `closed` the bot went away before it answered · `cancelled` by the caller's signal · `too-large` a line above its
 * cap · `protocol` not what is spoken here · `unknown-command` the bot has no such command · `failed` the bot could
 * not do it; the message says why.
 */
export type ControlErrorCode =
  | 'not-running'
  | 'denied'
  | 'timeout'
  | 'closed'
  | 'cancelled'
  | 'too-large'
  | 'protocol'
  | 'unknown-command'
  | 'failed';

const CODES: readonly ControlErrorCode[] = [
  'not-running',
  'denied',
  'timeout',
  'closed',
  'cancelled',
  'too-large',
  'protocol',
  'unknown-command',
  'failed',
];

/** A request to a running bot that did not work. The message is a sentence for the person who asked. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: ControlErrorCode;

  constructor(code: ControlErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A code as it came over the socket. */
export function toControlCode(code: unknown): ControlErrorCode {
  return CODES.find((known) => known === code) ?? 'failed';
}
