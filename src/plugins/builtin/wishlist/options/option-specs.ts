import {
  anyOf,
  bool,
  bytes,
  type Codec,
  duration,
  each,
  hertz,
  int,
  list,
  moment,
  oneOf,
  scopeOf,
  seconds,
  tell,
  text,
  wideScope,
} from './codec.ts';

/** An option of a wish, as it is typed: `key=value`. */
export interface OptionSpec {
  readonly key: string;
  /** Where the value belongs in the options of `bot.wishlist.add`. */
  readonly path: readonly string[];
  readonly codec: Codec;
  /** For people, in a few words. */
  readonly what: string;
  readonly example: string;
}

const CLASSES = ['lossless', 'lossy', 'audio', 'video', 'image', 'archive', 'text'];

const spec = (key: string, path: string, codec: Codec, example: string, what: string): OptionSpec => ({
  key,
  path: path.split('.'),
  codec,
  what,
  example: `${key}=${example}`,
});

/** Every option, in the order in which they are written. */
export const OPTIONS: readonly OptionSpec[] = [
  spec('ext', 'filter.ext', list(), 'flac,mp3', 'one of these endings'),
  spec('class', 'filter.class', anyOf(...CLASSES), 'lossless', `kinds of files: ${CLASSES.join(', ')}`),
  spec('min', 'filter.minBitrate', int(0, 100_000), '320', 'bitrate at least, kbit/s'),
  spec('max', 'filter.maxBitrate', int(0, 100_000), '1000', 'bitrate at most, kbit/s'),
  spec('vbr', 'filter.vbr', bool, 'no', 'variable bitrate: only, or not'),
  spec('rate', 'filter.minSampleRate', hertz, '96kHz', 'sample rate at least'),
  spec('bits', 'filter.minBitDepth', int(1, 64), '24', 'bits per sample at least'),
  spec('min-size', 'filter.minSize', bytes, '5MB', 'size of a file at least'),
  spec('max-size', 'filter.maxSize', bytes, '700MB', 'size of a file at most'),
  spec('length', 'filter.duration', seconds, '3:50', 'how long it plays'),
  spec('tolerance', 'filter.durationTolerance', seconds, '5', 'how far from that, seconds'),
  spec('min-length', 'filter.minDuration', seconds, '2:00', 'plays at least so long'),
  spec('max-length', 'filter.maxDuration', seconds, '10:00', 'plays at most so long'),
  spec('files', 'filter.minFolderFiles', int(1, 1000), '8', 'its folder has at least so many that pass'),
  spec('must', 'filter.path.must', list(), 'remaster', 'all of these words or phrases in the path'),
  spec('any', 'filter.path.any', list(), 'cd,vinyl', 'one of these words or phrases in the path'),
  spec('not', 'filter.path.not', list(), 'live,"radio edit"', 'none of these words or phrases in the path'),
  spec('name-must', 'filter.name.must', list(), 'intro', 'all of these in the name of the file'),
  spec('name-any', 'filter.name.any', list(), 'part,suite', 'one of these in the name of the file'),
  spec('name-not', 'filter.name.not', list(), 'skit', 'none of these in the name of the file'),
  spec(
    'match',
    'filter.patterns',
    each(),
    '"(?i)disc [12]"',
    'a regular expression (RE2) for the path; may be repeated',
  ),
  spec(
    'not-match',
    'filter.notPatterns',
    each(),
    '"(?i)karaoke"',
    'one that must not match; may be repeated',
  ),
  spec('slot', 'filter.freeSlot', bool, 'yes', 'only from users with a free slot'),
  spec('queue', 'filter.maxQueue', int(0, 1_000_000), '50', 'uploads waiting at the user at most'),
  spec('speed', 'filter.minSpeed', bytes, '100kB', 'speed of the user at least, per second'),
  spec(
    'locked',
    'filter.locked',
    oneOf('include', 'exclude', 'only'),
    'exclude',
    'files for invited people only',
  ),
  spec('verified', 'filter.verified', bool, 'yes', 'only from users whose names are proven'),
  spec('users', 'filter.users', list(), 'al,"two words"', 'only from these users'),
  spec('not-users', 'filter.notUsers', list(1000), 'bob', 'not from these users'),
  spec('profile', 'profile', text(64), 'music', 'a search profile of the config'),
  spec('every', 'every', duration('10m'), '2h', 'not sooner again than this'),
  spec('at-most', 'atMost', duration('10m'), '1d', 'not later again than this, if the turns allow it'),
  spec('prio', 'priority', int(1, 10), '8', 'how many turns it gets; 5 is usual, 10 is twice as many'),
  spec('deadline', 'deadline', moment, '2027-05-01', 'more turns the nearer this is'),
  spec('expires', 'expires', moment, '90d', 'ends then'),
  spec('done-after', 'completeAfter', int(1, 10_000), '1', 'ends after so many finds'),
  spec('variants', 'variants', bool, 'no', 'try other spellings in turn'),
  spec('scope', 'scope', wideScope, 'buddies', 'whom to ask: network, or buddies'),
  spec('room', 'scope', scopeOf('room'), 'indie', 'ask the users in this room only'),
  spec('user', 'scope', scopeOf('user'), 'al', 'ask this user only'),
  spec('cron', 'cron', text(100), '"17 */6 * * *"', 'when, for buddies, room and user'),
  spec('timezone', 'timezone', text(64), 'Europe/Berlin', 'of cron'),
  spec('online', 'whenOnline', list(20), 'al,bob', 'ask these users when they come online'),
  spec(
    'tell',
    'tell',
    tell,
    'sources,better',
    'told besides what is new: sources, better, again; or only new',
  ),
  spec(
    'to',
    'data.to',
    list(5),
    'me,phone',
    'who is told: me, pm:USER, room:ROOM, or a channel of the config',
  ),
  spec('digest', 'data.digest', oneOf('none', 'hour', 'day'), 'day', 'finds are collected so long'),
  spec(
    'get',
    'data.get',
    oneOf('ask', 'auto', 'no'),
    'ask',
    'downloading with slskd: as the config says, or less',
  ),
  spec('for', 'user', text(100), 'al', 'who wishes; for mods and the console'),
  spec('tag', 'tags', list(10), 'jazz', 'to find it again'),
  spec('note', 'note', text(500), '"for the party"', 'for people'),
  spec('paused', 'paused', bool, 'yes', 'does not begin before somebody says resume'),
  spec('id', 'id', text(64), 'ep', 'what it is called; in the config only'),
];

export const BY_KEY: ReadonlyMap<string, OptionSpec> = new Map(OPTIONS.map((option) => [option.key, option]));
