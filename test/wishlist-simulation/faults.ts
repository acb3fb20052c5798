import type { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';

/** What goes wrong with the bot, its server and its line. */
export type Fault =
  /** The process ends without warning, and is started again later. */
  | { readonly kind: 'kill'; readonly downMs: number }
  /** The same in the seconds behind a wish search, when its results come in. */
  | { readonly kind: 'kill after a turn'; readonly afterMs: number; readonly downMs: number }
  /** The process dies at one of the next writes to its store. */
  | {
      readonly kind: 'crash';
      readonly writes: number;
      readonly when: 'before' | 'after';
      readonly downMs: number;
    }
  /** The same, counted from the next wish search on. */
  | {
      readonly kind: 'crash after a turn';
      readonly writes: number;
      readonly when: 'before' | 'after';
      readonly downMs: number;
    }
  | { readonly kind: 'stop'; readonly downMs: number }
  | { readonly kind: 'reload' }
  | { readonly kind: 'ban'; readonly minutes: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'restart server'; readonly downMs: number }
  /** Nothing gets through between the bot and the server. */
  | { readonly kind: 'cut'; readonly forMs: number }
  /** The server grants privileges, and with them a shorter interval. */
  | { readonly kind: 'privileges'; readonly seconds: number }
  /** The server allows no wishes. */
  | { readonly kind: 'no wishes'; readonly forMs: number }
  /** The plugin's handler fails so often. */
  | { readonly kind: 'handler fails'; readonly times: number };

export interface PlannedFault {
  /** Milliseconds from the start. */
  readonly at: number;
  readonly fault: Fault;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Nothing goes wrong in the first hours, and in the last day, in which everything has to come right. */
const QUIET = { before: 2 * HOUR, after: 30 * HOUR };

/** What goes wrong in so long a time, one after the other. */
export function planFaults(random: SeededRandom, durationMs: number): readonly PlannedFault[] {
  const planned: PlannedFault[] = [];
  const last = durationMs - Math.min(QUIET.after, durationMs / 3);
  let at = QUIET.before;
  for (;;) {
    at += random.int(HOUR / 2, 8 * HOUR);
    if (at > last) return planned;
    planned.push({ at, fault: someFault(random) });
  }
}

function someFault(random: SeededRandom): Fault {
  const minutes = (least: number, most: number) => random.int(least * MINUTE, most * MINUTE);
  const downMs = random.float() < 0.1 ? minutes(300, 1500) : random.int(1000, 40 * MINUTE);
  const when = random.float() < 0.5 ? 'before' : 'after';
  const faults: readonly Fault[] = [
    { kind: 'kill', downMs },
    { kind: 'kill after a turn', afterMs: random.int(0, 30_000), downMs },
    { kind: 'kill after a turn', afterMs: random.int(14_000, 17_000), downMs },
    { kind: 'crash', writes: random.int(1, 30), when, downMs },
    { kind: 'crash after a turn', writes: random.int(1, 20), when, downMs },
    { kind: 'crash after a turn', writes: random.int(1, 60), when, downMs },
    { kind: 'stop', downMs },
    { kind: 'reload' },
    { kind: 'ban', minutes: random.int(20, 60) },
    { kind: 'drop' },
    { kind: 'restart server', downMs: random.int(1000, 20 * MINUTE) },
    { kind: 'cut', forMs: minutes(1, 40) },
    { kind: 'privileges', seconds: random.int(1, 12) * 3600 },
    { kind: 'no wishes', forMs: minutes(20, 300) },
    { kind: 'handler fails', times: random.int(1, 5) },
  ];
  return faults[random.int(0, faults.length - 1)]!;
}
