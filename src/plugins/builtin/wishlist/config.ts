import { type Infer, type Role, s } from '../../api/index.ts';

const role = s.oneOf('owner', 'mod', 'trusted', 'room.owner', 'room.operator', 'room.member');
const roles = (...usual: readonly Role[]) => s.array(role).default([...usual]);

const slskd = s
  .object({
    url: s
      .string({ min: 1 })
      .describe('Of slskd itself, such as http://nas.lan:5030; its host goes under private-hosts too.'),
    apiKey: s.string({ min: 1 }).describe('By reference: { env: NAME } or { file: PATH }.'),
    mode: s
      .oneOf('approve', 'rule', 'off')
      .default('approve')
      .describe('approve: when somebody says so. rule: by itself too, what "rule" lets through.'),
    allow: roles('mod').describe('Who may have something downloaded. The owner always may.'),
    rule: s
      .object({
        minScore: s.number({ min: 0, max: 100 }).default(70),
        kinds: s.array(s.oneOf('new', 'source', 'better', 'again')).default(['new']),
        maxMegabytes: s.int({ min: 1 }).default(500).describe('A file that is larger waits for approval.'),
        perDay: s.int({ min: 1, max: 1000 }).default(20).describe('Downloads a day, all wishes together.'),
      })
      .default({}),
    atOnce: s.int({ min: 1, max: 50 }).default(3).describe('Downloads that are under way; more wait.'),
    patience: s
      .duration({ min: '10m' })
      .default('1d')
      .describe("How long one may wait in somebody's queue while somebody else has it too."),
  })
  .describe('Hand what is found over to slskd. It must have a Soulseek account of its own.');

/** What the built-in wishlist takes in config.yaml. */
export const baseConfig = s.object({
  allow: roles('trusted', 'mod').describe('Who may wish. Empty: everybody.'),
  rooms: s
    .array(s.string())
    .default([])
    .describe('Rooms in which the command works besides private messages.'),
  quota: s
    .object({
      owner: s.int({ min: 0 }).default(500),
      mod: s.int({ min: 0 }).default(100),
      trusted: s.int({ min: 0 }).default(20),
      everyone: s.int({ min: 0 }).default(5),
    })
    .default({})
    .describe('Wishes that one person may have, those that are done or expired too.'),
  wishes: s
    .array(s.string())
    .default([])
    .describe('Wishes, each as it is typed behind "wish add": rare ep id=ep class=lossless to=phone.'),
  to: s
    .array(s.string())
    .default([])
    .describe('Who hears of wishes that name nobody: pm:USER, room:ROOM, or a channel of notify.channels.'),
  channels: s
    .array(s.string())
    .default([])
    .describe('Channels of notify.channels that people may choose with to=; mods may choose any.'),
  announce: s
    .array(s.string())
    .default([])
    .describe('Rooms in which finds may be announced, with to=room:ROOM.'),
  digest: s.oneOf('none', 'hour', 'day').default('none').describe('For wishes that do not say.'),
  lines: s.int({ min: 1, max: 20 }).default(5).describe('Finds that one message shows.'),
  title: s
    .string({ max: 200 })
    .optional()
    .describe('Instead of the usual first line. {id} {query} {count} {user}'),
  line: s
    .string({ max: 500 })
    .optional()
    .describe(
      'Instead of the usual line of a find. {number} {kind} {name} {path} {folder} {user} {size} {quality} {score} {late}',
    ),
  boostEvery: s
    .duration()
    .default('6h')
    .describe('How often one person may boost; mods as often as they like.'),
  slskd: slskd.optional(),
});

export type WishlistConfig = Infer<typeof baseConfig>;
export type SlskdConfig = NonNullable<WishlistConfig['slskd']>;
