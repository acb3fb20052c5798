import { describe, expect, it } from 'vitest';
import type { ModelWish } from './catalogue.ts';
import { judge } from './oracle.ts';
import {
  type Announcement,
  type Reach,
  type Sighting,
  type SimulationRecord,
  sightingKey,
  type Turn,
} from './record.ts';
import { trace } from './trace.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const wish = (id: string, sources = true): ModelWish => ({
  id,
  key: id,
  options: { id, query: id },
  registered: true,
  sources,
  better: false,
  folderFiles: 1,
  wants: () => true,
});
const WISHES = [wish('ep'), wish('lp', false)];

const turn = (at: number, name: string): Turn => ({ at, wish: name, query: name, interval: 720 });
const TURNS = [turn(HOUR, 'ep'), turn(2 * HOUR, 'lp'), turn(3 * HOUR, 'ep'), turn(4 * HOUR, 'lp')];

const reachOf = (of: Turn): Reach => ({ turn: of, at: of.at + 50, answersAt: of.at + 2000, folderFiles: 1 });
const sighting = (name: string, user: string, file: string, size = 7): Sighting => ({
  wish: name,
  user,
  path: `music\\${file}`,
  size,
  content: `${file} ${size}`,
  reaches: TURNS.filter((each) => each.wish === name).map(reachOf),
});
const SIGHTINGS = [
  sighting('ep', 'ann', 'one.flac'),
  sighting('ep', 'ben', 'one.flac'),
  sighting('ep', 'ben', 'two.flac'),
  sighting('lp', 'ann', 'three.flac'),
  sighting('lp', 'ben', 'three.flac'),
];

const told = (index: number, number: number, kind: Announcement['kind'], id: string): Announcement => {
  const { wish: name, user, path, size, reaches } = SIGHTINGS[index]!;
  const foundAt = reaches[0]!.answersAt + 200;
  return { id, wish: name, number, kind, user, path, size, late: false, foundAt, toldAt: foundAt + 15_000 };
};

/** A run in which all went well. */
const SOUND: SimulationRecord = {
  durationMs: DAY,
  turns: TURNS,
  sightings: new Map(SIGHTINGS.map((each) => [sightingKey(each.wish, each.user, each.path), each])),
  announcements: [
    told(0, 1, 'new', 'a'),
    told(1, 2, 'source', 'a'),
    told(2, 3, 'new', 'a'),
    told(3, 1, 'new', 'b'),
  ],
  tellings: [
    { id: 'a', wish: 'ep', at: HOUR + 17_200, redelivered: false, finds: '1\n2\n3' },
    { id: 'b', wish: 'lp', at: 2 * HOUR + 17_200, redelivered: false, finds: '1' },
  ],
  stays: new Map(['ann', 'ben'].map((user) => [user, [{ from: 0, to: DAY }]])),
  sessions: [{ from: 0, to: DAY }],
  processes: [{ from: 0, to: DAY }],
  troubles: [],
  cuts: [],
  incidents: [],
};

const problemsOf = (changes: Partial<SimulationRecord>): readonly string[] =>
  judge({ ...SOUND, ...changes }, WISHES).problems.map(({ text }) => text);
const [first, second, third, fourth] = SOUND.announcements as readonly [
  Announcement,
  Announcement,
  Announcement,
  Announcement,
];

describe('the oracle', () => {
  it('has nothing to say of a sound run', () => {
    expect(judge(SOUND, WISHES)).toEqual({ problems: [], seen: 5, due: 4, atOnce: 4 });
  });

  it.each<readonly [string, Partial<SimulationRecord>, RegExp]>([
    [
      'a find that was dropped',
      { announcements: [first, second, fourth] },
      /ep: music\\two.flac of ben was never announced, and 2 turns found it/,
    ],
    [
      'a find that was announced twice',
      { announcements: [...SOUND.announcements, { ...third, id: 'c', number: 4, kind: 'source' }] },
      /two.flac of ben was announced 2 times: day 0 01:00:17 in a, day 0 01:00:17 in c/,
    ],
    [
      'a content announced twice to somebody who wants no other sources',
      { announcements: [...SOUND.announcements, told(4, 2, 'source', 'b')] },
      /lp: music\\three.flac of ann was announced from 2 people/,
    ],
    [
      'nothing at all of a content, wherever it is',
      { announcements: [first, second, third] },
      /lp: music\\three.flac of ann was never announced/,
    ],
    [
      'what never matched',
      { announcements: [...SOUND.announcements, { ...third, number: 4, path: 'music\\two.mp3' }] },
      /two.mp3 of ben was announced and never matched/,
    ],
    [
      'what nobody had said yet',
      { announcements: [{ ...first, toldAt: HOUR }, second, third, fourth] },
      /one.flac of ann was announced before its owner answered/,
    ],
    [
      'a source called new',
      { announcements: [first, { ...second, kind: 'new' }, third, fourth] },
      /ep #2 .* is "new" instead of "source"/,
    ],
    [
      'what is better without being so',
      { announcements: [first, { ...second, kind: 'better' }, third, fourth] },
      /ep #2 .* is "better" instead of "source"/,
    ],
    [
      'a number used twice',
      { announcements: [first, { ...second, number: 1 }, third, fourth] },
      /ep #1 stands for music\\one.flac/,
    ],
    [
      'two searches in one interval',
      { turns: [...TURNS.slice(0, 1), turn(HOUR + 300_000, 'lp'), ...TURNS.slice(1)] },
      /two wish searches within 300.0 s of 720 s, "ep" and "lp"/,
    ],
    [
      'more searches from a line that was cut than can have gone into it',
      {
        turns: [TURNS[0]!, turn(HOUR + 1_000_000, 'ep'), turn(HOUR + 1_000_000, 'lp'), ...TURNS.slice(1)],
        cuts: [{ from: HOUR + 500_000, to: HOUR + 1_001_000 }],
      },
      /two wish searches within 0.0 s of 720 s, "ep" and "lp"/,
    ],
    [
      'a search while none is allowed',
      { turns: [...TURNS.slice(0, 3), { ...TURNS[3]!, interval: 0 }] },
      /a search for "lp" while the server allows none/,
    ],
    [
      'a wish that never had a turn',
      { turns: TURNS.filter((each) => each.wish === 'lp') },
      /ep was never searched for/,
    ],
    [
      'a search that nobody wished for',
      { turns: [...TURNS, { ...turn(5 * HOUR, 'x'), wish: undefined }] },
      /a search for "x", which nobody wished for/,
    ],
    [
      'what is called late without a reason',
      { announcements: [first, second, third, { ...fourth, late: true }] },
      /lp #1 .* is late, and the bot was always there/,
    ],
    [
      'what was told long after it was found and is not called late',
      { announcements: [first, second, third, { ...fourth, toldAt: fourth.foundAt + 180_000 }] },
      /lp #1 .* was found day 0 02:00:02, told day 0 02:03:02, and is not late/,
    ],
    [
      'what was due while the bot was away and is not called late',
      {
        sessions: [
          { from: 0, to: HOUR + 20 * 60_000 },
          { from: 2 * HOUR - 60_000, to: DAY },
        ],
        announcements: [
          first,
          second,
          { ...third, foundAt: 3 * HOUR + 2200, toldAt: 3 * HOUR + 17_000 },
          fourth,
        ],
      },
      /ep #3 .* its turn was due at day 0 01:30:00, when the bot was away/,
    ],
    [
      'finds that were told again and are others',
      {
        tellings: [
          ...SOUND.tellings,
          { ...SOUND.tellings[0]!, at: 5 * HOUR, redelivered: true, finds: '1\n2' },
        ],
      },
      /finds a were told again at day 0 05:00:00, and are not the same/,
    ],
    [
      'finds that were told again as if for the first time',
      { tellings: [...SOUND.tellings, { ...SOUND.tellings[0]!, at: 5 * HOUR }] },
      /finds a were told again at day 0 05:00:00 as if for the first time/,
    ],
    [
      'finds that the plugin did not take',
      { tellings: [...SOUND.tellings, { ...SOUND.tellings[0]!, id: 'c', at: 5 * HOUR }] },
      /finds c were told at day 0 05:00:00; the plugin did not take them/,
    ],
  ])('notices %s', (_, changes, expected) => {
    const problems = problemsOf(changes);
    expect(problems.filter((text) => expected.test(text))).toHaveLength(1);
  });

  it('knows that searches wait in a line that is cut', () => {
    const turns = [TURNS[0]!, turn(HOUR + 1_500_000, 'lp'), turn(HOUR + 1_500_000, 'ep'), ...TURNS.slice(1)];
    expect(problemsOf({ turns, cuts: [{ from: HOUR + 500_000, to: HOUR + 1_501_000 }] })).toEqual([]);
  });

  it('asks for no file that only one turn found, or nobody listened to', () => {
    const announcements = [first, second, fourth];
    const onlyOnce = new Map(SOUND.sightings);
    const key = sightingKey('ep', 'ben', 'music\\two.flac');
    onlyOnce.set(key, { ...onlyOnce.get(key)!, reaches: [reachOf(TURNS[0]!)] });
    expect(problemsOf({ announcements, sightings: onlyOnce })).toEqual([]);
    const gone = new Map([...SOUND.stays, ['ben', [{ from: 0, to: HOUR + 4000 }]] as const]);
    expect(problemsOf({ announcements, stays: gone })).toEqual([]);
    const split = [
      { from: 0, to: HOUR + 20_000 },
      { from: HOUR + 21_000, to: DAY },
    ];
    expect(problemsOf({ announcements: [fourth], sessions: split, tellings: [] })).toEqual([]);
    expect(problemsOf({ announcements: [fourth], processes: split, tellings: [] })).toEqual([]);
    const troubles = [{ from: HOUR, to: HOUR + 1000 }];
    expect(problemsOf({ announcements: [fourth], troubles, tellings: [] })).toEqual([]);
  });

  it('tells what happened around a problem', () => {
    const record = { ...SOUND, announcements: [first, second, fourth] };
    const [problem] = judge(record, WISHES).problems;
    expect(trace(record, problem!)).toEqual([
      'day 0 00:00:00  the bot starts',
      'day 0 00:00:00  the bot is logged in',
      'day 0 00:00:00  ben comes',
      'day 0 01:00:00  turn "ep" (interval 720 s)',
      'day 0 01:00:00  a search finds it, the answer goes out at day 0 01:00:02',
      'day 0 01:00:17  the plugin is told a',
      'day 0 03:00:00  turn "ep" (interval 720 s)',
      'day 0 03:00:00  a search finds it, the answer goes out at day 0 03:00:02',
      'day 1 00:00:00  the bot ends',
      'day 1 00:00:00  the bot is logged out',
      'day 1 00:00:00  ben goes',
    ]);
  });
});
