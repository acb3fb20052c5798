import type { SchemaIssue } from '../../api/index.ts';
import { baseConfig, type WishlistConfig } from './config.ts';
import { declaredWish } from './declared.ts';
import { WordsError } from './options/words.ts';
import { PLACEHOLDERS } from './telling/find-text.ts';
import { TargetError, targetOf } from './telling/targets.ts';

const base = baseConfig['~standard'];

/** The config, and what a schema by itself does not see: that every wish in it can be read. */
export const configSchema = {
  '~standard': {
    ...base,
    validate: (value: unknown) => {
      const read = base.validate(value);
      if (read instanceof Promise) throw new TypeError('a schema made with s is never async');
      if (read.issues !== undefined) return read;
      const issues = issuesOf(read.value);
      return issues.length === 0 ? read : { issues };
    },
  },
} as Pick<typeof baseConfig, '~standard'>;

function issuesOf(config: WishlistConfig): SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  const attempt = (path: SchemaIssue['path'], check: () => void) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof WordsError || error instanceof TargetError)) throw error;
      issues.push({ path, message: error.message });
    }
  };
  const places = new Map<string, number>();
  for (const [index, line] of config.wishes.entries())
    attempt(['wishes', index], () => {
      const { id, data } = declaredWish(line);
      const twin = places.get(id);
      if (twin !== undefined)
        throw new WordsError(
          `the id "${id}" is that of wish ${twin + 1} too: give one of them another with id=`,
        );
      places.set(id, index);
      for (const to of data.to ?? []) targetOf(to);
    });
  for (const [index, to] of config.to.entries())
    attempt(['to', index], () => {
      if (targetOf(to) === 'me') throw new TargetError('"me" is nobody here: name a user with pm:USER');
    });
  for (const [key, known] of Object.entries(PLACEHOLDERS))
    for (const [whole, name = ''] of (config[key as 'title' | 'line'] ?? '').matchAll(/\{(\w+)\}/gu)) {
      if (known.includes(name)) continue;
      const list = known.map((one) => `{${one}}`).join(' ');
      issues.push({ path: [key], message: `there is nothing for ${whole}; there are ${list}` });
    }
  const { slskd } = config;
  if (slskd !== undefined && !/^https?:\/\/[^\s@]+$/iu.test(slskd.url))
    issues.push({ path: ['slskd', 'url'], message: 'expected an address such as http://nas.lan:5030' });
  return issues;
}
