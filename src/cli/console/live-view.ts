import type { WatchFrame } from '../../bot/watch/stream-watched.ts';
import type { Watched } from '../../bot/watch/watched.ts';
import type { AnyEvent } from '../../plugins/api/events.ts';
import type { ChatLines } from '../terminal/chat-lines.ts';
import type { FilterKey } from './wish.ts';

/** Turns what happens into lines, as far as it is asked for. */
export class LiveView {
  readonly #lines: ChatLines;
  readonly #self: string;
  readonly #filters = new Map<FilterKey, string>();
  #quiet = false;

  /** @param self the bot's user name */
  constructor(lines: ChatLines, self: string) {
    this.#lines = lines;
    this.#self = self;
  }

  /** Without a name everything is shown again. @returns what is shown from now on, in words. */
  filter(key: FilterKey, name: string | undefined): string {
    if (name === undefined) this.#filters.delete(key);
    else this.#filters.set(key, name);
    return this.shown;
  }

  /** No filter any more, and not quiet. */
  reset(): string {
    this.#filters.clear();
    this.#quiet = false;
    return this.shown;
  }

  toggleQuiet(): string {
    this.#quiet = !this.#quiet;
    return this.shown;
  }

  /** What is shown, in words. */
  get shown(): string {
    if (this.#quiet) return 'Nothing is shown until /quiet is said again.';
    if (this.#filters.size === 0) return 'Everything is shown.';
    return `Shown is ${[...this.#filters].map(([key, name]) => `${key} ${name}`).join(', ')}.`;
  }

  /** @returns undefined when it is not to be shown. */
  lineOf(frame: WatchFrame): string | undefined {
    if (frame.kind === 'lost') return `(so much happened that ${frame.count} things are not shown)`;
    if (frame.kind === 'present' || this.#quiet || !this.#passes(frame)) return undefined;
    const { at } = frame;
    switch (frame.kind) {
      case 'event':
        return this.#event(frame.event);
      case 'said': {
        const to = frame.room === undefined ? `to ${frame.user ?? '?'}` : `in ${frame.room}`;
        return this.#lines.note(at, `${frame.by} says ${to}: ${frame.text}`);
      }
      case 'decision': {
        const { what, reason, user, room, plugin } = frame.decision;
        const who = [
          user !== undefined && `for ${user}`,
          room !== undefined && `in ${room}`,
          plugin !== undefined && `(${plugin})`,
        ];
        const words = [what, ...who.filter((part) => part !== false)].join(' ');
        return this.#lines.note(at, `${frame.id}: did not ${words}: ${reason}`);
      }
      case 'problem':
        return this.#lines.note(at, `plugin ${frame.plugin}, ${frame.where}: ${frame.message}`);
      case 'plugin': {
        const why = frame.problem === undefined ? '' : `: ${frame.problem}`;
        return this.#lines.note(at, `plugin ${frame.plugin} is ${frame.state}${why}`);
      }
    }
  }

  #passes(frame: Watched): boolean {
    const about = aboutOf(frame);
    return [...this.#filters].every(([key, name]) => about[key] === name);
  }

  /** Its own lines are shown when they leave. */
  #event(event: AnyEvent): string | undefined {
    const { at } = event;
    const note = (text: string) => this.#lines.note(at, text);
    switch (event.type) {
      case 'room.message':
        return event.own ? undefined : this.#lines.room(at, event.room.name, event.user, event.text);
      case 'private.message':
        return this.#lines.private(at, event.user, this.#self, event.text);
      case 'room.join':
        return note(`${event.user} enters ${event.room.name}`);
      case 'room.leave':
        return note(`${event.user} leaves ${event.room.name}`);
      case 'room.ticker':
        return note(`${event.user} writes on the wall of ${event.room.name}: ${event.ticker}`);
      case 'room.member':
      case 'room.operator': {
        const what = event.type === 'room.member' ? 'member' : 'operator';
        return note(`${event.user} is ${event.change} as ${what} of ${event.room.name}`);
      }
      case 'room.entered':
        return note(`the bot entered ${event.room.name}`);
      case 'room.exited':
        return note(`the bot is no longer in ${event.room.name}: ${event.reason}`);
      case 'user.status':
        return note(`${event.user} is ${event.status}`);
      case 'notice':
        return note(`the server says: ${event.text}`);
      case 'connection':
        return note(`the connection was ${event.was} and is ${event.state}`);
    }
  }
}

type About = Readonly<Partial<Record<FilterKey, string>>>;

function aboutOf(frame: Watched): About {
  switch (frame.kind) {
    case 'event':
      return placeOf(frame.event);
    case 'said':
      return { plugin: frame.by, ...picked(frame) };
    case 'decision':
      return picked(frame.decision);
    case 'problem':
    case 'plugin':
      return { plugin: frame.plugin };
  }
}

function placeOf(event: AnyEvent): About {
  const room = 'room' in event ? event.room : undefined;
  return picked({
    room: typeof room === 'object' ? room.name : room,
    user: 'user' in event ? event.user : undefined,
  });
}

function picked(from: { readonly [K in FilterKey]?: string | undefined }): About {
  const { room, user, plugin } = from;
  return {
    ...(room !== undefined && { room }),
    ...(user !== undefined && { user }),
    ...(plugin !== undefined && { plugin }),
  };
}
