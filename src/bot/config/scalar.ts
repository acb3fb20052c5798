import * as z from 'zod';
import { formatDuration, parseDuration } from '../../plugins/api/duration.ts';
import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import type { JsonSchema } from '../../plugins/api/schema/types.ts';

/** Why a value will not do: what was expected instead, or a sentence that stands by itself. */
export class Wrong {
  readonly message: string;
  readonly nearest: string | undefined;

  constructor(message: string, nearest?: string) {
    this.message = message;
    this.nearest = nearest;
  }
}

/**
 * One value of the config. `read` gives the value as the program wants it, or says what is wrong; `json` describes
 * the form to editors.
 */
export function scalar<T>(json: JsonSchema, read: (value: unknown) => T | Wrong) {
  return z
    .unknown()
    .transform((value, context): T => {
      const result = read(value);
      if (!(result instanceof Wrong)) return result;
      context.addIssue({
        code: 'custom',
        message: result.message,
        input: value,
        params: { nearest: result.nearest },
      });
      return z.NEVER;
    })
    .meta({ ...json });
}

/** A text of at least one character. */
export function text(expected: string, json: JsonSchema = {}) {
  return scalar({ type: 'string', minLength: 1, ...json }, (value) =>
    typeof value === 'string' && value !== '' ? value : new Wrong(`expected ${expected}`),
  );
}

/** A whole number within bounds, both included. */
export function integer(least: number, most: number) {
  return scalar({ type: 'integer', minimum: least, maximum: most }, (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? Number(value)
      : new Wrong(`expected a whole number from ${least} to ${most}`),
  );
}

export function flag() {
  return scalar({ type: 'boolean' }, (value) =>
    typeof value === 'boolean' ? value : new Wrong('expected true or false'),
  );
}

/** One of a few words. */
export function choice<const T extends string>(words: readonly T[]) {
  return scalar({ type: 'string', enum: words }, (value) => {
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const nearest = typeof value === 'string' ? nearestKey(value, words) : undefined;
    return new Wrong(`expected ${anyOf(words)}`, nearest);
  });
}

/** A length of time; milliseconds once read. */
export function duration(leastMs: number, mostMs: number) {
  const bounds = `from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`;
  return scalar({ type: 'string', pattern: '^\\s*(\\d+(\\.\\d+)?\\s*(ms|[wdhms])\\s*)+$' }, (value) => {
    const ms = typeof value === 'string' ? parseDuration(value) : undefined;
    return ms !== undefined && ms >= leastMs && ms <= mostMs
      ? ms
      : new Wrong(`expected a length of time ${bounds}, such as 90s, 10m or 1h30m`);
  });
}

/** `a, b or c`. */
function anyOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
