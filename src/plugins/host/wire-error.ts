import { PluginError, type PluginErrorCode } from '../api/errors.ts';

/** An error as plain data. */
export interface WireError {
  readonly code?: PluginErrorCode;
  readonly message: string;
  readonly stack?: string;
}

const CODES: Readonly<Record<PluginErrorCode, true>> = {
  'need-missing': true,
  unloaded: true,
  invalid: true,
  'not-plain': true,
  'too-large': true,
  'too-many': true,
  'command-clash': true,
  'bad-pattern': true,
  conflict: true,
  'reply-over': true,
  'search-refused': true,
  quota: true,
  'no-service': true,
  'not-found': true,
  timeout: true,
  'web-failed': true,
  failed: true,
};

function codeOf(error: object): PluginErrorCode | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && Object.hasOwn(CODES, code) ? (code as PluginErrorCode) : undefined;
}

/** Whatever was thrown, as plain data. A code is kept only when it is one of PluginError's. */
export function toWireError(thrown: unknown): WireError {
  // Not instanceof: an error may come from another copy of this package, or from another realm.
  if (
    typeof thrown === 'object' &&
    thrown !== null &&
    'message' in thrown &&
    typeof thrown.message === 'string'
  ) {
    const code = codeOf(thrown);
    const stack = 'stack' in thrown && typeof thrown.stack === 'string' ? thrown.stack : undefined;
    return {
      message: thrown.message || nameOf(thrown),
      ...(code === undefined ? {} : { code }),
      ...(stack === undefined ? {} : { stack }),
    };
  }
  return { message: `threw ${shownThrown(thrown)}` };
}

function nameOf(thrown: object): string {
  return 'name' in thrown && typeof thrown.name === 'string' ? thrown.name : 'an error without a message';
}

function shownThrown(thrown: unknown): string {
  try {
    return typeof thrown === 'string' ? JSON.stringify(thrown) : String(thrown);
  } catch {
    return 'something that cannot be shown';
  }
}

/** The error that a plugin sees. */
export function fromWireError(error: WireError): PluginError {
  return new PluginError(error.code ?? 'failed', error.message);
}

/** One line of text: what a list of problems can show. */
export function oneLine(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .trim()
    .slice(0, 500);
}
