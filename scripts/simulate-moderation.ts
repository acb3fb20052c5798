/**
 * `npm run simulate:moderation -- [--seed N | --seeds A..B] [--days 14] [--mode shadow|suggest|live]`
 *
 * Weeks of virtual time in a public and a private room with the built-in moderation plugin: ordinary talk, a fast typist, a
 * heated argument, spam, a raid of look-alikes, troublemakers and an operator gone rogue. Prints precision and recall of each
 * rule; exit code 1 if anything was done to staff, to somebody who did nothing, or that a room does not permit.
 */
import '../test/moderation-simulation/main.ts';
