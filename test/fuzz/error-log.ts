import type { Log, LogFields } from '../../src/platform/log.ts';

/** Said of the session, which mutated frames of the server may well end. */
const EXPECTED = /a person has to look at it|has banned us/;

/** A log that remembers what a client calls an error. */
export class ErrorLog implements Log {
  readonly errors: string[] = [];

  trace(): void {}
  debug(): void {}
  info(): void {}
  warn(): void {}

  error(message: string, fields?: LogFields): void {
    if (this.errors.length < 10 && !EXPECTED.test(message))
      this.errors.push(`${message} ${describe(fields)}`);
  }

  child(): Log {
    return this;
  }
}

const describe = (fields: LogFields | undefined): string =>
  Object.values(fields ?? {})
    .map((value) => (value instanceof Error ? (value.stack ?? value.message) : String(value)))
    .join(' ');
