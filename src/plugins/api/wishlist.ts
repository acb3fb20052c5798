import type { Registration } from './bot.ts';
import type { DurationInput } from './duration.ts';
import type { SearchFilter, SearchHit } from './search.ts';

/**
 * Whom a wish asks. `network`: everybody, in the wishlist's slot that the server allows: one search per interval, all
 * plugins together. The others go out by `cron`, under the ordinary budget of searches: the users in a room that the bot is
 * in, one user, or each of the bot's `buddies` (config.yaml).
 */
export type WishScope = 'network' | 'buddies' | { readonly room: string } | { readonly user: string };

/** Words or phrases, compared without case, diacritics and punctuation, as whole words. */
export interface WishWords {
  /** Each of them. */
  readonly must?: readonly string[];
  /** At least one. */
  readonly any?: readonly string[];
  /** None. */
  readonly not?: readonly string[];
}

/** Format classes: `lossless` (flac, wav, aiff, ape, wv, …), `lossy` (mp3, ogg, m4a, …), `audio` (both), `video`, `image`, `archive`, `text`. */
export type FileClass = 'lossless' | 'lossy' | 'audio' | 'video' | 'image' | 'archive' | 'text';

/**
 * Which files a wish wants. All conditions must hold; those of {@link SearchFilter} too. A file whose owner does not say
 * what a condition is about does not pass it.
 */
export interface WishFilter extends SearchFilter {
  /** In the whole path. */
  readonly path?: WishWords;
  /** In the name of the file alone. */
  readonly name?: WishWords;
  readonly class?: readonly FileClass[];
  /** True: variable bitrate only. False: constant only. */
  readonly vbr?: boolean;
  /** Seconds; with `durationTolerance` before or behind. */
  readonly duration?: number;
  /** Seconds. @default 5 */
  readonly durationTolerance?: number;
  /** The file's folder has at least so many files that pass everything else. */
  readonly minFolderFiles?: number;
  /** RE2 syntax; found in the whole path. All of them. `(?i)` ignores case. */
  readonly patterns?: readonly string[];
  /** RE2 syntax; none of them in the whole path. */
  readonly notPatterns?: readonly string[];
}

/** What somebody wants, for years. */
export interface WishOptions {
  /** Unique within the plugin, 1 to 64 characters. @default a number that is free */
  readonly id?: string;
  /** As a person types it: words, `"phrases"`, `-excluded`, `*endings`; 250 bytes at most. */
  readonly query: string;
  /** @default 'network' */
  readonly scope?: WishScope;
  /** For scopes other than `network`: five fields, as `bot.schedule` reads them. @default '17 *\/6 * * *' (four times a day) */
  readonly cron?: string;
  /** Time zone of `cron`. @default the bot's */
  readonly timezone?: string;
  /** These users are searched when they come online, at most once per `every` each. Up to 20. @default none */
  readonly whenOnline?: readonly string[];
  /** 1 to 10; how much of the wishlist's turns it gets: 10 twice as many as 5. @default 5 */
  readonly priority?: number;
  /** Not sooner again than this. 10 minutes at least. @default '30m' */
  readonly every?: DurationInput;
  /** Not later again than this, as far as the interval allows: fruitless turns stretch the gap up to it. @default '24h' */
  readonly atMost?: DurationInput;
  /** When it should have been found: it gets more turns the nearer that is. Milliseconds since the epoch. */
  readonly deadline?: number;
  /** Ends then. Milliseconds since the epoch. */
  readonly expires?: number;
  /** Ends after so many finds that were told. */
  readonly completeAfter?: number;
  /** Use a search profile of this name (config.yaml, `wishes.profiles`); `filter` counts above it. */
  readonly profile?: string;
  readonly filter?: WishFilter;
  /** What is told besides what was never seen. @default { sources: true, better: true, again: false } */
  readonly tell?: WishTelling;
  /** Try other spellings of the query in turn: diacritics, "feat.", spaces between CJK signs. Each counts as a turn. @default true */
  readonly variants?: boolean;
  /** Who wants it: quotas, `!forgetme`. Exact user name. */
  readonly user?: string;
  /** Up to 10, 1 to 32 characters each. */
  readonly tags?: readonly string[];
  /** For people, up to 500 characters. */
  readonly note?: string;
  /** The plugin's own, up to 4 kB as JSON; comes back with every find. */
  readonly data?: unknown;
}

export interface WishTelling {
  /** The same content from somebody else. */
  readonly sources?: boolean;
  /** The same content in better quality, or more of its folder. */
  readonly better?: boolean;
  /** Seen before, and its owner is back after a day or more, or has a free slot now. */
  readonly again?: boolean;
}

/**
 * `active`: takes turns; `paused`: by a person; `snoozed`: until `until`; `done`: completed; `expired`: its time is over;
 * `refused`: it can never match, `problem` says why.
 */
export type WishState = 'active' | 'paused' | 'snoozed' | 'done' | 'expired' | 'refused';

/** What the engine thinks is wrong with a wish. */
export interface WishProblem {
  /**
   * It can never match: `too-long`, `control-characters`, `only-exclusions`, `too-short`, `contradictory`, `bad-scope`,
   * `bad-filter`, `excluded-phrase`. It is doubtful: `near-excluded-phrase`, `never-answered`, `mixed-scripts`.
   */
  readonly code: string;
  readonly message: string;
}

/** A wish as it stands. */
export interface Wish {
  readonly id: string;
  readonly options: WishOptions;
  readonly state: WishState;
  /** When a snoozed one goes on. */
  readonly until?: number;
  readonly problems: readonly WishProblem[];
  readonly createdAt: number;
  /** Searches that really went out. */
  readonly turns: number;
  /** Turns since the last find. */
  readonly fruitless: number;
  readonly lastTurn?: number;
  /** When its next turn is to be expected; absent when none is. */
  readonly nextTurn?: number;
  /** Contents told so far. */
  readonly finds: number;
  readonly lastFind?: number;
  /** Files remembered as seen. */
  readonly seen: number;
}

/**
 * `new`: nobody had this content; `source`: somebody else has it too; `better`: known content in better quality, or a folder
 * with more of it; `again`: known, and to be had now.
 */
export type FindKind = 'new' | 'source' | 'better' | 'again';

/** A part of a score: from 0 to 1, times its weight. */
export interface ScorePart {
  readonly name: 'quality' | 'completeness' | 'speed' | 'queue' | 'slot' | 'similarity' | 'experience';
  readonly value: number;
  readonly weight: number;
}

/** A file that a wish wants and that was worth telling. */
export interface WishFind {
  /** Of this wish, counted from 1 and never used twice: what people name it by. */
  readonly number: number;
  readonly kind: FindKind;
  readonly hit: SearchHit;
  /** The same for the same file whoever has it: normalised base name, size, duration. */
  readonly content: string;
  /** Files of the same user and folder that passed and were looked at together with it, this one included. */
  readonly folderFiles: number;
  /** 0 to 100. */
  readonly score: number;
  readonly parts: readonly ScorePart[];
  /** When it was found, milliseconds since the epoch. */
  readonly at: number;
  /** It could have been told sooner: the bot was away when the wish's turn was due, or when it was to be told. */
  readonly late: boolean;
  /** What changed, for `better` and `again`. */
  readonly reason?: string;
}

/** Finds of one wish, best first, told together. */
export interface WishFinds {
  /** The same when it is delivered again: use it as the `key` of `bot.notify`, so that nothing is told twice. */
  readonly id: string;
  readonly wish: Wish;
  /** Up to 100. */
  readonly finds: readonly WishFind[];
  readonly at: number;
  /** The handler may have run for it before. */
  readonly redelivered: boolean;
}

/** May be async: the finds count as told when its promise resolves, and come again (after 1, 5, 30 min, then hourly) when it rejects. */
export type WishHandler = (finds: WishFinds) => unknown;

/** A wish with its handler: what `bot.wishlist({ … })` takes. It is there as long as the plugin registers it. */
export interface WishDefinition extends WishOptions {
  readonly id: string;
  /** Only what was never told before. Comes once a turn has settled. @default what `bot.wishlist.onFinds` registered */
  readonly onFinds?: WishHandler;
}

/** Everything about a wish that can be changed later; `null` takes a value away. */
export type WishChange = { readonly [K in keyof Omit<WishOptions, 'id'>]?: WishOptions[K] | null };

export interface WishQuery {
  readonly user?: string;
  readonly state?: readonly WishState[];
  readonly tag?: string;
}

/** One of the last results of a wish, told or not. */
export interface WishResult extends WishFind {
  /** `told`; `waiting`: to be told; `known`: passed and was not news. */
  readonly state: 'told' | 'waiting' | 'known';
}

/** Why results of a wish were dropped: numbers of its last turn, and in `summary` also over all. */
export interface WishWhy {
  /** In words: state, last and next turn, problems. */
  readonly summary: readonly string[];
  /** Results that arrived in the last turn, and those that passed. */
  readonly arrived: number;
  readonly passed: number;
  /** Most first. `filter`: e.g. `minBitrate`, `path.not`, `query`, `ignored-user`, `limit`; of what passed `seen`. */
  readonly dropped: readonly {
    readonly filter: string;
    readonly count: number;
    /** Up to three paths, with what was wrong in words. */
    readonly examples: readonly { readonly user: string; readonly path: string; readonly detail: string }[];
  }[];
}

/** One turn of a timetable. */
export interface PlannedTurn {
  readonly wish: string;
  readonly query: string;
  /** Expected; each turn may be up to 4 s earlier or later than the last one's distance says. */
  readonly at: number;
}

export interface WishPlan {
  /** Seconds; 0: the server allows none now. */
  readonly interval: number;
  /** Different queries among the wishes that share the slot, of all plugins: wishes with the same one share its turns. */
  readonly wishes: number;
  /** Milliseconds for each of them to have a turn: `wishes` × `interval`, less the few seconds that pass between turns. */
  readonly round: number;
  /** Of the plugin's own wishes. Up to 10,000. */
  readonly turns: readonly PlannedTurn[];
  /** What the timetable takes for granted, in words. */
  readonly assumption: string;
}

/** What a filter makes of a hit or of a path alone. */
export interface WishVerdict {
  readonly passes: boolean;
  /** The first condition that failed, and what was wrong. */
  readonly filter?: string;
  readonly detail?: string;
}

/**
 * Searches that go on for years. Wishes of all plugins share the turns that the server allows. Needs `search.run`.
 *
 * @example
 * bot.wishlist({ id: 'ep', query: 'rare ep', filter: { class: ['lossless'] }, onFinds: ({ finds }) => bot.say('indie', finds[0]!.hit.path) });
 */
export interface Wishlist {
  /** A wish that exists as long as the plugin registers it; it is found again by its id after a restart, with what it has seen. */
  (definition: WishDefinition): Registration;
  /** Hears of finds of all wishes of this plugin that have no handler of their own. Once per plugin. */
  onFinds(handler: WishHandler): Registration;
  /** A wish that stays until it is removed. @throws PluginError `invalid`, `too-many` above 2,000 wishes of one plugin, `conflict` when the id is taken. */
  add(options: WishOptions): Promise<Wish>;
  /** @throws PluginError `invalid`; `not-found`. Also for registered ones, until they are registered anew. */
  change(id: string, change: WishChange): Promise<Wish>;
  /** With all that it has seen. @returns whether there was one. */
  remove(id: string): Promise<boolean>;
  get(id: string): Promise<Wish | undefined>;
  list(query?: WishQuery): Promise<readonly Wish[]>;
  /** @param until milliseconds since the epoch: snoozed; absent: until `resume`. */
  pause(id: string, until?: number): Promise<Wish>;
  /** Also what is done, expired or refused; fruitless turns count anew. */
  resume(id: string): Promise<Wish>;
  /** Takes the very next turn, once. */
  boost(id: string): Promise<Wish>;
  /** The latest first. @param options.limit up to 500. @default 50 */
  results(id: string, options?: { readonly limit?: number }): Promise<readonly WishResult[]>;
  result(id: string, number: number): Promise<WishResult | undefined>;
  why(id: string): Promise<WishWhy>;
  /** Forgets what it has seen: all, or what one user alone has. It is news again. @returns how many. */
  forget(id: string, user?: string): Promise<number>;
  /** Results of these users count for no wish of this plugin. */
  ignore(user: string): Promise<void>;
  unignore(user: string): Promise<boolean>;
  ignored(): Promise<readonly string[]>;
  /** How a download from a user went, for the score of their next finds. */
  experience(user: string, how: 'good' | 'bad'): Promise<void>;
  /** Checks options without storing anything. @returns what is wrong or doubtful; empty: nothing. */
  check(options: WishOptions): Promise<readonly WishProblem[]>;
  /** What a filter makes of a hit. @throws PluginError `invalid`. */
  test(options: WishOptions, hit: SearchHit): Promise<WishVerdict>;
  /** The timetable if nothing is found. @param ms how far ahead, 30 days at most. */
  plan(ms: DurationInput): Promise<WishPlan>;
}
