import type { FindKind } from '../../src/plugins/api/wishlist.ts';

/*
 * What happened, as it was seen from outside of the bot: at the server, at the people, and by the plugin that was told.
 * Times are milliseconds from the start of the simulation.
 */

/** A wish search that reached the server. */
export interface Turn {
  readonly at: number;
  /** The wish's id; undefined for a query that belongs to none. */
  readonly wish: string | undefined;
  readonly query: string;
  /** Seconds: what the server had told last. */
  readonly interval: number;
}

/** A search of the bot reached somebody who has a file that the wish wants. */
export interface Reach {
  readonly turn: Turn;
  readonly at: number;
  /** When the answer goes out. */
  readonly answersAt: number;
  /** Files of the same folder that it found. */
  readonly folderFiles: number;
}

/** One file at one person, for one wish, and whenever a search for it reached them. */
export interface Sighting {
  readonly wish: string;
  readonly user: string;
  readonly path: string;
  readonly size: number;
  /** The same for the same music. */
  readonly content: string;
  readonly reaches: Reach[];
}

/** What the plugin was told of one file. */
export interface Announcement {
  /** Of the finds that it came with. */
  readonly id: string;
  readonly wish: string;
  readonly number: number;
  readonly kind: FindKind;
  readonly user: string;
  readonly path: string;
  readonly size: number;
  readonly late: boolean;
  /** When the bot says that it was found. */
  readonly foundAt: number;
  /** When the plugin was told. */
  readonly toldAt: number;
}

/** One call of the plugin's handler, whether or not anything came of it. */
export interface Telling {
  readonly id: string;
  readonly wish: string;
  readonly at: number;
  readonly redelivered: boolean;
  /** What it was about, as text to compare. */
  readonly finds: string;
}

/** Something that went wrong on purpose. */
export interface Incident {
  readonly at: number;
  readonly what: string;
}

/** What should not have happened, and what it is about. */
export interface Problem {
  readonly text: string;
  readonly wish?: string | undefined;
  readonly user?: string;
  readonly path?: string;
  readonly at?: number;
}

/** A span of time; `to` is Infinity while it lasts. */
export interface Span {
  readonly from: number;
  to: number;
}

/** Everything that the oracle judges by. */
export interface SimulationRecord {
  readonly durationMs: number;
  /** In order. */
  readonly turns: readonly Turn[];
  readonly sightings: ReadonlyMap<string, Sighting>;
  /** What the plugin stored, in the order in which it was told. */
  readonly announcements: readonly Announcement[];
  readonly tellings: readonly Telling[];
  /** When each person was logged in. */
  readonly stays: ReadonlyMap<string, readonly Span[]>;
  /** When the bot was logged in, one span for each session. */
  readonly sessions: readonly Span[];
  /** When the bot's process lived. */
  readonly processes: readonly Span[];
  /** When something else was wrong: the line was cut, the plugin's handler failed. */
  readonly troubles: readonly Span[];
  /** When the line between the bot and the server was cut, until what waited in it has arrived. */
  readonly cuts: readonly Span[];
  readonly incidents: readonly Incident[];
}

/** `day 3 07:15:09` */
export function clock(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const seconds = ms / 1000;
  return `day ${Math.floor(seconds / 86_400)} ${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export const sightingKey = (wish: string, user: string, path: string): string => `${wish}\n${user}\n${path}`;

/** Whether one of the spans, in order of their beginnings, holds all of the time from `from` to `to`. */
export function covered(spans: readonly Span[], from: number, to: number): boolean {
  return spans.some((span) => span.from <= from && to <= span.to);
}

/** Whether one of the spans shares a moment with the time from `from` to `to`. */
export function touched(spans: readonly Span[], from: number, to: number): boolean {
  return spans.some((span) => span.from <= to && from <= span.to);
}

export const spanFrom = (from: number): Span => ({ from, to: Infinity });

/** Ends the span that lasts, if any. */
export function endSpan(spans: readonly Span[], at: number): void {
  const last = spans.at(-1);
  if (last?.to === Infinity) last.to = at;
}
