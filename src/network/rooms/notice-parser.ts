import type { Notice } from './notices.ts';

/** Only the beginning of the first line is looked at; a private message has at most 2,048 bytes anyway. */
const MAX_LINE = 16_384;
/** A line that names users and rooms (30 and 24 bytes at most) is far shorter; the rest cannot be one. */
const MAX_NAMING_LINE = 1_024;
const MAX_USER = 30;
const MAX_ROOM = 24;

/** The one between user and room, for each kind; all lower case with a straight apostrophe. */
const BETWEEN = [
  ['already-member', ' is already a member of room '],
  ['is-owner', ' is the owner of room '],
  ['must-be-member', ' must first be a member of room '],
  ['already-operator', ' is already an operator of room '],
  ['now-member', ' is now a member of room '],
  ['no-longer-member', ' is no longer a member of room '],
  ['now-operator', ' is now an operator of room '],
  ['no-longer-operator', ' is no longer an operator of room '],
] as const;

const ROOM_NAME_RULES = [
  ' contains leading or trailing spaces',
  ' contains invalid characters',
  ' contains multiple following spaces',
  ' longer than ',
];

/**
 * Understands a private message from `server`. Upper and lower case, either apostrophe and a missing full
 * stop at the end are tolerated; what is not recognised is `other`. Runs in time linear in the text.
 *
 * A user may be called `X is already a member of room Y`, so a text can have several readings. Sentences that
 * name only a user win over those that name a room too; then the first reading whose names are not longer than
 * names can be; a full stop at the very end is taken as the sentence's. Whoever knows which names to expect
 * should look through `noticeReadings`.
 */
export function parseNotice(text: string): Notice {
  const readings = noticeReadings(text);
  return readings.find(plausible) ?? readings[0] ?? { kind: 'other', text };
}

/** Everything that the text may mean, likeliest first; empty when nothing. */
export function noticeReadings(text: string): Notice[] {
  const end = text.search(/[\r\n]/);
  const line = text.slice(0, Math.min(end < 0 ? text.length : end, MAX_LINE));
  const low = fold(line);
  const banned = readBan(low);
  if (banned !== undefined) return [{ kind: 'banned', minutes: banned, text }];
  const single = readRoom(line, low, text) ?? readBracketed(line, low, text);
  if (single) return [single];
  const readings = [...readUserOnly(line, low, text), ...readUserAndRoom(line, low, text)];
  if (readings.length === 0 && low.includes('client version is too old'))
    readings.push({ kind: 'old-version', text });
  return readings;
}

/** Lower-case ASCII and straight apostrophes; every character keeps its place. */
function fold(text: string): string {
  return text.replace(/[A-Z]/g, (c) => c.toLowerCase()).replace(/[\u2018\u2019\u02bc\u00b4`]/g, "'");
}

/** Minutes of a ban notice. The text after the first sentence lists causes and is not needed. */
function readBan(low: string): number | undefined {
  const sentence = low.startsWith('system message:') ? low.slice('system message:'.length).trimStart() : low;
  if (!sentence.startsWith('you have been banned')) return undefined;
  const match = /^you have been banned for (\d{1,6}) (minute|hour|day)/.exec(sentence);
  // Without a number: what is known of these bans.
  if (!match) return 30;
  return Number(match[1]) * (match[2] === 'day' ? 1440 : match[2] === 'hour' ? 60 : 1);
}

function* readUserOnly(line: string, low: string, text: string): Generator<Notice> {
  if (!low.startsWith('user ')) return;
  const name = (suffix: string) => cut(line, low, 'user ', suffix);
  const offline = name(' is not logged in.') ?? name(' is not logged in');
  if (offline !== undefined) yield { kind: 'user-offline', user: offline, text };
  const at = low.lastIndexOf(" hasn't enabled private room add");
  if (at > 'user '.length) yield { kind: 'invitations-off', user: line.slice('user '.length, at), text };
}

function* readUserAndRoom(line: string, low: string, text: string): Generator<Notice> {
  if (!low.startsWith('user ') || line.length > MAX_NAMING_LINE) return;
  for (const [kind, between] of BETWEEN) {
    for (let at = low.indexOf(between, 6); at >= 0; at = low.indexOf(between, at + 1)) {
      const user = line.slice(5, at);
      const room = line.slice(at + between.length);
      if (room === '') continue;
      if (room.endsWith('.') && room.length > 1) yield { kind, user, room: room.slice(0, -1), text };
      yield { kind, user, room, text };
    }
  }
}

/** `User [X] was added as a member of room [Y] by operator [Z]`. */
function readBracketed(line: string, low: string, text: string): Notice | undefined {
  const head = 'user [';
  const middle = '] was added as a member of room [';
  const tail = '] by operator [';
  const end = low.endsWith('].') ? low.length - 2 : low.length - 1;
  if (!low.startsWith(head) || low[end] !== ']') return undefined;
  const first = low.indexOf(middle, head.length);
  const second = first < 0 ? -1 : low.indexOf(tail, first + middle.length);
  if (second < 0 || second + tail.length > end) return undefined;
  return {
    kind: 'now-member',
    user: line.slice(head.length, first),
    room: line.slice(first + middle.length, second),
    operator: line.slice(second + tail.length, end),
    text,
  };
}

/** Sentences about a room alone. */
function readRoom(line: string, low: string, text: string): Notice | undefined {
  const open =
    cut(line, low, 'room (', ') is registered as public.') ??
    cut(line, low, 'room (', ') is registered as public');
  if (open !== undefined) return { kind: 'registered-public', room: open, text };
  const enter = 'the room you are trying to enter (';
  if (low.startsWith(enter)) {
    const closed = low.lastIndexOf(') is registered as private');
    if (closed >= enter.length)
      return { kind: 'registered-private', room: line.slice(enter.length, closed), text };
    const moderated = low.indexOf(') is moderated');
    if (moderated < enter.length) return undefined;
    return {
      kind: 'moderated',
      room: line.slice(enter.length, moderated),
      moderators: moderators(line, text),
      text,
    };
  }
  const refused = 'could not create room. reason: ';
  if (!low.startsWith(refused)) return undefined;
  const reason = line.slice(refused.length);
  const room = refusedName(reason, low.slice(refused.length));
  return { kind: 'room-name-refused', ...(room !== undefined && { room }), reason, text };
}

function refusedName(reason: string, low: string): string | undefined {
  if (low.startsWith('room name empty')) return '';
  const head = 'room name ';
  if (!low.startsWith(head)) return undefined;
  for (const rule of ROOM_NAME_RULES) {
    const at = low.lastIndexOf(rule);
    if (at >= head.length) return reason.slice(head.length, at);
  }
  return undefined;
}

/**
 * The names after the colon: one a line when there are further lines, else divided by commas (the official
 * layout of this list is not documented; the first line is [Nicotine+]).
 */
function moderators(line: string, text: string): string[] {
  const rest = text.slice(line.length, line.length + MAX_LINE);
  const names =
    rest.trim() === ''
      ? line.slice(line.lastIndexOf(':') + 1 || line.length).split(',')
      : rest.split(/[\r\n]/);
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** What stands between `prefix` and `suffix` when the whole line is that; not empty. */
function cut(line: string, low: string, prefix: string, suffix: string): string | undefined {
  if (!low.startsWith(prefix) || !low.endsWith(suffix)) return undefined;
  const end = line.length - suffix.length;
  return end > prefix.length ? line.slice(prefix.length, end) : undefined;
}

function plausible(notice: Notice): boolean {
  const user = 'user' in notice ? notice.user : '';
  const room = 'room' in notice ? (notice.room ?? '') : '';
  return user.length <= MAX_USER && room.length <= MAX_ROOM;
}
