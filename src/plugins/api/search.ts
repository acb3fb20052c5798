import type { DurationInput } from './duration.ts';

/** Whom to ask: everybody, the users in a room that the bot is in, or one user. */
export type SearchScope =
  | 'network'
  | { readonly room: string; readonly user?: never }
  | { readonly user: string; readonly room?: never };

/**
 * Which hits are wanted. All conditions must hold. A file whose owner does not say what a condition is about does not
 * pass it; a missing bitrate is computed from size and duration.
 */
export interface SearchFilter {
  /** One of these extensions, without the dot, in any case. */
  readonly ext?: readonly string[];
  /** Bytes. */
  readonly minSize?: number;
  /** Bytes. */
  readonly maxSize?: number;
  /** kbit/s. */
  readonly minBitrate?: number;
  /** kbit/s. */
  readonly maxBitrate?: number;
  /** Seconds. */
  readonly minDuration?: number;
  /** Seconds. */
  readonly maxDuration?: number;
  /** Hz. */
  readonly minSampleRate?: number;
  /** Bits per sample. */
  readonly minBitDepth?: number;
  /** True: only from users who could start an upload at once. */
  readonly freeSlot?: boolean;
  /** Uploads waiting at the user. */
  readonly maxQueue?: number;
  /** Bytes/s. */
  readonly minSpeed?: number;
  /** Files only for people whom the owner allows. @default 'include' */
  readonly locked?: 'include' | 'exclude' | 'only';
  /** Only from users whose names are proven. @default false */
  readonly verified?: boolean;
  /** Only from these users, exact and case-sensitive. */
  readonly users?: readonly string[];
  /** Not from these users. May be empty. */
  readonly notUsers?: readonly string[];
}

export interface SearchOptions {
  /** As a person types it: words, `"phrases"`, `-excluded`, `*endings`. */
  readonly query: string;
  /** @default 'network' */
  readonly scope?: SearchScope;
  /** Ends after so many hits, 1 to 10000. @default 500 */
  readonly limit?: number;
  /** Hits taken of one user, 1 to 10000. @default 100 */
  readonly perUser?: number;
  /** How long answers are awaited after the search was sent, up to a day. @default '1m' */
  readonly timeout?: DurationInput;
  readonly filter?: SearchFilter;
  /** Place in the queue of what waits. @default 'ordinary' */
  readonly priority?: 'reply' | 'ordinary' | 'bulk';
  /** Not sent after waiting for its turn that long, up to a day. @default '10m' */
  readonly ttl?: DurationInput;
  /** Ends it sooner. `bot.signal` does so in any case. */
  readonly signal?: AbortSignal;
}

/** What its owner says of a file; what is absent was not said. */
export interface FileAttributes {
  /** kbit/s; of a variable bitrate the average. */
  readonly bitrate?: number;
  /** Seconds. */
  readonly duration?: number;
  /** Whether the bitrate varies. */
  readonly vbr?: boolean;
  /** Hz. */
  readonly sampleRate?: number;
  /** Bits per sample. */
  readonly bitDepth?: number;
}

/** One file that somebody offers in answer to a search. Plain data. */
export interface SearchHit {
  readonly user: string;
  /** Whether it really is that user who answered; otherwise somebody who says so. */
  readonly verified: boolean;
  /** Whole remote path, separated by backslashes. */
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  /** The path without its last part. */
  readonly folder: string;
  /** Bytes. */
  readonly size: number;
  /** Lower case, without the dot; may be empty. */
  readonly extension: string;
  readonly attributes: FileAttributes;
  /** Whether the user could start an upload at once. */
  readonly slotFree: boolean;
  /** The user's average upload speed in bytes/s. */
  readonly speed: number;
  /** Uploads waiting at the user. */
  readonly queueLength: number;
  /** Only for people whom the user allows. */
  readonly locked: boolean;
  /** Stands for the file when it is handed back to the bot. Opaque, and may be stored. */
  readonly ref: string;
}

/** How a search ended. */
export interface SearchEnd {
  /**
   * `limit`: as many hits as were wanted; `timeout`; `stopped`: by `stop` or because the loop was left; `aborted`: by the
   * signal, or the plugin was unloaded; `session-lost`: the connection to the server ended; `refused`: it never ran.
   */
  readonly reason: 'limit' | 'timeout' | 'stopped' | 'aborted' | 'session-lost' | 'refused';
  /** Hits that counted, those that nobody read included. */
  readonly hits: number;
  /** Users with a hit. */
  readonly users: number;
  /** Files left out: by the filter, because the query does not match them, above a limit. */
  readonly leftOut: number;
}

/**
 * A search under way: an async iterable of hits for one reader. Hits wait for a slow reader; leaving the loop ends the
 * search. It ends by itself with `bot.signal`.
 *
 * @example
 * for await (const hit of bot.search({ query: 'some album', limit: 20 })) bot.log.info(hit.path);
 */
export interface Search extends AsyncIterable<SearchHit, undefined> {
  /** Resolves when it has ended; never rejects. */
  readonly done: Promise<SearchEnd>;
  /** Ends it. Hits that were fetched already can still be read. */
  stop(): void;
}

/**
 * Which searches of other people. All given conditions must hold; of a list, one entry is enough. At least one condition,
 * or it is refused: `sample: 1` asks for everything, some fifty a second.
 */
export interface SearchRequestFilter {
  /**
   * Each reads like a search: all its words in any order, words in quotes one after the other; whole words, in any case.
   * What a query excludes (`-word`) or completes (`*ending`) does not count as its words. Thousands cost little.
   */
  readonly terms?: readonly string[];
  /** Exact and case-sensitive. */
  readonly users?: readonly string[];
  /** Regular expressions in RE2 syntax, found anywhere in the query as it was typed. `(?i)` ignores case. */
  readonly patterns?: readonly string[];
  /** Share of what meets the other conditions, picked at random: above 0, at most 1. */
  readonly sample?: number;
}

/** What `bot.onBatch('search.request', …)` takes. */
export interface SearchRequestOptions extends SearchRequestFilter {
  /** Stand-ins instead of names: the same for the same user, also after a restart. @default false */
  readonly hashUsers?: boolean;
  readonly batch?: {
    /** From the first request of a batch to its delivery, 10 ms to an hour. @default '1s' */
    readonly ms?: DurationInput;
    /** Requests in one batch, 1 to 10000; those above are dropped and counted. @default 500 */
    readonly max?: number;
  };
}

/** Somebody searches. */
export interface SearchRequest {
  /** The name, or its stand-in if hashed names were asked for. */
  readonly user: string;
  /** As it was typed. */
  readonly query: string;
  /** `tree`: asked of everybody. `server`: of the bot, or of a room that it is in. */
  readonly source: 'tree' | 'server';
  /** When it came, by the host's clock, milliseconds since the epoch. */
  readonly at: number;
  /** Those of the wanted terms that match, as they were given. Absent if there are none. */
  readonly terms?: readonly string[];
}

/** Every stream that comes in batches, by its name. */
export interface BatchMap {
  'search.request': { readonly options: SearchRequestOptions; readonly item: SearchRequest };
}

export type BatchName = keyof BatchMap;

export interface BatchInfo {
  /** Items that matched but came when the batch was full, or while the last batch was still being handled. */
  readonly dropped: number;
}

/** The next batch comes when its promise has settled. What it returns is not used. */
export type BatchHandler<B extends BatchName> = (
  items: readonly BatchMap[B]['item'][],
  info: BatchInfo,
) => unknown;

/** A search that a plugin may have an answer to. */
export interface SearchQuestion {
  readonly user: string;
  /** As it was typed. */
  readonly query: string;
  /** Words that a path must have, in lower case. */
  readonly words: readonly string[];
  /** Endings that some word of a path must have. */
  readonly endings: readonly string[];
  /** Words that a path must not have. */
  readonly excluded: readonly string[];
  readonly source: 'tree' | 'server';
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A file offered in answer to a search. */
export interface OfferedFile {
  /** Whole path as others will ask for it, parts separated by backslashes, 1 to 1000 characters. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly attributes?: FileAttributes;
  /** Shown, but only for people whom the bot allows. @default false */
  readonly locked?: boolean;
}

/** Nothing, or no files: no answer. After 10 s it is too late. At most 300 files of all plugins go into one answer. */
export type SearchAnswerer = (
  question: SearchQuestion,
) => readonly OfferedFile[] | undefined | Promise<readonly OfferedFile[] | undefined>;
