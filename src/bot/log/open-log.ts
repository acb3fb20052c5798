import pino, { type Logger } from 'pino';
import type { Clock } from '../../platform/clock.ts';
import type { Log, LogFields, LogLevel } from '../../platform/log.ts';
import { Cleaner } from './clean.ts';
import { fileSink, type Sink, standardSink } from './sinks.ts';

export interface LogOptions {
  /** The least important lines to write. */
  readonly level: LogLevel;
  /** `auto`: pretty in a terminal, else JSON lines. */
  readonly format: 'auto' | 'json' | 'pretty';
  /** A file (appended to, mode 0600), a file descriptor (1, 2), or a function that takes whole lines. */
  readonly to:
    | { readonly file: string }
    | { readonly fd: 1 | 2 }
    | { readonly write: (line: string) => void };
  readonly clock: Clock;
  /** Texts that must never appear, in whatever field or error they come. Shorter than 6 characters: no effect. */
  readonly secrets?: readonly string[];
}

/** A log and what its owner can do with it. */
export interface OpenLog {
  readonly log: Log;
  /** Closes and opens the file again, after it was moved away; elsewhere nothing. To be called on SIGHUP. */
  readonly reopen: () => void;
  /** Writes what waits. The log must not be used afterwards. */
  readonly close: () => void;
}

/**
 * Opens the log. Every line is written before the call returns, so that the last words of a process are not lost; a
 * line that cannot be written is dropped, because a full disk must not end the bot.
 * @throws the system's error (as rejection) when the file cannot be opened.
 */
export async function openLog(options: LogOptions): Promise<OpenLog> {
  const { clock, level, format } = options;
  const sink = openSink(options.to);
  const pretty = format === 'pretty' || (format === 'auto' && sink.terminal);
  const write = pretty ? await prettyWriter(sink) : (line: string) => sink.write(line);
  const logger = pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    },
    { write },
  );
  return {
    log: new PinoLog(logger, new Cleaner(options.secrets ?? [])),
    reopen: () => sink.reopen(),
    close: () => sink.close(),
  };
}

class PinoLog implements Log {
  readonly #logger: Logger;
  readonly #cleaner: Cleaner;

  constructor(logger: Logger, cleaner: Cleaner) {
    this.#logger = logger;
    this.#cleaner = cleaner;
  }

  trace(message: string, fields?: LogFields): void {
    this.#write('trace', message, fields);
  }
  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }
  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }
  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }
  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  child(fields: LogFields): Log {
    return new PinoLog(this.#logger.child(this.#cleaner.fields(fields)), this.#cleaner);
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    if (!this.#logger.isLevelEnabled(level)) return;
    this.#logger[level](
      fields === undefined ? {} : this.#cleaner.fields(fields),
      this.#cleaner.text(message),
    );
  }
}

function openSink(to: LogOptions['to']): Sink {
  if ('write' in to) return { write: to.write, reopen() {}, close() {}, terminal: false };
  return 'file' in to ? fileSink(to.file) : standardSink(to.fd);
}

/** In this process and at once: a worker or a stream would lose the last lines before an exit. */
async function prettyWriter(sink: Sink): Promise<(line: string) => void> {
  const { prettyFactory } = await import('pino-pretty');
  const prettify = prettyFactory({
    colorize: sink.terminal,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss',
    singleLine: true,
  });
  return (line) => {
    // Its type says stream or text; given text it returns text.
    const text = prettify(line) as string | undefined;
    if (text !== undefined) sink.write(text);
  };
}
