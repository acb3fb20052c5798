import type { ControlStream } from '../control/control-server.ts';
import type { PrivateTexts, Watched } from './watched.ts';
import type { WatchListener, WatchOptions } from './watchers.ts';

/**
 * What a watcher over the control socket gets. `present`, first: who is in the bot's rooms. `lost`: so much happened that it
 * did not hear of, since it reads too slowly.
 */
export type WatchFrame =
  | Watched
  | {
      readonly kind: 'present';
      readonly self: string;
      readonly rooms: Readonly<Record<string, readonly string[]>>;
    }
  | { readonly kind: 'lost'; readonly count: number };

/** What is needed of the bot. */
export interface WatchedBot {
  watch(listener: WatchListener, options: WatchOptions): () => void;
  readonly client: {
    readonly username: string;
    readonly rooms: {
      known(): readonly {
        readonly name: string;
        readonly joined: boolean;
        readonly users: readonly { readonly user: string }[];
      }[];
    };
  };
}

/** Bytes that wait for a slow reader; what happens beyond is not kept for it. */
const MAX_BEHIND = 1024 * 1024;

/** Streams what happens until the reader goes away. */
export function streamWatched(
  bot: WatchedBot,
  options: WatchOptions,
  { emit, unsent, signal }: ControlStream,
): Promise<void> {
  let lost = 0;
  const send = (frame: WatchFrame) => emit(frame);
  const joined = bot.client.rooms.known().filter(({ joined }) => joined);
  send({
    kind: 'present',
    self: bot.client.username,
    rooms: Object.fromEntries(joined.map(({ name, users }) => [name, users.map(({ user }) => user)])),
  });
  const end = bot.watch((watched) => {
    if (unsent() > MAX_BEHIND) {
      lost += 1;
      return;
    }
    if (lost > 0) send({ kind: 'lost', count: lost });
    lost = 0;
    send(watched);
  }, options);
  return new Promise((resolve) => {
    const finish = () => {
      end();
      resolve();
    };
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish, { once: true });
  });
}

/** What cannot be read counts as not asked. */
export function readWatchOptions(args: unknown): WatchOptions {
  const given = typeof args === 'object' && args !== null && 'privateTexts' in args ? args.privateTexts : '';
  const known: readonly PrivateTexts[] = ['all', 'commands', 'none'];
  const privateTexts = known.find((one) => one === given);
  return privateTexts === undefined ? {} : { privateTexts };
}
