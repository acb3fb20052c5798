import { DAY, HOUR, MINUTE, SECOND, type Story } from './story.ts';

/** The names of the world. */
export const PUBLIC = 'indie';
export const PRIVATE = 'den';
export const OWNER = 'olga';
export const STAFF = ['meg', 'marlowe'] as const;
/** An operator of the private room, who goes rogue one day. */
export const ROGUE = 'roland';
export const REGULARS = Array.from({ length: 20 }, (_, i) => `regular${String.fromCharCode(97 + i)}`);
/** Accounts whose names begin so were made for a day and share nothing. */
export const THROWAWAY = 'promo';
export const BANNED_WORD = 'scumbucket';

const BANDS = ['Paper Lighthouse', 'The Quiet Tram', 'Velvet Ballast', 'Slow Meridian', 'Tin Orchard'];
const TALK = [
  'anyone here into {band}?',
  'just found an old {band} live set, all rain and tape hiss',
  'does somebody have the first {band} record in flac?',
  'never heard of them, I will have a look',
  'the early ones are better if you ask me',
  'saw them once in a tiny cellar',
  'careful, half of the files out there are mislabelled',
  'what do I play after {band}?',
  'lol',
  'yes',
  'no idea, sorry',
  'thanks!',
  'good morning',
  'NP: {band} - Live in Bergen (1998) [FLAC]',
  'who uploaded that? it is GREAT',
  'brb',
  'see https://example.org/{slug} for the tracklist',
];

/** Ordinary talk of the regulars, day and evening, in both rooms. */
export function smallTalk(story: Story, days: number): void {
  for (const user of REGULARS) {
    story.act(story.between(0, 10 * MINUTE), user, { do: 'join', room: PUBLIC });
    story.act(story.between(0, 10 * MINUTE), user, { do: 'join', room: PRIVATE });
  }
  for (let day = 0; day < days; day++) {
    for (const user of REGULARS) {
      const lines = Math.floor(story.between(2, 9));
      for (let i = 0; i < lines; i++) {
        const at = day * DAY + story.between(8 * HOUR, 23 * HOUR);
        const band = story.pick(BANDS);
        const text = story
          .pick(TALK)
          .replace('{band}', band)
          .replace('{slug}', band.toLowerCase().replace(/ /g, '-'));
        story.say(at, user, story.pick([PUBLIC, PUBLIC, PRIVATE]), text);
      }
    }
  }
}

/** Writes one sentence as five short lines, quickly, several times a day: no flood. */
export function fastTypist(story: Story, days: number): void {
  const user = 'speedy';
  story.innocent.add(user);
  story.act(MINUTE, user, { do: 'join', room: PUBLIC });
  story.act(MINUTE, user, { do: 'join', room: PRIVATE });
  const sentences = [
    ['ok so', 'i was listening to it', 'all night', 'and honestly', 'it grew on me'],
    ['wait', 'which one', 'the live one?', 'or the other', 'lol'],
    ['haha', 'yes', 'exactly that', 'you know', 'what i mean'],
  ];
  for (let day = 0; day < days; day++) {
    for (let burst = 0; burst < 4; burst++) {
      let at = day * DAY + story.between(9 * HOUR, 22 * HOUR);
      const room = story.pick([PUBLIC, PRIVATE]);
      for (const text of story.pick(sentences)) {
        story.say(at, user, room, text);
        at += story.between(1.4 * SECOND, 3 * SECOND);
      }
    }
  }
}

/** Two people who disagree, at length and loudly, without anything that a rule is against. */
export function argument(story: Story, day: number): void {
  const words = [
    'no, that is simply wrong',
    'you have not even heard the record',
    'I HAVE, twice',
    'then you were not listening',
    'oh please',
    'that is what you said about the last one too',
    'and I was RIGHT about the last one',
    'nobody agrees with you on this',
    'seriously?',
    'the drums are terrible and you know it',
    'the drums are the best part!!',
    'we will never agree',
    'fine',
    'fine.',
  ];
  const [ann, ben] = ['arguann', 'arguben'];
  for (const user of [ann, ben]) {
    story.innocent.add(user);
    story.act(day * DAY, user, { do: 'join', room: PUBLIC });
  }
  let at = day * DAY + 20 * HOUR;
  for (let i = 0; i < 50; i++) {
    story.say(
      at,
      i % 2 === 0 ? ann : ben,
      PUBLIC,
      `${words[i % words.length]!}${i % 3 === 0 ? '' : ` (${story.pick(BANDS)})`}`,
    );
    at += story.between(4 * SECOND, 15 * SECOND);
  }
}

/** Accounts that come one after the other, say the same thing again and again, and go. */
export function repeatWave(story: Story, day: number, count: number): void {
  for (const { user, start } of newcomers(story, day * DAY + 15 * HOUR, count, 4 * MINUTE)) {
    for (let line = 0; line < 6; line++)
      story.say(
        start + (line + 1) * 6 * SECOND,
        user,
        PUBLIC,
        `Join my great new room everybody${'!'.repeat(line % 3)}`,
      );
    story.blame('repeats', PUBLIC, user);
  }
}

/** Accounts that each praise the same site, in words of their own. */
export function linkWave(story: Story, day: number, count: number): void {
  const praise = ['look what I found:', 'this helped me a lot', 'cheap and fast', 'you must see this'];
  for (const { user, start } of newcomers(story, day * DAY + 16 * HOUR, count, 5 * MINUTE)) {
    story.say(start + 8 * SECOND, user, PUBLIC, `${story.pick(praise)} http://cheap-followers.biz/${user}`);
    story.blame('links', PUBLIC, user);
  }
}

/** New accounts, all at once, that say nothing yet. */
export function crowd(story: Story, day: number, count: number): void {
  for (const { user } of newcomers(story, day * DAY + 19 * HOUR, count, 2 * SECOND))
    story.blame('join-waves', PUBLIC, user);
}

/** New accounts with names like those of staff, some time apart. */
export function lookAlikes(story: Story, day: number): void {
  const names = [
    'Meg',
    'rneg',
    'm_e_g',
    'mar1owe',
    'marIowe',
    'rnarlowe',
    'mar_lowe',
    'MEG',
    'Marl0we',
    'marlovve',
  ];
  names.forEach((user, index) => {
    const at = day * DAY + 12 * HOUR + index * 20 * MINUTE;
    story.act(at, user, { do: 'join', room: PUBLIC });
    story.say(
      at + 40 * SECOND,
      user,
      PUBLIC,
      story.pick(['hi all, I am the admin here', 'send me your password please', 'rules have changed']),
    );
    story.blame('staff-look-alikes', PUBLIC, user);
    story.act(at + 2 * HOUR, user, { do: 'logout' });
  });
}

/** @param gap about so long between one and the next, in milliseconds */
function newcomers(story: Story, first: number, count: number, gap: number) {
  return Array.from({ length: count }, (_, i) => {
    const user = `${THROWAWAY}${story.random.u32().toString(36).slice(0, 6)}`;
    const start = first + i * gap * story.between(0.8, 1);
    story.act(start, user, { do: 'join', room: PUBLIC });
    story.act(start + HOUR, user, { do: 'logout' });
    return { user, start };
  });
}

/** A member of the private room who misbehaves in every way that a rule names, one way after the other. */
export function troublemakers(story: Story, day: number): void {
  const enter = (user: string, hour: number) => {
    const at = day * DAY + hour * HOUR;
    story.act(at, user, { do: 'join', room: PRIVATE });
    return at + MINUTE;
  };
  const each = (user: string, hour: number, rule: string, gap: number, texts: readonly string[]) => {
    let at = enter(user, hour);
    for (const text of texts) {
      story.say(at, user, PRIVATE, text);
      at += gap;
    }
    story.blame(rule, PRIVATE, user);
  };
  each(
    'flooder',
    10,
    'flood',
    300,
    Array.from(
      { length: 25 },
      (_, i) => `line number ${i} of a very long story that nobody asked for, ${story.pick(BANDS)}`,
    ),
  );
  each(
    'shouter',
    11,
    'caps',
    20 * SECOND,
    Array.from(
      { length: 6 },
      (_, i) => `WHY DOES NOBODY EVER LISTEN TO WHAT I AM SAYING HERE ${'ABCDEF'[i]}`,
    ),
  );
  each('painter', 12, 'ascii-art', 5 * SECOND, [
    '/\\/\\/\\/\\____/\\/\\/\\___|||||====\\\\',
    '||||    ####   ||||  #### ____ ////',
    '\\\\\\\\____////====||||~~~~****++++',
  ]);
  each(
    'poet',
    13,
    'long-lines',
    30 * SECOND,
    Array.from({ length: 3 }, () =>
      'and then another thing happened which I must tell you about in full '.repeat(14),
    ),
  );
  each(
    'pinger',
    14,
    'mentions',
    10 * SECOND,
    Array.from(
      { length: 3 },
      () =>
        `${REGULARS.slice(0, 12)
          .map((name) => `@${name}`)
          .join(' ')} look at this`,
    ),
  );
  each('swearer', 15, 'words', 30 * SECOND, [
    `you absolute ${BANNED_WORD}`,
    BANNED_WORD.replace('u', 'ü').toUpperCase(),
    's c u m b u c k e t',
  ]);
}

/** Staff and operators who do what rules are against: nothing may come of it. */
export function loudStaff(story: Story, day: number): void {
  [OWNER, ROGUE, ...STAFF].forEach((user, index) => {
    for (const room of [PUBLIC, PRIVATE]) {
      // In the public room an operator of the private one is a person like others.
      if (user === ROGUE && room === PUBLIC) continue;
      const at = day * DAY + (9 + index) * HOUR + (room === PUBLIC ? 0 : 20 * MINUTE);
      story.act(at, user, { do: 'join', room });
      for (let line = 0; line < 12; line++)
        story.say(
          at + MINUTE + line * 400,
          user,
          room,
          `${BANNED_WORD.toUpperCase()}! NOW LISTEN TO ME, ALL OF YOU`,
        );
    }
  });
}

/** Members whom the rogue removes. */
export const ROBBED = REGULARS.slice(0, 8);

/** An operator who removes members one after the other, and brings somebody back who is banned. */
export function rogueOperator(story: Story, day: number, banned: string): void {
  const start = day * DAY + 21 * HOUR;
  ROBBED.forEach((user, index) => {
    story.act(start + index * 5 * SECOND, ROGUE, { do: 'remove', room: PRIVATE, user });
  });
  story.act(start + MINUTE, ROGUE, { do: 'add', room: PRIVATE, user: banned });
}
