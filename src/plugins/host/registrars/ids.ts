import { PluginError } from '../../api/errors.ts';

/** An id within a plugin. @throws PluginError `invalid` */
export function checkId(value: unknown, what: string): asserts value is string {
  if (typeof value === 'string' && /^[^\p{C}]{1,64}$/u.test(value)) return;
  throw new PluginError('invalid', `${what}: the id must be 1 to 64 characters, without control characters`);
}
