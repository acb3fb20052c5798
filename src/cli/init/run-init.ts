import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { roomNameProblem } from '../../network/rooms/room-name.ts';
import { packageRoot } from '../package-root.ts';
import { type ExampleName, type InitAnswers, officialServer } from './answers.ts';
import { type Asked, ask } from './ask.ts';
import { configText } from './config-text.ts';
import { userNameProblem } from './user-name.ts';

/** The options of `seekeeper init`. */
export interface InitFlags {
  readonly config: string;
  readonly yes: boolean;
  readonly force: boolean;
  readonly user?: string;
  readonly passwordEnv?: string;
  readonly passwordFile?: string;
  readonly server?: { readonly host: string; readonly port: number };
  readonly room: readonly string[];
  readonly owner: readonly string[];
  readonly plugin: readonly ExampleName[];
}

const PASSWORD_FILE = 'seekeeper.password';

/** Writes a config. False: nothing was written, and why has been said. */
export async function runInit(flags: InitFlags): Promise<boolean> {
  const path = resolve(flags.config);
  if (existsSync(path) && !flags.force)
    return refuse(`${flags.config} is there already; --force replaces it`);
  let asked: Asked | undefined;
  if (flags.yes) {
    const answers = fromFlags(flags);
    if (typeof answers === 'string') return refuse(answers);
    asked = { answers };
  } else {
    if (!process.stdin.isTTY)
      return refuse('there is no terminal to ask at; --yes takes the options instead');
    asked = await ask(PASSWORD_FILE);
    if (asked === undefined) return false;
  }
  const { answers, password } = asked;
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true });
    if (password !== undefined) writeFileSync(join(folder, PASSWORD_FILE), `${password}\n`, { mode: 0o600 });
    const copied = answers.plugins.map((name) => copyExample(name, folder));
    writeFileSync(path, configText(answers));
    tell(flags.config, answers, copied);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  return true;
}

/** The answers that the options give, or what is wrong with them. */
export function fromFlags(flags: InitFlags): InitAnswers | string {
  const { user, passwordEnv, passwordFile, room, owner, plugin } = flags;
  if (user === undefined) return '--user is needed with --yes';
  if ((passwordEnv === undefined) === (passwordFile === undefined))
    return 'one of --password-env and --password-file is needed with --yes';
  if (plugin.includes('greeter') && room.length === 0) return 'the greeter needs a room: --room NAME';
  const problem =
    [user, ...owner]
      .map((name) => withName(name, userNameProblem(name)))
      .find((found) => found !== undefined) ??
    room.map((name) => withName(name, roomNameProblem(name))).find((found) => found !== undefined);
  if (problem !== undefined) return problem;
  return {
    user,
    password: passwordEnv !== undefined ? { env: passwordEnv } : { file: passwordFile! },
    server: flags.server ?? officialServer,
    rooms: [...new Set(room)],
    owners: [...new Set(owner)],
    plugins: plugin,
  };
}

function withName(name: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${JSON.stringify(name)}: ${problem}`;
}

/** A plugin that is there already belongs to the user and stays as it is. */
function copyExample(name: ExampleName, folder: string): string {
  const target = join(folder, 'plugins', `${name}.ts`);
  mkdirSync(dirname(target), { recursive: true });
  if (existsSync(target)) return `plugins/${name}.ts (was there, left as it is)`;
  copyFileSync(join(packageRoot, 'plugins-examples', `${name}.ts`), target);
  return `plugins/${name}.ts`;
}

function tell(config: string, { password, rooms }: InitAnswers, copied: readonly string[]): void {
  const lines = [`Wrote ${[config, ...copied].join(', ')}.`];
  if ('env' in password) lines.push(`Put the password into the environment variable ${password.env}.`);
  if (rooms.length === 0) lines.push('No rooms yet: add them under `rooms:`.');
  lines.push('Next: `seekeeper check`, then `seekeeper start`.');
  process.stdout.write(`${lines.join('\n')}\n`);
}

function refuse(why: string): false {
  process.stderr.write(`seekeeper init: ${why}\n`);
  return false;
}
