/** One thing that was looked at. */
export interface Finding {
  /** Which rule found it. */
  readonly about: string;
  /** `warning`: it may be as wanted. `problem`: something does not work. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** What is, in one line. */
  readonly what: string;
  /** What to do about it, in one line; not for `ok`. */
  readonly todo?: string;
}

export const ok = (about: string, what: string): Finding => ({ about, level: 'ok', what });

export const warning = (about: string, what: string, todo: string): Finding => ({
  about,
  level: 'warning',
  what,
  todo,
});

export const problem = (about: string, what: string, todo: string): Finding => ({
  about,
  level: 'problem',
  what,
  todo,
});

/** `3 min`, `2 h`, `5 d`. */
export function span(ms: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ];
  for (const [size, unit] of units) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return `${Math.max(0, Math.ceil(ms / 1000))} s`;
}

/** `1 line`, `2 lines`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
