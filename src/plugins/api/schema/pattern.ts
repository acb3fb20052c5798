import { patternProblem } from '../pattern.ts';
import { toSchema, wrongKind } from './node.ts';
import type { Schema } from './types.ts';

/** A regular expression in RE2 syntax, read as its text; give it to `pattern()`. */
export function pattern(): Schema<string> {
  return toSchema<string, string>({
    expected: 'a regular expression in RE2 syntax',
    read(value, path, issues) {
      if (typeof value !== 'string') {
        issues.push(wrongKind(this, value, path));
        return undefined;
      }
      const message = patternProblem(value);
      if (message === undefined) return value;
      issues.push({ path, message });
      return undefined;
    },
    json: () => ({ type: 'string', minLength: 1, maxLength: 1_000 }),
  });
}
