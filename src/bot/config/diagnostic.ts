/** Something to say about a place in the config. */
export interface Diagnostic {
  /** An error keeps the bot from starting. */
  readonly severity: 'error' | 'warning';
  /** As the person named it. */
  readonly file: string;
  /** 1-based; 0 when the file as a whole is meant. */
  readonly line: number;
  /** 1-based; 0 when the file as a whole is meant. */
  readonly column: number;
  /** Like `plugins.greeter.config.rooms[0]`; empty for the whole. */
  readonly path: string;
  /** What is wrong, in lower case, without a full stop; never a secret. */
  readonly message: string;
  /** What was probably meant. */
  readonly nearest?: string;
}

/** One line for a person: `config.yaml:3:9 server.port: expected a number, got "x"; did you mean "y"?` */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, path, message, nearest, severity } = diagnostic;
  const place = line === 0 ? `${file}:` : `${file}:${line}:${column}`;
  const what = path === '' ? message : `${path}: ${message}`;
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  return `${place} ${severity === 'warning' ? 'warning: ' : ''}${what}${hint}`;
}

/** A step into the config: a key or a position in a list. */
export type PathStep = string | number;
export type ConfigPath = readonly PathStep[];

/** How a path is written: `rooms[1].name`; keys that are no words are quoted. */
export function pathText(path: ConfigPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      const text = /^[\w-]+$/.test(step) ? step : JSON.stringify(step);
      return index === 0 ? text : `.${text}`;
    })
    .join('');
}
