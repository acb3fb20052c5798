import { type Infer, s } from '../../api/index.ts';
import { problemsOf } from './config-problems.ts';
import { addressesSettings } from './rules/addresses.ts';
import { asciiArtSettings } from './rules/ascii-art.ts';
import { capsSettings } from './rules/caps.ts';
import { countriesSettings } from './rules/countries.ts';
import { floodSettings } from './rules/flood.ts';
import { joinWavesSettings } from './rules/join-waves.ts';
import { linksSettings } from './rules/links.ts';
import { longLinesSettings } from './rules/long-lines.ts';
import { mentionsSettings } from './rules/mentions.ts';
import { namesSettings } from './rules/names.ts';
import { newcomersSettings } from './rules/newcomers.ts';
import { patternsSettings } from './rules/patterns.ts';
import { repeatsSettings } from './rules/repeats.ts';
import { sharesSettings } from './rules/shares.ts';
import { staffLookAlikesSettings } from './rules/staff-look-alikes.ts';
import { wordsSettings } from './rules/words.ts';

const userNames = s.array(s.string({ min: 1, max: 30 }));
const line = s.string({ min: 1, max: 500 });

const gate = s.object({
  questions: s.array(line, { max: 5 }).default([]).describe('What applicants are asked.'),
  captcha: s.boolean().default(true).describe('Whether they write a word backwards first.'),
  shares: s
    .object({ files: s.int({ min: 0 }).default(1), folders: s.int({ min: 0 }).default(0) })
    .optional()
    .describe('What they have to share; their own list is read.'),
  vouchers: s.int({ min: 0, max: 10 }).default(0).describe('So many members have to vouch for them.'),
  admit: s
    .oneOf('staff', 'auto')
    .default('staff')
    .describe('Who lets them in: staff by !approve, or the bot once everything is there.'),
  waiting: s.int({ min: 1, max: 500 }).default(50).describe('So many may wait at a time.'),
  again: s.duration({ max: '365d' }).default('30d').describe('How long after a refusal one may apply again.'),
});

const plain = s.object({
  operators: s
    .boolean()
    .default(true)
    .describe('Owners and operators of a private room may moderate it; counts for all rooms.'),
  rules: s
    .object({
      flood: floodSettings.default({}),
      repeats: repeatsSettings.default({}),
      caps: capsSettings.default({}),
      asciiArt: asciiArtSettings.default({}),
      longLines: longLinesSettings.default({}),
      mentions: mentionsSettings.default({}),
      newcomers: newcomersSettings.default({}),
      staffLookAlikes: staffLookAlikesSettings.default({}),
      joinWaves: joinWavesSettings.default({}),
      words: wordsSettings.optional(),
      patterns: patternsSettings.optional(),
      links: linksSettings.optional(),
      names: namesSettings.optional(),
      shares: sharesSettings.optional(),
      countries: countriesSettings.optional(),
      addresses: addressesSettings.optional(),
    })
    .default({})
    .describe('Rules and their thresholds. What follows from them is in moderation: of config.yaml.'),
  houseRules: s.array(line, { max: 10 }).default([]).describe('What !rules answers with.'),
  wall: s.string({ min: 1, max: 200 }).optional().describe("The bot's line on the room's wall."),
  welcome: s
    .object({
      text: line.describe('{user}, {room} and {rules} are filled in.'),
      in: s.oneOf('private', 'room').default('private').describe('Where it is said.'),
      again: s
        .duration({ min: '1h' })
        .optional()
        .describe('How long before the same person is welcomed again. Without it: never.'),
    })
    .optional()
    .describe('Said to everybody once.'),
  staff: s
    .object({
      room: s.string({ min: 1 }).optional().describe('A room of staff.'),
      users: userNames.default([]).describe('In private.'),
      channels: s
        .array(s.string({ min: 1 }))
        .default([])
        .describe('Of notify.channels.'),
      digest: s
        .array(s.string({ min: 1 }))
        .default([])
        .describe('Times of day at which staff are told what happened since the last one: ["08:00"].'),
    })
    .optional()
    .describe('Who is told of applicants, and gets the digest. Counts for all rooms.'),
  gate: gate.optional().describe('How people get into a private room: by writing "join ROOM" to the bot.'),
});

/** The plugin's config in a room. */
export type Config = Infer<typeof plain>;
export type GateConfig = NonNullable<Config['gate']>;

/** The schema, with what no single key can tell. */
export const config: typeof plain = Object.freeze({
  ...plain,
  '~standard': {
    ...plain['~standard'],
    validate: (value: unknown) => {
      const read = plain['~standard'].validate(value);
      if (read instanceof Promise || read.issues !== undefined) return read;
      const issues = problemsOf(read.value);
      return issues.length > 0 ? { issues } : read;
    },
  },
});
