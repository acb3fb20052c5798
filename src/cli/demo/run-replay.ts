import { readFileSync } from 'node:fs';
import { nullLog } from '../../platform/null-log.ts';
import { realPlatform } from '../../platform/real/real-platform.ts';
import { after } from '../../platform/time.ts';
import { parseRecording, playRecording, type Recording, roomsIn, type Theatre } from '../../sandbox/index.ts';
import { stopSignal } from '../signals.ts';
import { ChatLines } from '../terminal/chat-lines.ts';
import { paintFor } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';
import { show } from './show.ts';
import { demo, type Stage, setStage } from './stage.ts';

/** What the bot still has to say after the last act; milliseconds. */
const LAST_WORDS_MS = 5_000;

/** Plays a recording around the demo's bot. False: it cannot be read, and why has been said. */
export async function runReplay(file: string, speed: number): Promise<boolean> {
  let recording: Recording;
  try {
    recording = parseRecording(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`seekeeper demo: ${file}: ${why}\n`);
    return false;
  }
  const platform = realPlatform(nullLog);
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const rooms = roomsIn(recording).filter((room) => room !== demo.room && room !== demo.club);
  const stage = await setStage(platform, rooms);
  const { entries } = recording;
  const seconds = Math.round((entries.at(-1)?.at ?? 0) / speed / 1000);
  write(
    `Playing ${entries.length} acts in about ${seconds} s, in ${roomsIn(recording).map(printable).join(', ')}.`,
  );
  const stop = show(stage.sandbox, new ChatLines(paintFor(process.stdout, process.env)), write);
  let played = false;
  const playing = playRecording(recording, theatreOf(stage, speed)).then(async () => {
    await after(platform.clock, LAST_WORDS_MS);
    played = true;
  });
  await Promise.race([playing, stopSignal(process)]);
  stop();
  // What is left of it must not act on a stage that is gone.
  playing.catch(() => {});
  await stage.close();
  write(played ? 'The recording has ended.' : 'Stopped.');
  return true;
}

function theatreOf({ sandbox }: Stage, speed: number): Theatre {
  const person = async (user: string) => {
    const somebody = sandbox.person(user);
    if (!somebody.connected) await somebody.login();
    return somebody;
  };
  return {
    bot: demo.bot,
    person,
    async inside(user, room) {
      const somebody = await person(user);
      const inside = sandbox.server.world.room(room)?.users.includes(user) === true;
      if (!inside) await somebody.join(room);
      return somebody;
    },
    wait: (ms) => after(sandbox.clock, ms / speed),
  };
}
