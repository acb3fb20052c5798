import type { Random } from '../../platform/random.ts';
import { chatter, type RunningScript, type Sandbox } from '../../sandbox/index.ts';

/** One timetable of small talk lasts this long, in milliseconds; then the next begins. */
const TALK_MS = 10 * 60_000;

export interface EndlessChatterOptions {
  readonly sandbox: Sandbox;
  readonly random: Random;
  /** Who talks; nobody: silence. */
  readonly people: readonly string[];
  readonly room: string;
  /** Called once if the talk breaks off: somebody's connection was taken away. */
  readonly onBroken: (why: string) => void;
}

/** People who go on talking until the result is called. */
export function endlessChatter({
  sandbox,
  random,
  people,
  room,
  onBroken,
}: EndlessChatterOptions): () => void {
  let script: RunningScript | undefined;
  let stopped = false;
  let inside = false;
  const talk = () => {
    // A script that is stopped ends like one that is over.
    if (stopped || people.length === 0) return;
    const acts = chatter({ random, people, rooms: [room], durationMs: TALK_MS });
    // The server does not answer who enters a room twice.
    script = sandbox.play(inside ? acts.filter((act) => act.do !== 'join') : acts);
    inside = true;
    script.done.then(talk, (error: unknown) =>
      onBroken(error instanceof Error ? error.message : String(error)),
    );
  };
  talk();
  return () => {
    stopped = true;
    script?.stop();
  };
}
