import * as z from 'zod';
import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import { MAX_LINES } from '../notify/max-lines.ts';
import { parseDayTime, parseQuietHours } from '../notify/quiet-hours.ts';
import { isTemplate, PLACEHOLDERS, parseTemplate } from '../notify/text/template.ts';
import { isTimeZone } from '../scheduler/zone.ts';
import { roomName, userName } from './names.ts';
import { choice, duration, flag, integer, scalar, text, Wrong } from './scalar.ts';
import { secretSchema } from './secret-schema.ts';

const SECOND = 1_000;

const dayTime = scalar({ type: 'string', pattern: '^\\d{1,2}:\\d{2}$' }, (value) => {
  const time = typeof value === 'string' ? parseDayTime(value) : undefined;
  return time ?? new Wrong('expected a time of day such as "08:00"');
});

const quietHours = scalar({ type: 'string', pattern: '^\\d{1,2}:\\d{2}-\\d{1,2}:\\d{2}$' }, (value) => {
  const hours = typeof value === 'string' ? parseQuietHours(value) : undefined;
  return hours ?? new Wrong('expected two different times of day such as "22:00-07:00"');
});

const timezone = scalar({ type: 'string' }, (value) =>
  typeof value === 'string' && isTimeZone(value)
    ? value
    : new Wrong('expected an IANA name of a time zone, such as Europe/Berlin'),
);

const template = scalar({ type: 'string', minLength: 1, maxLength: 4_000 }, (value) => {
  if (typeof value !== 'string' || value.trim() === '' || value.length > 4_000)
    return new Wrong('expected a text of up to 4000 characters with placeholders such as {title}');
  const read = parseTemplate(value);
  if (isTemplate(read)) return read;
  const nearest = read.unknown === undefined ? undefined : nearestKey(read.unknown, PLACEHOLDERS);
  const known = PLACEHOLDERS.map((name) => `{${name}}`).join(' ');
  return new Wrong(`expected a template: ${read.problem} (there are ${known})`, nearest);
});

const webUrl = scalar({ type: 'string', format: 'uri', pattern: '^https?://' }, (value) => {
  const problem = typeof value === 'string' ? urlProblem(value) : 'expected a URL';
  return problem === undefined ? (value as string) : new Wrong(problem);
});

const address = scalar({ type: 'string', pattern: '@' }, (value) =>
  typeof value === 'string' &&
  /^[^\p{Cc}]*[^\s\p{Cc}@<>,;]+@[A-Za-z0-9.-]+>?$/u.test(value) &&
  value.length <= 320
    ? value
    : new Wrong('expected an address such as bot@example.org, or "A name <bot@example.org>"'),
);

const secret = (about: string) => secretSchema(`${about} By reference: { env: NAME } or { file: PATH }.`);

const common = {
  digest: choice(['none', 'hour', 'day'])
    .prefault('none')
    .meta({ description: 'How notices are collected that say nothing of it: none, hour or day.' }),
  'digest-at': dayTime
    .prefault('08:00')
    .meta({ description: 'When the digest of a day is told: a time of day.' }),
  quiet: quietHours
    .optional()
    .meta({ description: 'Nothing but what is urgent is told then: "22:00-07:00".' }),
  timezone: timezone
    .optional()
    .meta({ description: 'Of quiet hours and digests: an IANA name. Without it: bot.timezone.' }),
  timeout: duration(SECOND, 120 * SECOND)
    .prefault('15s')
    .meta({ description: 'How long one attempt may take.' }),
};

const withTemplate = {
  ...common,
  template: template.optional().meta({
    description:
      'How it reads, with {title} {lines} {count} {link} {plugin} {time}. Without it: as the kind has it.',
  }),
};

const reach = {
  private: flag()
    .prefault(false)
    .meta({ description: 'Whether the host may be one that is not on the public internet.' }),
};

const maxLines = (most: number) =>
  integer(1, 20)
    .prefault(most)
    .meta({ description: 'Lines of one telling, at most; how many are left out is said.' });

const kind = <const K extends string>(name: K, about: string) => z.literal(name).meta({ description: about });

const ABOUT_KIND = 'pm, room, webhook, discord, ntfy, telegram, email, feed or jsonl.';

const channel = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('pm', ABOUT_KIND),
    user: userName().meta({ description: 'Who gets the private messages (pm), or logs in (email).' }),
    'max-lines': maxLines(MAX_LINES.pm),
    ...withTemplate,
  }),
  z.strictObject({
    kind: kind('room', ABOUT_KIND),
    room: roomName().meta({ description: 'Exact name of the room.' }),
    'max-lines': maxLines(MAX_LINES.room),
    ...withTemplate,
  }),
  z.strictObject({
    kind: kind('webhook', ABOUT_KIND),
    url: secret('Where it is sent.'),
    secret: secret('Key of the signature.').optional(),
    token: secret('For the header Authorization: Bearer.').optional(),
    ...reach,
    ...common,
  }),
  z.strictObject({
    kind: kind('discord', ABOUT_KIND),
    url: secret('URL of the webhook, which is a secret.'),
    username: text('a name')
      .optional()
      .meta({ description: 'Under which name it is shown. Without it: that of the webhook.' }),
    ...reach,
    ...withTemplate,
  }),
  z.strictObject({
    kind: kind('ntfy', ABOUT_KIND),
    url: webUrl.prefault('https://ntfy.sh').meta({ description: 'The server.' }),
    topic: secret('The topic; who knows it can read along.'),
    token: secret('Access token.').optional(),
    priority: integer(1, 5)
      .prefault(3)
      .meta({ description: '1 to 5, of what is not urgent; what is urgent has 5.' }),
    tags: z.array(text('a tag')).prefault([]).meta({ description: 'Tags, or names of emoji.' }),
    ...reach,
    ...withTemplate,
  }),
  z.strictObject({
    kind: kind('telegram', ABOUT_KIND),
    url: webUrl.prefault('https://api.telegram.org').meta({ description: 'The server of the Bot API.' }),
    token: secret('Token of the Telegram bot.'),
    chat: text('the id of a chat, in quotes, or @name').meta({
      description: 'Id of the chat, or @name of the channel.',
    }),
    thread: integer(1, 2 ** 31 - 1)
      .optional()
      .meta({ description: 'Id of a topic in the chat.' }),
    ...reach,
    ...withTemplate,
  }),
  z.strictObject({
    kind: kind('email', ABOUT_KIND),
    host: text('a host name or address', { pattern: '^\\S+$' }).meta({ description: 'The SMTP server.' }),
    port: integer(1, 65_535)
      .optional()
      .meta({ description: 'Without it: 465 for tls, 587 for starttls, 25 for none.' }),
    security: choice(['tls', 'starttls', 'none'])
      .prefault('starttls')
      .meta({ description: 'tls, starttls (or no mail at all) or none.' }),
    user: text('a name')
      .optional()
      .meta({ description: 'Who gets the private messages (pm), or logs in (email).' }),
    password: secret('Password of the login.').optional(),
    from: address.meta({ description: 'Address of the sender.' }),
    to: z
      .array(address)
      .min(1, 'expected at least one address')
      .max(20, 'expected at most 20 addresses')
      .meta({ description: 'Addresses of the recipients.' }),
    ...reach,
    ...withTemplate,
  }),
  z.strictObject({
    kind: kind('feed', ABOUT_KIND),
    path: text('the path of a file').meta({ description: 'The file, made when missing.' }),
    format: choice(['rss', 'atom']).prefault('rss').meta({ description: 'rss (2.0) or atom.' }),
    title: text('a text').prefault('Seekeeper').meta({ description: 'Title of the feed.' }),
    link: webUrl.prefault('https://www.slsknet.org/').meta({ description: 'Page that the feed belongs to.' }),
    keep: integer(1, 500).prefault(50).meta({ description: 'Entries that are kept.' }),
    ...withTemplate,
  }),
  z.strictObject({
    kind: kind('jsonl', ABOUT_KIND),
    path: text('the path of a file').meta({ description: 'The file, made when missing.' }),
    ...common,
  }),
]);

const name = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;

/** `notify.channels`. Names have no colon, which tells them from people and rooms. */
export const channelsSchema = z
  .record(z.string(), channel)
  .prefault({})
  .meta({ description: 'Channels by name: where plugins can tell people something.' });

/** Why a text is no URL for us; undefined: it is one. Without the text, which may be a secret. */
export function urlProblem(value: string): string | undefined {
  if (!/^https?:\/\//u.test(value) || !URL.canParse(value))
    return 'expected a URL that begins with https:// or http://';
  const { username, password } = new URL(value);
  return username + password === '' ? undefined : 'expected a URL without a name and password in it';
}

/** Why a channel may not be called so; undefined: it may. */
export function channelNameProblem(given: string): string | undefined {
  return name.test(given) ? undefined : 'expected a name of 1 to 32 letters, digits, "_" and "-"';
}

/** As the schema reads it. */
export type RawChannels = z.output<typeof channelsSchema>;
