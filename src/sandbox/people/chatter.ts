import type { Random } from '../../platform/random.ts';
import type { Act } from './script.ts';
import { CLOSERS, DESCRIPTIONS, FORMATS, INVENTED_BANDS, OPENERS, REPLIES } from './small-talk.ts';

export interface ChatterOptions {
  /** The same generator state gives the same talk. */
  readonly random: Random;
  /** Who talks; at least one. */
  readonly people: readonly string[];
  /** Where; everybody joins every room first. */
  readonly rooms: readonly string[];
  /** Nobody begins a line after this many milliseconds. */
  readonly durationMs: number;
  /** Average silence between two exchanges in a room, in milliseconds. @default 12_000 */
  readonly meanGapMs?: number;
}

/** People read before they answer, and type about five characters a second. */
const READING_MS = 1200;
const TYPING_MS_PER_CHARACTER = 120;
/** Nobody says two things within this time, so that even a tight schedule stays below any flood limit. */
const BREATH_MS = 3000;

/** A timetable of small talk about music, with pauses like people make. */
export function chatter({ random, people, rooms, durationMs, meanGapMs = 12_000 }: ChatterOptions): Act[] {
  const acts: Act[] = [];
  if (people.length === 0) return acts;
  const pick = <T>(items: readonly T[]): T => items[random.int(0, items.length - 1)]!;
  for (const [index, who] of people.entries()) {
    for (const room of rooms) acts.push({ at: 100 + index * 150, who, do: 'join', room });
  }
  const quietUntil = new Map<string, number>();
  const started = 1000 + people.length * 150;
  for (const room of rooms) {
    let at = started + random.int(0, meanGapMs);
    let last = '';
    while (at < durationMs) {
      const band = pick(INVENTED_BANDS);
      const lines: string[] = [
        pick(OPENERS),
        ...Array.from({ length: random.int(1, 3) }, () => pick(REPLIES)),
      ];
      if (random.float() < 0.4) lines.push(pick(CLOSERS));
      let speaker = '';
      for (const line of lines) {
        const text = fill(line, { band, format: pick(FORMATS), description: pick(DESCRIPTIONS) });
        speaker = pick(people.length > 1 ? people.filter((who) => who !== speaker) : people);
        at = Math.max(at, quietUntil.get(speaker) ?? 0);
        if (text === last || at >= durationMs) continue;
        acts.push({ at, who: speaker, do: 'say', room, text });
        last = text;
        quietUntil.set(speaker, at + BREATH_MS);
        at += READING_MS + text.length * TYPING_MS_PER_CHARACTER + random.int(0, 2000);
      }
      at += Math.round(meanGapMs * (0.4 + 1.2 * random.float()));
    }
  }
  return acts.sort((a, b) => a.at - b.at);
}

function fill(line: string, words: Readonly<Record<string, string>>): string {
  return line.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
}
