import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { withTimeout } from '../../platform/time.ts';
import type { IncomingLine, InterceptDirection, OutgoingLine } from '../../plugins/api/intercept.ts';
import type { InterceptAnswer, InterceptService } from '../../plugins/host/services.ts';
import type { InterceptSpec } from '../../plugins/host/wire.ts';
import type { NoteDecision } from '../why/decision.ts';

export interface InterceptorsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Its plugin failed and is to come back, or waits for a person. */
  readonly isDown: (instance: string) => boolean;
  /** A line that came in was dropped. What is not sent is noted by whoever asked for it. */
  readonly note: NoteDecision;
}

/** What became of a line: it goes on, maybe with another text, or it does not. */
export type Passage<Text> = { readonly text: Text } | { readonly dropped: string };

/** An interceptor, for people. */
export interface InterceptorInfo {
  readonly plugin: string;
  readonly order: number;
  readonly onError: InterceptSpec['onError'];
  /** False: its plugin is down, and `onError` decides. */
  readonly up: boolean;
}

interface Entry {
  readonly instance: string;
  readonly spec: InterceptSpec;
  readonly ask: (line: OutgoingLine | IncomingLine) => Promise<InterceptAnswer>;
  /** Where it stands among those of the same order. */
  readonly rank: number;
  /** Lines that it has not answered for; those that it was too slow for count on. */
  asked: number;
  /** False: the plugin is down, and `onError` answers for it. */
  up: boolean;
}

/** An interceptor that is behind by so many lines is not asked about more. */
const MAX_ASKED = 500;

/** Of what a plugin says about a line that it drops. */
const MAX_REASON = 400;

/** Lines said from inside interceptors that were asked about such lines, and so on: so many times. */
const MAX_DEPTH = 5;

/** Plugins that are asked about lines on their way in and out. Without any, a line does not even wait for a microtask. */
export class Interceptors implements InterceptService {
  readonly #options: InterceptorsOptions;
  readonly #entries: Record<InterceptDirection, Entry[]> = { incoming: [], outgoing: [] };
  /** Plugins in the order in which they first had one: a reload does not put one behind the others. */
  readonly #ranks = new Map<string, number>();
  /** How deep the lines are that a plugin is being asked about. */
  readonly #depths = new Map<string, number[]>();
  #failures = 0;

  constructor(options: InterceptorsOptions) {
    this.#options = options;
  }

  add(instance: string, spec: InterceptSpec, ask: Entry['ask']): () => void {
    const rank = this.#ranks.get(instance) ?? this.#ranks.size;
    this.#ranks.set(instance, rank);
    const list = this.#entries[spec.direction];
    const entry: Entry = { instance, spec, ask, rank, asked: 0, up: true };
    list.push(entry);
    list.sort((a, b) => a.spec.order - b.spec.order || a.rank - b.rank);
    return () => {
      // Whether the plugin was unloaded or is down shows when the next line comes.
      entry.up = false;
    };
  }

  /** Who would be asked about a line, in order. */
  of(direction: InterceptDirection, room: string | undefined): readonly InterceptorInfo[] {
    return this.#wanted(direction, room).map(({ instance, up, spec: { order, onError } }) => ({
      plugin: instance,
      order,
      onError,
      up,
    }));
  }

  /** Whether lines that this plugin says may have to wait for an answer. */
  get outgoing(): boolean {
    return this.#entries.outgoing.length > 0;
  }

  /** Whether this plugin is being asked about a line that goes out. */
  isAsked(instance: string): boolean {
    return this.#depths.has(instance);
  }

  /** @returns undefined when nobody asks for it: it goes on as it is. */
  hear(line: IncomingLine): Promise<Passage<string>> | undefined {
    const entries = this.#wanted('incoming', line.room?.name);
    return entries.length === 0 ? undefined : this.#hear(line, entries);
  }

  /** @returns undefined when nobody asks for it. Own lines of a plugin are not offered to itself. */
  send(line: OutgoingLine): Promise<Passage<readonly string[]>> | undefined {
    const all = this.#wanted('outgoing', line.kind === 'room' ? line.to : undefined);
    const entries = all.filter(({ instance }) => instance !== line.plugin);
    return entries.length === 0 ? undefined : this.#send(line, entries);
  }

  async #hear(line: IncomingLine, entries: readonly Entry[]): Promise<Passage<string>> {
    let text = line.text;
    for (const entry of entries) {
      const answer = await this.#ask(entry, { ...line, text });
      if (answer === undefined) continue;
      if ('drop' in answer) {
        this.#options.note({
          source: 'interceptors',
          what: 'hear a line',
          reason: answer.drop.slice(0, MAX_REASON),
          user: line.user,
          ...(line.room === undefined ? {} : { room: line.room.name }),
          plugin: entry.instance,
          about: line.id,
        });
        return { dropped: answer.drop };
      }
      text = typeof answer.text === 'string' ? answer.text : answer.text.join('\n');
    }
    return { text };
  }

  async #send(line: OutgoingLine, entries: readonly Entry[]): Promise<Passage<readonly string[]>> {
    const depth = Math.max(-1, ...(this.#depths.get(line.plugin) ?? [])) + 1;
    if (depth > MAX_DEPTH) return { dropped: 'interceptors answer each other without end' };
    let { text } = line;
    for (const entry of entries) {
      const answer = await this.#deeper(entry.instance, depth, () => this.#ask(entry, { ...line, text }));
      if (answer === undefined) continue;
      if ('drop' in answer) {
        return { dropped: `${entry.instance}: ${answer.drop.slice(0, MAX_REASON)}` };
      }
      text = typeof answer.text === 'string' ? [answer.text] : answer.text;
    }
    return { text };
  }

  /** What the plugin says meanwhile is one level deeper. */
  async #deeper<T>(instance: string, depth: number, run: () => Promise<T>): Promise<T> {
    const depths = this.#depths.get(instance) ?? [];
    this.#depths.set(instance, depths);
    depths.push(depth);
    try {
      return await run();
    } finally {
      depths.splice(depths.indexOf(depth), 1);
      if (depths.length === 0) this.#depths.delete(instance);
    }
  }

  /** Never rejects. */
  async #ask(entry: Entry, line: OutgoingLine | IncomingLine): Promise<InterceptAnswer> {
    const { instance, spec, ask } = entry;
    if (!entry.up) return this.#failed(entry, 'its plugin is down');
    if (entry.asked >= MAX_ASKED) return this.#failed(entry, `it is behind by ${MAX_ASKED} lines`);
    entry.asked++;
    const answering = (async () => ask(line))().finally(() => entry.asked--);
    const late = () => new Error(`it took longer than ${spec.timeoutMs} ms`);
    try {
      return await withTimeout(this.#options.clock, answering, spec.timeoutMs, late);
    } catch (error) {
      return this.#failed(entry, error instanceof Error ? error.message : `${instance} failed`);
    }
  }

  #failed({ instance, spec }: Entry, why: string): InterceptAnswer {
    this.#failures++;
    // The first ones and then fewer and fewer: a plugin that is down fails for every line.
    if (Number.isInteger(Math.log2(this.#failures))) {
      const { direction, onError } = spec;
      this.#options.log.warn('An interceptor failed', { plugin: instance, direction, onError, why });
    }
    return spec.onError === 'allow' ? undefined : { drop: `its interceptor failed (${why})` };
  }

  /** Those in order, without what was left by plugins that are gone. */
  #wanted(direction: InterceptDirection, room: string | undefined): readonly Entry[] {
    const list = this.#entries[direction];
    if (list.length === 0) return list;
    if (list.some(({ up }) => !up)) this.#forgetGone(direction);
    return this.#entries[direction].filter(
      ({ spec: { rooms } }) => rooms === undefined || (room !== undefined && rooms.includes(room)),
    );
  }

  #forgetGone(direction: InterceptDirection): void {
    const { isDown } = this.#options;
    this.#entries[direction] = this.#entries[direction].filter(({ instance, up }) => up || isDown(instance));
  }
}
