import type { Log, LogFields, LogLevel } from './log.ts';

/** One collected line. */
export interface MemoryLogLine {
  readonly level: LogLevel;
  readonly message: string;
  /** The line's own fields over those of its child log. */
  readonly fields: LogFields;
}

/** A log that collects its lines, for tests. */
export interface MemoryLog extends Log {
  /** Lines of this log and of all its children, in order. */
  readonly lines: readonly MemoryLogLine[];
  /** Lines with exactly this level and, if given, this message. */
  at(level: LogLevel, message?: string): readonly MemoryLogLine[];
  /** Forgets everything collected so far. */
  clear(): void;
  child(fields: LogFields): MemoryLog;
}

/** Makes an empty {@link MemoryLog}. */
export function memoryLog(): MemoryLog {
  return collector([], {});
}

function collector(lines: MemoryLogLine[], inherited: LogFields): MemoryLog {
  const add = (level: LogLevel) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, fields: { ...inherited, ...fields } });
  };
  return {
    lines,
    trace: add('trace'),
    debug: add('debug'),
    info: add('info'),
    warn: add('warn'),
    error: add('error'),
    at: (level, message) =>
      lines.filter((line) => line.level === level && (message === undefined || line.message === message)),
    clear: () => {
      lines.length = 0;
    },
    child: (fields) => collector(lines, { ...inherited, ...fields }),
  };
}
