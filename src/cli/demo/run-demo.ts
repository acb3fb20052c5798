import { nullLog } from '../../platform/null-log.ts';
import { realPlatform } from '../../platform/real/real-platform.ts';
import { ChatLines } from '../terminal/chat-lines.ts';
import { type Paint, paintFor } from '../terminal/paint.ts';
import { playScenario } from './play-scenario.ts';
import { scenario } from './scenario.ts';
import { show } from './show.ts';
import { type Stage, setStage } from './stage.ts';
import { visit } from './visit.ts';

/** Runs the demo. True when the bot did its part. */
export async function runDemo(): Promise<boolean> {
  const platform = realPlatform(nullLog);
  const { stdin, stdout } = process;
  const paint = paintFor(stdout, process.env);
  const started = platform.clock.monotonic();
  const stage = await setStage(platform);
  try {
    const took = Math.round(platform.clock.monotonic() - started);
    stdout.write(
      `${paint('bold', 'Seekeeper demo')}: a Soulseek network and a bot in this process; nothing leaves this machine.\n`,
    );
    stdout.write(`The bot was online and in its rooms after ${took} ms.\n\n`);
    if (stdin.isTTY && stdout.isTTY) {
      await visit(stage, platform, new ChatLines(paint));
      return true;
    }
    return await judge(stage, paint);
  } finally {
    await stage.close();
  }
}

async function judge({ sandbox }: Stage, paint: Paint): Promise<boolean> {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const stop = show(sandbox, new ChatLines(paint), write);
  const cast = { person: (name: string) => sandbox.person(name), clock: sandbox.clock };
  const started = sandbox.clock.monotonic();
  const all = await playScenario(scenario, cast, ({ what, problem }) => {
    if (problem === undefined) write(paint('green', `✓ the bot ${what}`));
    else write(paint('red', `✗ the bot ${what}: ${problem}`));
  });
  stop();
  const failed = all.filter(({ problem }) => problem !== undefined).length;
  const seconds = Math.round((sandbox.clock.monotonic() - started) / 1000);
  write(`\nThe bot did ${all.length - failed} of ${all.length} things in ${seconds} s.`);
  write(
    'In a terminal, `seekeeper demo` lets you into the room. `seekeeper init` sets up a bot of your own.',
  );
  write(`demo: ${all.length - failed} passed, ${failed} failed`);
  return failed === 0;
}
