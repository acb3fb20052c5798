/**
 * `npm run simulate:wishlist -- [--wishes 30] [--people 300] [--days 14] [--seed N | --seeds A..B] [--faults]`
 *
 * Wishes of a real bot against people whose libraries change for two weeks of virtual time: whether everything that could be
 * found is announced once, and nothing else; with `--faults` while the bot is killed, banned and cut off. Then whether
 * the timetable that the bot gives is the one that it keeps. Exit code 1 if a seed failed.
 */
import '../test/wishlist-simulation/main.ts';
