import { array, object, record } from './containers.ts';
import { pattern } from './pattern.ts';
import { boolean, duration, int, number, oneOf, string } from './scalars.ts';

/**
 * Schemas for a plugin's config. Unknown keys are refused, every issue has its path, and editors complete from it.
 *
 * - `string`, `number`, `int`, `boolean`, `oneOf('a', 'b')`
 * - `duration`: `'5m'`, `'1h30m'`, or milliseconds; reads as milliseconds
 * - `pattern`: a regular expression in RE2 syntax; reads as its text, for `pattern()`
 * - `array(of)`, `object({ key: of })`, `record(of)`: any keys
 * - each with `.optional()`, `.default(value)`, `.describe(text)`
 */
export const s = { string, number, int, boolean, oneOf, duration, pattern, array, object, record } as const;
