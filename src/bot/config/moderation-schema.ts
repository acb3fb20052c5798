import * as z from 'zod';
import { ROLES } from '../../plugins/api/people.ts';
import { readConsequence } from '../moderation/consequences/consequence.ts';
import { isPublicKey } from '../moderation/lists/signature.ts';
import { roomName, userName } from './names.ts';
import { parseRate } from './rate.ts';
import { choice, duration, flag, integer, scalar, text, Wrong } from './scalar.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

const MODES = ['off', 'shadow', 'suggest', 'live'] as const;

const consequence = scalar({ type: 'string' }, (value) => {
  const read =
    typeof value === 'string' ? readConsequence(value) : { problem: 'expected a consequence, such as warn' };
  return 'problem' in read ? new Wrong(read.problem, read.nearest) : (value as string);
});

const decay = scalar({ anyOf: [{ type: 'string' }, { const: false }] }, (value) => {
  if (value === false) return null;
  const rate = typeof value === 'string' ? parseRate(value) : undefined;
  if (rate === undefined || rate.burst !== undefined)
    return new Wrong('expected points per time such as 1/1d, or false for never');
  return { points: rate.count, perMs: rate.perMs };
});

const weight = scalar({ type: 'number', exclusiveMinimum: 0, maximum: 100 }, (value) =>
  typeof value === 'number' && value > 0 && value <= 100
    ? value
    : new Wrong('expected a number above 0, 100 at most'),
);

const day = scalar({ type: 'string', format: 'date' }, (value) => {
  const text = value instanceof Date ? value.toISOString().slice(0, 10) : value;
  const at = typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? new Wrong('expected a day, such as 2026-01-31') : at;
});

const untilNever = (least: number, most: number) => {
  const read = duration(least, most);
  return scalar({ anyOf: [{ type: 'string' }, { const: false }] }, (value) => {
    if (value === false) return null;
    const result = read.safeParse(value);
    return result.success
      ? result.data
      : new Wrong(`${result.error.issues[0]?.message ?? 'expected a length of time'}, or false for never`);
  });
};

const mode = choice(MODES);

/** Steps are checked where the places of the file are known. */
const ladder = z.record(z.string(), consequence);

const roomRule = {
  mode: mode.optional().meta({ description: 'off, shadow, suggest or live. Without it: new-rules.' }),
  weight: weight.optional().meta({ description: 'Its points are multiplied by this. Without it: 1.' }),
  'at-most': consequence
    .optional()
    .meta({ description: 'Nothing more severe follows from it. Without it: whatever the ladder says.' }),
};

const rule = {
  ...roomRule,
  'trusted-since': day.optional().meta({
    description: 'Appeals against its cases before this day do not count against it any more.',
  }),
};

const room = z.strictObject({
  mode: mode.optional().meta({ description: 'The most that any rule may do here.' }),
  ladder: ladder.optional().meta({ description: 'Instead of moderation.ladder, as a whole.' }),
  decay: decay.optional().meta({ description: 'Instead of moderation.decay.' }),
  rules: z
    .record(z.string(), z.strictObject(roomRule))
    .prefault({})
    .meta({ description: 'What is different for a rule here, by PLUGIN/RULE.' }),
});

/** Used when the config names no steps. */
export const USUAL_LADDER: Readonly<Record<string, string>> = {
  1: 'note',
  3: 'warn',
  6: 'report',
  10: 'remove:1h',
  20: 'remove:1d',
  40: 'remove',
};

const listId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,26}$/, 'expected up to 27 lower-case letters, digits and "-"');

const list = z.strictObject({
  from: text('a file or an https address').meta({
    description: 'A file beside the config, or an https address.',
  }),
  key: scalar({ type: 'string', pattern: '^ed25519:' }, (value) =>
    typeof value === 'string' && isPublicKey(value)
      ? value
      : new Wrong('expected the public key of whoever publishes it: ed25519: and 44 characters'),
  ).meta({ description: 'The public key of whoever publishes it; nothing else is taken.' }),
  'at-most': consequence
    .prefault('warn')
    .meta({ description: 'Nothing more severe follows from it, whatever the ladder says.' }),
  rooms: z.array(roomName()).min(1).optional().meta({ description: 'Without it: every room.' }),
  refresh: duration(10 * MINUTE, 30 * DAY)
    .prefault('6h')
    .meta({ description: 'How often it is read anew.' }),
});

/** `moderation:`. */
export const moderationSchema = z
  .strictObject({
    mode: mode.prefault('live').meta({
      description:
        'The most that any rule may do: off, shadow (decided and written down), suggest (staff are asked) or live.',
    }),
    'new-rules': mode
      .prefault('shadow')
      .meta({ description: 'What rules do that are not named under rules.' }),
    ladder: ladder
      .prefault({ ...USUAL_LADDER })
      .meta({ description: 'What follows from so many points: POINTS: CONSEQUENCE.' }),
    decay: decay.prefault('1/1d').meta({ description: 'Points that are forgiven per time, false: none.' }),
    merge: duration(1_000, HOUR)
      .prefault('1m')
      .meta({ description: 'What somebody does again within this time belongs to the same case.' }),
    caps: z
      .strictObject({
        removals: integer(0, 1_000).prefault(5).meta({ description: 'In an hour; beyond, staff are asked.' }),
        warnings: integer(0, 1_000).prefault(20).meta({ description: 'The same for warnings.' }),
      })
      .prefault({})
      .meta({ description: 'How much rules may do by themselves.' }),
    suggest: duration(MINUTE, 30 * DAY)
      .prefault('12h')
      .meta({ description: 'How long staff have to answer a suggestion.' }),
    propose: untilNever(HOUR, 365 * DAY)
      .prefault('7d')
      .meta({ description: 'After so long in shadow a rule is proposed to go live; false: never.' }),
    overturned: z
      .strictObject({
        count: integer(0, 100).prefault(3).meta({ description: 'Successful appeals; 0: never.' }),
        of: integer(1, 1_000).prefault(20).meta({ description: 'Its last cases that count.' }),
      })
      .prefault({})
      .meta({ description: 'When a rule goes back to shadow by itself.' }),
    keep: duration(DAY, 3650 * DAY)
      .prefault('365d')
      .meta({ description: 'How long cases are kept, after !forgetme too.' }),
    exempt: z
      .strictObject({
        users: z.array(userName()).prefault([]).meta({ description: 'Exact user names.' }),
        roles: z
          .array(choice(ROLES))
          .prefault([])
          .meta({ description: 'Roles, such as trusted or room.member.' }),
      })
      .prefault({})
      .meta({ description: 'Whom nothing ever happens to, besides staff and the owners of rooms.' }),
    staff: z
      .strictObject({
        users: z
          .array(userName())
          .prefault([])
          .meta({ description: 'Staff besides the owners and mods of roles.' }),
        room: roomName()
          .optional()
          .meta({ description: 'Where staff are told and asked. Without it: each in private.' }),
        digest: choice(['none', 'hour', 'day'])
          .prefault('none')
          .meta({ description: 'How reports are collected; questions never wait.' }),
      })
      .prefault({})
      .meta({ description: 'Who is told and asked, and left alone by rules.' }),
    members: z
      .strictObject({
        'invitation-ttl': duration(HOUR, 365 * DAY)
          .prefault('30d')
          .meta({
            description: 'How long somebody who is offline, or accepts no invitations, stays invited.',
          }),
        enforce: choice(['tell', 'remove'])
          .prefault('tell')
          .meta({ description: 'When somebody banned is added again: only tell, or remove them as well.' }),
        snapshots: integer(1, 1_000).prefault(14).meta({
          description:
            'Lists of members that are kept of each room: daily ones, and as many that people ordered.',
        }),
        'daily-snapshot': flag()
          .prefault(true)
          .meta({ description: 'Notes once a day who belongs to each private room, if that has changed.' }),
      })
      .prefault({})
      .meta({ description: 'Membership of private rooms.' }),
    lists: z
      .record(listId, list)
      .prefault({})
      .meta({ description: 'Watch lists of others: each is a rule, core/list-ID.' }),
    rooms: z.record(z.string(), room).prefault({}).meta({ description: 'What is different in a room.' }),
    rules: z
      .record(z.string(), z.strictObject(rule))
      .prefault({})
      .meta({ description: 'Rules by PLUGIN/RULE: the id of the plugin under plugins, and of its rule.' }),
  })
  .prefault({} as never)
  .meta({ description: 'What rules of plugins lead to.' });

/** As the schema reads it. */
export type RawModeration = z.output<typeof moderationSchema>;
