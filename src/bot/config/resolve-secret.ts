import { dirname, resolve } from 'node:path';
import type { ConfigSource } from './config-source.ts';
import type { ConfigPath, Diagnostic } from './diagnostic.ts';
import { type Files, fileProblem } from './files.ts';
import { Secret } from './secret.ts';

/** What secrets need besides the config. */
export interface SecretContext {
  readonly source: Pick<ConfigSource, 'diagnose'>;
  readonly configPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
}

/** A text, or where it is. */
export type SecretReference =
  | string
  | { readonly env?: string | undefined; readonly file?: string | undefined };

/** Finds a secret. Without an error among the problems there is one. */
export function resolveSecret(
  given: SecretReference,
  path: ConfigPath,
  context: SecretContext,
): { readonly secret: Secret | undefined; readonly problems: readonly Diagnostic[] } {
  const { source } = context;
  const fail = (message: string, below: readonly string[] = []) => ({
    secret: undefined,
    problems: [source.diagnose([...path, ...below], message)],
  });
  if (typeof given === 'string') {
    const message =
      'stands in the file itself: { env: NAME } or { file: PATH } keep it out of backups and screenshots';
    return {
      secret: new Secret(given),
      problems: [source.diagnose(path, message, { severity: 'warning' })],
    };
  }
  const { env, file } = given;
  if ((env === undefined) === (file === undefined))
    return fail('expected either { env: NAME } or { file: PATH }');
  if (env !== undefined) {
    const value = context.env[env];
    if (value === undefined) return fail(`the environment variable ${env} is not set`, ['env']);
    return value === ''
      ? fail(`the environment variable ${env} is empty`, ['env'])
      : { secret: new Secret(value), problems: [] };
  }
  return fromFile(file!, [...path, 'file'], context);
}

function fromFile(
  file: string,
  at: ConfigPath,
  { source, files, configPath }: SecretContext,
): ReturnType<typeof resolveSecret> {
  const path = resolve(dirname(configPath), file);
  try {
    const value = files.read(path).replace(/\r?\n$/, '');
    if (value === '')
      return { secret: undefined, problems: [source.diagnose(at, `the file ${path} is empty`)] };
    const mode = files.mode(path) ?? 0;
    const warning = `the file ${path} can be read by others (mode ${mode.toString(8)}): chmod 600 it`;
    const problems = (mode & 0o077) === 0 ? [] : [source.diagnose(at, warning, { severity: 'warning' })];
    return { secret: new Secret(value), problems };
  } catch (error) {
    return { secret: undefined, problems: [source.diagnose(at, `the file ${path} ${fileProblem(error)}`)] };
  }
}
