import { nullLog } from '../../platform/null-log.ts';
import { realPlatform } from '../../platform/real/real-platform.ts';
import { TransportError } from '../../platform/transport.ts';
import { type Dialect, library, realSandbox, type Sandbox } from '../../sandbox/index.ts';
import { stopSignal } from '../signals.ts';
import { ChatLines } from '../terminal/chat-lines.ts';
import { paintFor } from '../terminal/paint.ts';
import { endlessChatter } from './endless-chatter.ts';

export interface SandboxSettings {
  readonly host: string;
  readonly port: number;
  readonly dialect: Dialect;
  /** How many people chat. */
  readonly people: number;
  readonly room: string;
}

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy'];

/** Runs the network until somebody ends it. False when it could not begin. */
export async function runSandbox({ host, port, dialect, people, room }: SandboxSettings): Promise<boolean> {
  const platform = realPlatform(nullLog);
  const lines = new ChatLines(paintFor(process.stdout, process.env));
  const print = (line: string) => process.stdout.write(`${line}\n`);
  let sandbox: Sandbox;
  try {
    sandbox = await realSandbox({ platform, host, port, dialect });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    process.stderr.write(`seekeeper: the sandbox cannot listen on ${host}:${port}: ${error.message}\n`);
    return false;
  }
  const { address, server } = sandbox;
  print(
    `The sandbox listens on ${address.host}:${address.port} (${dialect} manners). Log in with any name and password.`,
  );
  print(`Flooding is punished as on the real network. Ctrl-C ends it.`);
  server.on('login', ({ user, at }) => print(lines.note(at, `${user} logged in`)));
  server.on('logout', ({ user, why, at }) => print(lines.note(at, `${user} is gone: ${why}`)));
  server.on('ban', ({ user, why, minutes, at }) =>
    print(lines.note(at, `${user} is banned for ${minutes} minutes: ${why}`)),
  );
  server.on('line', (line) => print(lines.room(line.at, line.room, line.user, line.text)));

  const names = Array.from({ length: people }, (_, i) => NAMES[i] ?? `guest${i + 1}`);
  for (const name of names) {
    sandbox.peer(name, {
      kind: 'member',
      library: library(platform.random, { artists: 4, locked: 0.1 }),
      description: `I am ${name}. I live in a sandbox, and so does all that I share.`,
      uploadSpeed: 50_000 + platform.random.int(0, 100_000),
    });
  }
  const [example] = names.map((name) => sandbox.peer(name).library.folders[0]?.path.split('\\')[1]);
  if (example !== undefined)
    print(`Its people share files by name only. Search for ${example}, for example.`);
  const stop = endlessChatter({
    sandbox,
    random: platform.random,
    people: names,
    room,
    onBroken: (why) => print(lines.note(platform.clock.now(), `the chatter ended: ${why}`)),
  });

  await stopSignal(process);
  stop();
  await sandbox.stop();
  print('The sandbox has ended.');
  return true;
}
