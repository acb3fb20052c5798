import type { Clock } from '../../platform/clock.ts';
import { ChatterLimit } from '../commands/chatter-limit.ts';
import { isAutomatic, isCtcp } from './automatic.ts';
import { isInhuman } from './reaction.ts';

export interface TruceOptions {
  readonly clock: Clock;
  /** Bots: their commands do not run, and they are never answered. Exact names. */
  readonly knownBots: readonly string[];
  /** Answers that somebody gets whose lines no person can write, before it ends; 0: it never does. */
  readonly rounds: number;
  /** Owners are never kept from anything. */
  readonly isOwner: (user: string) => boolean;
  /** Whether a line calls a command that there is. */
  readonly isCommand: (text: string, room: string | undefined) => boolean;
}

/** A line of somebody. */
export interface HeardLine {
  readonly user: string;
  readonly text: string;
  /** Absent in private. */
  readonly room?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** It was sent while the bot was away: when it came says nothing. */
  readonly replayed: boolean;
}

/** Why somebody gets no answer now. */
export interface Silence {
  readonly kind: 'known-bot' | 'automatic' | 'ctcp' | 'ping-pong';
  /** In words. */
  readonly reason: string;
}

/** What is going on between the bot and one person in one place. */
interface Talk {
  before?: { readonly text: string; readonly at: number };
  /** When our last line to them left. */
  lastOurs?: number;
  /** They say more than we answer. */
  ownPace: boolean;
  /** Our last line to them, until they have said something. */
  ours?: { readonly text: string; readonly at: number };
  /** Inhuman reactions in a row. */
  inhuman: number;
  /** Reactions in a row, whatever they were. */
  unbroken: number;
  /** Their last line may not be answered. */
  line?: Silence & { readonly until: number };
  pause?: { readonly until: number; readonly began: number; readonly times: number };
}

/** What comes later is no reaction; in milliseconds. */
const REACTION_MS = 30_000;
/** Several lines in answer to one of ours come within this time; in milliseconds. */
const BURST_MS = 1_000;
/** So many rounds without a break are no conversation either, however it reads. */
const ENDLESS = 20;
/** How long nothing is answered, by how often it had to end; in milliseconds. */
const PAUSES_MS = [60_000, 5 * 60_000, 30 * 60_000] as const;
/** After so long without one, the next pause is the shortest again; in milliseconds. */
const FORGIVEN_MS = 3_600_000;
/** What is said so soon after a line, in the same place, counts as an answer to it; in milliseconds. */
const ANSWER_MS = 3_000;
/** A line that must not be answered is not answered later either; in milliseconds. */
const LINE_MS = 30_000;
const CTCP_EACH = { count: 1, withinMs: 60_000 };
const CTCP_ALL = { count: 5, withinMs: 60_000 };
const MAX_TALKS = 2_000;

/**
 * Keeps the bot from talking with bots without end. It looks at each person in each place: a line that came right after
 * one of ours, and that no person can have written (see {@link isInhuman}), is a round; after so many in a row there is
 * silence for a while, whatever the texts. In memory: after a restart everybody begins anew.
 */
export class Truce {
  readonly #options: TruceOptions;
  readonly #known: ReadonlySet<string>;
  readonly #talks = new Map<string, Talk>();
  /** Who spoke last, by room. */
  readonly #speakers = new Map<string, { readonly user: string; readonly at: number }>();
  readonly #ctcpEach: ChatterLimit;
  readonly #ctcpAll: ChatterLimit;

  constructor(options: TruceOptions) {
    const { clock } = options;
    this.#options = options;
    this.#known = new Set(options.knownBots);
    this.#ctcpEach = new ChatterLimit(clock, CTCP_EACH.count, CTCP_EACH.withinMs);
    this.#ctcpAll = new ChatterLimit(clock, CTCP_ALL.count, CTCP_ALL.withinMs);
  }

  /** Somebody said something. @returns why it must not be answered, and no command in it be run; undefined: it may. */
  hear(line: HeardLine): Silence | undefined {
    const { user, room, at, text } = line;
    if (room !== undefined) this.#speakers.set(room, { user, at });
    if (this.#options.isOwner(user)) return undefined;
    const talk = this.#talk(user, room);
    const silence = this.#judge(talk, line);
    talk.before = { text, at };
    delete talk.ours;
    if (silence === undefined) delete talk.line;
    else talk.line = { ...silence, until: at + LINE_MS };
    return silence;
  }

  /** Why an answer to somebody must not be sent now. */
  mayNotAnswer(user: string, room: string | undefined): Silence | undefined {
    if (this.#options.isOwner(user)) return undefined;
    if (this.#known.has(user)) return KNOWN;
    const talk = this.#talks.get(keyOf(user, room));
    if (talk === undefined) return undefined;
    const now = this.#options.clock.now();
    if (talk.line !== undefined && talk.line.until > now) return talk.line;
    return paused(talk, now);
  }

  /**
   * Why a line that is addressed to nobody must not be said now: it comes right after one of somebody who is not to be
   * answered. Bots that are known as such do not count: what plugins do about them without answering is their affair.
   */
  mayNotSay(kind: 'room' | 'private', to: string): Silence | undefined {
    const user = this.answered(kind, to);
    if (user === undefined || this.#known.has(user)) return undefined;
    return this.mayNotAnswer(user, kind === 'room' ? to : undefined);
  }

  /** Whom a line seems to answer that is addressed to nobody: who spoke there just now. */
  answered(kind: 'room' | 'private', to: string): string | undefined {
    const now = this.#options.clock.now();
    if (kind === 'room') {
      const last = this.#speakers.get(to);
      return last !== undefined && now - last.at <= ANSWER_MS ? last.user : undefined;
    }
    const before = this.#talks.get(keyOf(to, undefined))?.before;
    return before !== undefined && now - before.at <= ANSWER_MS ? to : undefined;
  }

  /** A line to somebody has left. */
  said(user: string, room: string | undefined, text: string, at: number): void {
    if (this.#options.isOwner(user)) return;
    const talk = this.#talk(user, room);
    talk.ours = { text, at };
    talk.lastOurs = at;
  }

  #judge(talk: Talk, line: HeardLine): Silence | undefined {
    const { user, room, at, text, replayed } = line;
    if (!replayed) this.#count(talk, line);
    if (this.#known.has(user)) return KNOWN;
    if (isAutomatic(text)) return AUTOMATIC;
    if (room === undefined && isCtcp(text)) {
      if (!this.#ctcpEach.take(user) || !this.#ctcpAll.take('everybody')) return CTCP;
    }
    const pause = paused(talk, at);
    if (pause !== undefined) return pause;
    const { rounds } = this.#options;
    if (rounds === 0 || (talk.inhuman < rounds && talk.unbroken < ENDLESS)) return undefined;
    const lately = talk.pause !== undefined && at - talk.pause.began < FORGIVEN_MS;
    const times = lately ? Math.min(talk.pause!.times + 1, PAUSES_MS.length) : 1;
    talk.pause = { began: at, times, until: at + PAUSES_MS[times - 1]! };
    talk.inhuman = 0;
    talk.unbroken = 0;
    return paused(talk, at);
  }

  #count(talk: Talk, { text, room, at }: HeardLine): void {
    const { ours, before } = talk;
    // Further lines after the first are neither a new round nor a reason to forget the earlier ones.
    if (ours === undefined) {
      if (talk.lastOurs !== undefined && at - talk.lastOurs > BURST_MS) talk.ownPace = true;
      return;
    }
    const { ownPace } = talk;
    talk.ownPace = false;
    if (at - ours.at > REACTION_MS) {
      talk.inhuman = 0;
      talk.unbroken = 0;
      return;
    }
    const command = this.#options.isCommand(text, room);
    const inhuman = isInhuman({ text, at, ours, command, ownPace, ...(before !== undefined && { before }) });
    talk.inhuman = inhuman ? talk.inhuman + 1 : 0;
    talk.unbroken++;
  }

  #talk(user: string, room: string | undefined): Talk {
    const key = keyOf(user, room);
    const talk = this.#talks.get(key) ?? { inhuman: 0, unbroken: 0, ownPace: false };
    // In order of last use: those in front are forgotten first.
    this.#talks.delete(key);
    this.#talks.set(key, talk);
    if (this.#talks.size > MAX_TALKS) this.#talks.delete(this.#talks.keys().next().value!);
    return talk;
  }
}

const KNOWN: Silence = { kind: 'known-bot', reason: 'it is a bot, by truce.known-bots in the config' };
const AUTOMATIC: Silence = { kind: 'automatic', reason: 'the message says of itself that it is automatic' };
const CTCP: Silence = { kind: 'ctcp', reason: 'too many questions to the client itself' };

function paused(talk: Talk, now: number): Silence | undefined {
  if (talk.pause === undefined || talk.pause.until <= now) return undefined;
  const seconds = Math.ceil((talk.pause.until - now) / 1000);
  return { kind: 'ping-pong', reason: `two bots seem to answer each other; silence for ${seconds} s more` };
}

function keyOf(user: string, room: string | undefined): string {
  return `${room ?? ''}\n${user}`;
}
