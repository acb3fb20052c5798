import * as z from 'zod';
import { charsetProblem } from '../../network/rooms/charset.ts';
import { NEEDS } from '../../plugins/api/needs.ts';
import { isTimeZone } from '../scheduler/zone.ts';
import { moderationSchema } from './moderation-schema.ts';
import { roomName, userName } from './names.ts';
import { channelsSchema } from './notify-schema.ts';
import { OUTGOING } from './outgoing.ts';
import { choice, duration, flag, integer, scalar, text, Wrong } from './scalar.ts';
import { secretSchema } from './secret-schema.ts';
import { wishesSchema } from './wishes-schema.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;

/** A section that may be left out: every key in it has a default. */
function section<T extends z.core.$ZodShape>(about: string, shape: T) {
  return z
    .strictObject(shape)
    .prefault({} as never)
    .meta({ description: about });
}

/** A tag of BCP 47, roughly: a language, then what it is narrowed to. */
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

const prefix = scalar({ type: 'string', pattern: '^[!-/:-@\\[-`{-~]{1,3}$' }, (value) =>
  typeof value === 'string' && /^[!-/:-@[-`{-~]{1,3}$/.test(value)
    ? value
    : new Wrong('expected 1 to 3 punctuation characters, such as "!"'),
);

const charset = scalar({ type: 'string' }, (value) => {
  if (typeof value !== 'string') return new Wrong('expected the label of a charset, such as windows-1251');
  const problem = charsetProblem(value);
  return problem === undefined ? value : new Wrong(problem);
});

const language = scalar({ type: 'string', pattern: LANGUAGE.source }, (value) =>
  typeof value === 'string' && LANGUAGE.test(value)
    ? value.toLowerCase()
    : new Wrong('expected a language tag, such as en, de or pt-br'),
);

const timezone = scalar({ type: 'string' }, (value) =>
  typeof value === 'string' && isTimeZone(value)
    ? value
    : new Wrong('expected an IANA name of a time zone, such as Europe/Berlin'),
);

const host = scalar({ type: 'string', pattern: '^\\S+$' }, (value) =>
  typeof value === 'string' && /^[^\s/]+$/.test(value)
    ? value
    : new Wrong('expected a host name or address, without port'),
);

const ipv4 = scalar({ type: 'string', format: 'ipv4' }, (value) =>
  typeof value === 'string' && /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(value)
    ? value
    : new Wrong('expected an IPv4 address, such as 0.0.0.0 for every interface'),
);

const port = scalar(
  { anyOf: [{ type: 'integer', minimum: 0, maximum: 65_535 }, { const: false }] },
  (value) =>
    value === false || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535)
      ? (value as number | false)
      : new Wrong('expected a whole number from 0 to 65535, or false'),
);

const room = z.strictObject({
  name: roomName().meta({ description: 'Exact name of the room.' }),
  private: flag()
    .prefault(false)
    .meta({ description: 'A private room; it is created as one when it does not exist.' }),
  charset: charset
    .optional()
    .meta({ description: 'How people write there when it is not UTF-8, such as windows-1251.' }),
  prefix: prefix.optional().meta({ description: 'What commands begin with in this room.' }),
  language: language
    .optional()
    .meta({ description: 'In which plugins speak in this room, where they have texts for it.' }),
});

/** In MiB. */
const memory = scalar({ type: 'string', pattern: '^\\d+\\s*[MG]B$' }, (value) => {
  const match = typeof value === 'string' ? /^(\d+)\s*([MG])B$/i.exec(value) : null;
  const mb = match === null ? 0 : Number(match[1]) * (match[2]?.toUpperCase() === 'G' ? 1024 : 1);
  return mb >= 32 && mb <= 16_384 ? mb : new Wrong('expected 32MB to 16GB, such as 256MB');
});

/** In bytes. */
const size = scalar({ type: 'string', pattern: '^\\d+\\s*[KMG]B$' }, (value) => {
  const match = typeof value === 'string' ? /^(\d+)\s*([KMG])B$/i.exec(value) : null;
  const unit = match === null ? 0 : 1024 ** (' KMG'.indexOf(match[2]!.toUpperCase()) as 1 | 2 | 3);
  const bytes = match === null ? 0 : Number(match[1]) * unit;
  return bytes >= 1024 && bytes <= 16 * 1024 ** 3 ? bytes : new Wrong('expected 1KB to 16GB, such as 10MB');
});

const plugin = z.strictObject({
  use: text('builtin:NAME, ./a/path.ts or the name of a package').optional().meta({
    description:
      'builtin:NAME, a path (./…) or a package. Without it, a key that is a path is that file, any other key NAME the built-in plugin of that name or else the package seekeeper-plugin-NAME.',
  }),
  config: z.unknown().optional().meta({ description: "The plugin's own settings." }),
  rooms: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .optional()
    .meta({ description: 'What is different in a room: by room, any keys of config. Merged over it.' }),
  'time-budget': duration(SECOND, 3_600 * SECOND)
    .optional()
    .meta({
      description: 'How long one of its handlers may take, waiting for the bot not counted. Without it: 30s.',
    }),
  grant: z
    .array(choice(NEEDS))
    .optional()
    .meta({ description: 'What it may do at most. Without it: everything that it declares to need.' }),
  isolate: choice(['worker', 'inproc']).optional().meta({
    description:
      "worker: in a thread of its own, which a plugin that hangs or leaks does not outlive. inproc: in the bot's own process. Without it: worker for files and packages, inproc for built-in plugins.",
  }),
  worker: text('a name for the worker').optional().meta({
    description: 'Plugins with the same name here share one worker. Without it: a worker of its own.',
  }),
  memory: memory.optional().meta({
    description:
      'Heap and buffers of its worker, everybody in it included, such as 256MB. Without it: 128MB.',
  }),
  quota: z
    .strictObject({
      entries: integer(1, 10_000_000).prefault(100_000).meta({ description: 'Key-values.' }),
      size: size.prefault('64MB').meta({ description: 'Keys and values together.' }),
    })
    .optional()
    .meta({ description: 'What it may store at most.' }),
  'private-hosts': z.array(host).optional().meta({
    description:
      'Hosts (NAME or NAME:PORT) that bot.web may reach although they are not on the public internet.',
  }),
});

const names = (about: string) => z.array(userName()).prefault([]).meta({ description: about });

const outgoing = Object.fromEntries(
  Object.entries(OUTGOING).map(([key, limit]) => [
    key,
    scalar({ ...limit.json }, (value) => limit.read(value) ?? new Wrong(`expected ${limit.expected}`))
      .prefault(limit.standard)
      .meta({ description: limit.about }),
  ]),
);

/** config.yaml, as far as it is ours. Plugins check their own `config`. */
export const configSchema = z
  .strictObject({
    bot: z
      .strictObject({
        user: userName().meta({
          description: 'The account. An unknown name becomes a new account at the first login.',
        }),
        description: text('a text').optional().meta({
          description: 'What others read in its user info, after the words that it is a bot and whose.',
        }),
        language: language
          .prefault('en')
          .meta({ description: 'In which plugins speak, where they have texts for it: en, de, pt-br.' }),
        timezone: timezone
          .prefault('UTC')
          .meta({ description: 'Of jobs that name none: an IANA name, such as Europe/Berlin.' }),
        password: secretSchema(
          'By reference: { env: NAME } or { file: PATH }. A text works too and is warned of.',
        ),
      })
      .meta({ description: 'Who the bot is.' }),
    server: section('Where it logs in.', {
      host: host.prefault('server.slsknet.org').meta({ description: 'Host name or address.' }),
      port: integer(1, 65_535).prefault(2242).meta({ description: 'TCP port.' }),
    }),
    listen: z
      .union([
        z.literal(false),
        z.strictObject({
          host: ipv4.prefault('0.0.0.0').meta({ description: 'Address to bind.' }),
          port: port
            .prefault(2234)
            .meta({ description: 'TCP port; 0 lets the system choose, false opens none.' }),
          'obfuscated-port': port.optional().meta({
            description:
              'TCP port for obfuscated connections; 0 lets the system choose, false opens none. Without it: port + 1.',
          }),
        }),
      ])
      .prefault({})
      .meta({ description: 'Where other users reach the bot; false: nowhere.' }),
    tree: section('The part that the bot has in passing on the searches of the network.', {
      children: integer(0, 100).prefault(10).meta({
        description: 'Users whom it passes searches on to, at most; its upload speed may allow fewer.',
      }),
    }),
    rooms: z
      .array(z.union([roomName(), room]))
      .prefault([])
      .meta({ description: 'Rooms to be in: a name, or a map with more about the room.' }),
    roles: section('Who may do what. User names are exact and case-sensitive.', {
      owner: names('May do everything.'),
      mod: names('May do what needs mod or trusted.'),
      trusted: names('May do what needs trusted.'),
    }),
    commands: section('How commands are typed.', {
      prefix: prefix
        .prefault('!')
        .meta({ description: 'What a command begins with in a room; in private it may be left out.' }),
    }),
    truce: section('How bots are kept from talking with each other without end.', {
      'known-bots': names('Bots: their commands do not run, and they are never answered.'),
      rounds: integer(0, 10).prefault(2).meta({
        description:
          'So many answers somebody gets whose lines no person can have written; then there is silence. 0: never.',
      }),
    }),
    notify: section('Whom the bot tells what goes wrong, and where plugins can tell people something.', {
      owners: z
        .union([z.boolean(), z.array(userName())])
        .prefault(true)
        .meta({ description: 'true: all owners, false: nobody, or a list of names.' }),
      'per-day': integer(1, 100).prefault(10).meta({ description: 'Notices a day, at most.' }),
      channels: channelsSchema,
    }),
    moderation: moderationSchema,
    wishes: wishesSchema,
    buddies: z
      .array(userName())
      .prefault([])
      .meta({ description: 'Users whom wishes of scope buddies ask.' }),
    outgoing: section('How fast anything leaves the bot. The defaults keep it from being banned.', {
      'allow-above-ceiling': flag()
        .prefault(false)
        .meta({ description: 'Allows what is known or feared to get a bot banned.' }),
      ...outgoing,
    }),
    store: section('Where the bot keeps what it must not forget.', {
      path: text('the path of a file')
        .prefault('seekeeper.db')
        .meta({ description: 'SQLite file, created when missing.' }),
    }),
    log: section('What the bot tells about its work.', {
      level: choice(['trace', 'debug', 'info', 'warn', 'error'])
        .prefault('info')
        .meta({ description: 'The least important lines to write.' }),
      format: choice(['auto', 'json', 'pretty'])
        .prefault('auto')
        .meta({ description: 'auto: pretty in a terminal, else JSON lines.' }),
      file: text('the path of a file')
        .optional()
        .meta({ description: 'Write there instead of the terminal; reopened on SIGHUP.' }),
    }),
    journal: section('What is written down of the rooms.', {
      keep: duration(MINUTE, 3650 * DAY)
        .prefault('30d')
        .meta({ description: 'How long.' }),
    }),
    shutdown: section('How the bot stops.', {
      drain: duration(0, 10 * MINUTE)
        .prefault('5s')
        .meta({ description: 'How long lines that wait may still leave.' }),
    }),
    'on-plugin-failure': choice(['stop', 'continue'])
      .prefault('stop')
      .meta({ description: 'When a plugin cannot be loaded at start: stop, or continue without it.' }),
    plugins: z
      .record(z.string(), plugin)
      .prefault({})
      .meta({ description: 'Plugins by id: what is stored for one is stored under its id.' }),
  })
  .meta({ title: 'Seekeeper configuration' });

/** The config as the schema reads it. */
export type RawConfig = z.output<typeof configSchema>;
