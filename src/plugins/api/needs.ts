/**
 * What a plugin may do. Declared in `needs`, granted in config.yaml (`grant`, by default everything that is declared),
 * and checked by the host at every call.
 *
 * - `room.read`: room events, and what is known of rooms (`bot.rooms.list`, `info`)
 * - `room.say`: lines in rooms
 * - `room.ticker`: our line on a room's wall
 * - `pm.read`: private messages
 * - `pm.send`: private messages to anybody; answering the person who wrote or called needs nothing
 * - `user.read`: status and statistics of users, and watching them
 * - `user.address`: IP addresses of users (`bot.users.address`)
 * - `notify`: the channels of config.yaml (`bot.notify`)
 * - `search.run`: searching (`bot.search`, `bot.wishlist`)
 * - `search.listen`: what other people search for (`bot.onBatch('search.request', …)`)
 * - `search.answer`: files in answer to what other people search for (`bot.answerSearches`)
 * - `intercept`: seeing, changing and stopping every line that comes in or goes out (`bot.intercept`)
 * - `web`: the web, without this machine's own network (`bot.web`)
 * - `moderate`: members and operators of private rooms, lines of priority `moderation`, rules and cases (`bot.rule`, `bot.action`,
 *   `bot.cases`, `bot.members`)
 */
export type Need =
  | 'room.read'
  | 'room.say'
  | 'room.ticker'
  | 'pm.read'
  | 'pm.send'
  | 'user.read'
  | 'user.address'
  | 'notify'
  | 'search.run'
  | 'search.listen'
  | 'search.answer'
  | 'intercept'
  | 'web'
  | 'moderate';

/** Every {@link Need}, in the order in which documentation lists them. */
export const NEEDS: readonly Need[] = [
  'room.read',
  'room.say',
  'room.ticker',
  'pm.read',
  'pm.send',
  'user.read',
  'user.address',
  'notify',
  'search.run',
  'search.listen',
  'search.answer',
  'intercept',
  'web',
  'moderate',
];
