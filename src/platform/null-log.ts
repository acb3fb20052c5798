import type { Log } from './log.ts';

/** A log that keeps nothing. */
export const nullLog: Log = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
  child() {
    return nullLog;
  },
};
