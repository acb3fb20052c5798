import { closeSync, openSync, writeSync } from 'node:fs';
import { ControlError } from '../../bot/control/control-error.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { lineToBot } from '../control/bot-line.ts';
import { stopSignal } from '../signals.ts';
import { Recorder } from './recorder.ts';

export interface RecordSettings {
  /** Of the config. */
  readonly config: string;
  /** Where to; a file that is there is not written over. */
  readonly file: string;
  /** Milliseconds; absent: until Ctrl-C. */
  readonly forMs?: number;
  /** Keep the text of private messages. */
  readonly privateText: boolean;
}

/** Records what happens around the running bot. False: it could not, or the bot went away meanwhile. */
export async function runRecord({ config, file, forMs, privateText }: RecordSettings): Promise<boolean> {
  const clock = new RealClock();
  const bot = lineToBot(config, clock);
  const end = new AbortController();
  let output: number | undefined;
  try {
    await bot.ask('status', undefined);
    output = openSync(file, 'wx', 0o600);
    const to = output;
    const recorder = new Recorder(clock.now(), (line) => void writeSync(to, `${line}\n`));
    void stopSignal(process).then(() => end.abort());
    const timer = forMs === undefined ? undefined : clock.setTimeout(() => end.abort(), forMs);
    process.stdout.write(`Recording into ${file}${forMs === undefined ? '; Ctrl-C ends it' : ''}.\n`);
    const watching = bot.watch(
      { privateTexts: privateText ? 'all' : 'commands' },
      (frame) => recorder.take(frame),
      end.signal,
    );
    const problem = await watching.catch((error: unknown) => error);
    timer?.cancel();
    const { acts, lost } = recorder.counts;
    const missed = lost === 0 ? '' : `; ${lost} things happened too fast and are missing`;
    process.stdout.write(`Recorded ${acts} acts into ${file}${missed}.\n`);
    return end.signal.aborted || complain(problem);
  } catch (error) {
    return complain(error);
  } finally {
    if (output !== undefined) closeSync(output);
  }
}

function complain(error: unknown): false {
  if (!(error instanceof ControlError) && !(error instanceof Error && 'code' in error)) throw error;
  process.stderr.write(`seekeeper record: ${error.message}\n`);
  return false;
}
