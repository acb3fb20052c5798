import { dirname, resolve } from 'node:path';
import type { ConfigSource } from './config-source.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type Files, fileProblem } from './files.ts';
import type { RawConfig } from './schema.ts';
import { Secret } from './secret.ts';

const PATH = ['bot', 'password'];

/** What the password needs besides the config. */
export interface PasswordContext {
  readonly source: ConfigSource;
  readonly configPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
}

/** Finds the password. Without an error among the problems there is one. */
export function resolvePassword(
  given: RawConfig['bot']['password'],
  context: PasswordContext,
): { readonly password: Secret | undefined; readonly problems: readonly Diagnostic[] } {
  const { source } = context;
  const fail = (message: string, below: readonly string[] = []) => ({
    password: undefined,
    problems: [source.diagnose([...PATH, ...below], message)],
  });
  if (typeof given === 'string') {
    const message =
      'stands in the file itself: { env: NAME } or { file: PATH } keep it out of backups and screenshots';
    return {
      password: new Secret(given),
      problems: [source.diagnose(PATH, message, { severity: 'warning' })],
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
      : { password: new Secret(value), problems: [] };
  }
  return fromFile(file!, context);
}

function fromFile(file: string, context: PasswordContext): ReturnType<typeof resolvePassword> {
  const { source, files, configPath } = context;
  const at = [...PATH, 'file'];
  const path = resolve(dirname(configPath), file);
  try {
    const value = files.read(path).replace(/\r?\n$/, '');
    if (value === '')
      return { password: undefined, problems: [source.diagnose(at, `the file ${path} is empty`)] };
    const mode = files.mode(path) ?? 0;
    const warning = `the file ${path} can be read by others (mode ${mode.toString(8)}): chmod 600 it`;
    const problems = (mode & 0o077) === 0 ? [] : [source.diagnose(at, warning, { severity: 'warning' })];
    return { password: new Secret(value), problems };
  } catch (error) {
    return { password: undefined, problems: [source.diagnose(at, `the file ${path} ${fileProblem(error)}`)] };
  }
}
