import { readFileSync } from 'node:fs';
import { isMap, isScalar, parseDocument } from 'yaml';

/** Keys that a file of rules may have: they take the place of those of the config. */
const KEYS = ['plugins', 'moderation'];

/**
 * The text of a config with the plugins and the moderation of another file in it.
 * @throws Error that says in one sentence what is wrong with the file
 */
export function withRulesOf(config: string, file: string): string {
  const rules = parseDocument(readFileSync(file, 'utf8'));
  const [wrong] = rules.errors;
  if (wrong !== undefined) throw new Error(`${file}: ${wrong.message.split('\n')[0] ?? ''}`);
  if (!isMap(rules.contents)) throw new Error(`${file}: expected a map with ${KEYS.join(' or ')}`);
  const whole = parseDocument(config);
  for (const { key, value } of rules.contents.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!KEYS.includes(name))
      throw new Error(`${file}: unknown key "${name}": a file of rules has ${KEYS.join(' and ')} only`);
    whole.set(name, value);
  }
  return String(whole);
}
