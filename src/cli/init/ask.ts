import * as prompts from '@clack/prompts';
import { roomNameProblem } from '../../network/rooms/room-name.ts';
import { type ExampleName, examples, type InitAnswers, officialServer } from './answers.ts';
import { userNameProblem } from './user-name.ts';

/** What was asked, and the password that was typed, if it was. */
export interface Asked {
  readonly answers: InitAnswers;
  /** To be written to the file that the answers name. */
  readonly password?: string;
}

/** Asks at the terminal. Undefined: the person gave up. */
export async function ask(passwordFile: string): Promise<Asked | undefined> {
  prompts.intro('A new bot');
  prompts.note(
    'The network tolerates bots that say that they are bots and that behave.\n' +
      'Give it an account of its own: two programs with one account throw each other out.',
  );
  try {
    const user = await answered(
      prompts.text({
        message: "The bot's account (a new name is registered at the first login)",
        validate: (name = '') => userNameProblem(name),
      }),
    );
    const kept = await answered(
      prompts.select({
        message: 'Where shall its password be?',
        options: [
          {
            value: 'file' as const,
            label: `in a file beside the config (${passwordFile}, readable only by you)`,
          },
          { value: 'env' as const, label: 'in an environment variable, which you set' },
        ],
      }),
    );
    let password: string | undefined;
    let where: InitAnswers['password'];
    if (kept === 'file') {
      password = await answered(
        prompts.password({
          message: 'The password',
          validate: (text = '') => (text === '' ? 'a password is needed' : undefined),
        }),
      );
      where = { file: passwordFile };
    } else {
      where = {
        env: await answered(
          prompts.text({
            message: 'The name of the variable',
            initialValue: 'SOULSEEK_PASSWORD',
            validate: variableProblem,
          }),
        ),
      };
    }
    const rooms = splitNames(
      await answered(
        prompts.text({
          message: 'Rooms to join, separated by commas',
          placeholder: 'none',
          defaultValue: '',
          validate: (text = '') => firstProblem(splitNames(text), roomNameProblem),
        }),
      ),
    );
    const owners = splitNames(
      await answered(
        prompts.text({
          message: 'Your own user name, so that the bot obeys you',
          placeholder: 'none',
          defaultValue: '',
          validate: (text = '') => firstProblem(splitNames(text), userNameProblem),
        }),
      ),
    );
    const plugins = await answered(
      prompts.multiselect<ExampleName>({
        message: 'Plugins to begin with (copied to ./plugins, yours to change)',
        options: Object.entries(examples).map(([value, hint]) => ({
          value: value as ExampleName,
          label: value,
          hint,
        })),
        required: false,
      }),
    );
    return {
      answers: {
        user,
        password: where,
        server: officialServer,
        rooms,
        owners,
        plugins: rooms.length === 0 ? plugins.filter((name) => name !== 'greeter') : plugins,
      },
      ...(password !== undefined && { password }),
    };
  } catch (error) {
    if (!(error instanceof GaveUp)) throw error;
    prompts.cancel('Nothing was written.');
    return undefined;
  }
}

class GaveUp extends Error {}

async function answered<T>(question: Promise<T>): Promise<Exclude<T, symbol>> {
  const answer = await question;
  if (prompts.isCancel(answer)) throw new GaveUp();
  return answer as Exclude<T, symbol>;
}

export function splitNames(text: string): readonly string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

function firstProblem(
  names: readonly string[],
  problem: (name: string) => string | undefined,
): string | undefined {
  return names.map(problem).find((found) => found !== undefined);
}

function variableProblem(name = ''): string | undefined {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : 'a variable has letters, digits and _ in its name';
}
