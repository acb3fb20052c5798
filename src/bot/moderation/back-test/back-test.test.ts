import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Verdict } from '../../../plugins/api/rule.ts';
import { Roles } from '../../roles/roles.ts';
import { type BenchRule, bad, ModerationBench, ROLES, readConfig, START } from '../bench.test-support.ts';
import { People } from '../people.ts';
import type { Rule } from '../rules/rule-book.ts';
import { type BackTestReport, backTest, type TestedCase } from './back-test.ts';
import { replay } from './replay.ts';
import { reportText, ruleSentence } from './report-text.ts';

/** Everything that a rule may look at goes into what it says. */
const rules: Readonly<Record<string, BenchRule>> = {
  bad,
  curious: {
    window: { withinMs: 30_000, lines: 5, sameUser: false },
    check: (what, { recent, joins, staff, linesBefore, firstSeen }) => {
      const seen = [
        what.id,
        what.room.private,
        what.room.standing,
        recent.map(({ id, text }) => `${id} ${text}`).join(),
        joins.map(({ user, stats }) => `${user} ${stats.files}`).join(),
        [...staff].sort().join(),
        linesBefore,
        firstSeen ?? 'new',
      ].join('|');
      return what.kind === 'line' && what.text.length % 2 === 1 ? { points: 1, reason: seen } : undefined;
    },
  },
  own: {
    window: { withinMs: 3_600_000, lines: 500, sameUser: true },
    exempt: ['room.member'],
    check: (_what, { recent }) =>
      recent.length > 2 ? { points: 2, reason: `${recent.length} of their own` } : undefined,
  },
  comes: {
    on: 'join',
    window: { withinMs: 60_000, lines: 3, sameUser: false },
    check: (what, { joins, firstSeen }) =>
      what.kind === 'join' && joins.length > 0
        ? {
            points: 1,
            reason: `${what.country} ${what.stats.files} after ${joins.length}, ${firstSeen ?? 'new'}`,
          }
        : undefined,
  },
};

const moderation = {
  'new-rules': 'live',
  rules: { 'police/bad': { weight: 1.5 }, 'police/comes': { mode: 'shadow' } },
  ladder: { 1: 'warn', 4: 'remove:1h', 9: 'remove' },
  merge: '5s',
  caps: { removals: 1_000, warnings: 1_000 },
};

const step = fc.record({
  room: fc.constantFrom('indie', 'den', 'mine'),
  user: fc.constantFrom('al', 'bob', 'meg', 'otto', 'new', 'al2', 'bot'),
  what: fc.constantFrom('line', 'line', 'line', 'line', 'join', 'lose', 'enter', 'burst'),
  text: fc.oneof(fc.constantFrom('bad 2', 'bad 6', 'odd', 'even'), fc.string({ maxLength: 6 })),
  wait: fc.constantFrom(0, 0, 1, 500, 7_000, 100_000, 4_000_000),
});

async function* entriesOf(t: ModerationBench) {
  yield* t.store.journal.each({});
}

it('gives the verdicts of the live run, and its cases, from the journal alone; after a restart too', async () => {
  let verdicts = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), fc.nat(60), async (steps, restart) => {
      const heard: string[] = [];
      const listening = Object.fromEntries(
        Object.entries(rules).map(([id, rule]): [string, BenchRule] => [
          id,
          {
            ...rule,
            check: async (what, context) => {
              const verdict = await rule.check(what, context);
              if (verdict !== undefined) heard.push(text(id, what.id, what.user, verdict));
              return verdict;
            },
          },
        ]),
      );
      let t = await ModerationBench.start({ moderation, rules: listening });
      for (const [index, { room, user, what, text: words, wait }] of steps.entries()) {
        await t.clock.advance(wait);
        if (index === restart) t = await t.restart({ moderation, rules: listening });
        if (what === 'join') await t.join(room, user, index);
        else if (what === 'lose') t.loseMember(room, user === 'bot' ? 'al' : user);
        else if (what === 'enter') t.enter(t.rooms.get(room)!);
        else if (what === 'burst')
          for (let line = 0; line < 40; line++) await t.line(room, user, `${words}${line}`);
        else await t.say(room, user, words);
      }
      await t.idle();
      const live = (await t.store.cases.list({ limit: 500 }))
        .toReversed()
        .filter(({ actor }) => actor === 'rule');
      const config = {
        roles: ROLES,
        moderation: readConfig(moderation, ['indie', 'den', 'mine']),
      };
      const offline = Object.entries(rules).map(
        ([id, { check, ...spec }]): Rule => ({
          name: `police/${id}`,
          spec: { id, summary: id, version: '1', on: 'line', exempt: [], ...spec },
          check: async (what, context) => check(what, context),
        }),
      );
      const again: string[] = [];
      const roles = new Roles(ROLES);
      const people = new People({ self: 'bot', ...config, rolesOf: (user) => roles.rolesOf(user) });
      const options = { self: 'bot', rules: offline, people, since: 0 };
      for await (const { of, protection, verdicts: said } of replay(entriesOf(t), options))
        for (const { rule, verdict } of said)
          if (verdict !== undefined && protection === undefined)
            again.push(text(rule.spec.id, of.what.id, of.what.user, verdict));
      const cases: TestedCase[] = [];
      await backTest({
        self: 'bot',
        config,
        entries: entriesOf(t),
        rules: offline,
        actions: { get: () => undefined },
        since: 0,
        onCase: (of) => cases.push(of),
      });
      verdicts += heard.length;
      expect(again.sort()).toEqual(heard.sort());
      const short = (of: {
        room: string;
        user: string;
        at: number;
        total: number;
        wanted: string;
        consequence: string;
      }) => [of.room, of.user, of.at, of.total, of.wanted, of.consequence].join(' ');
      expect(cases.map((of) => `${short(of)} ${of.objection.rule} ${of.objection.reason}`).sort()).toEqual(
        live.map((of) => `${short(of)} ${of.rule} ${of.reason}`).sort(),
      );
      await t.stop();
    }),
    { numRuns: 30 },
  );
  expect(verdicts).toBeGreaterThan(300);
}, 60_000);

function text(rule: string, id: string, user: string, { points, reason }: Verdict): string {
  return `${rule} ${id} ${user} ${points} ${reason}`;
}

it('reports how often, on whom, and how many of them are staff, with the lines', async () => {
  const t = await ModerationBench.start({ rules: { bad } });
  for (const [user, text] of [
    ['al', 'bad 2'],
    ['meg', 'bad 9'],
    ['bob', 'bad 20'],
    ['tom', 'bad 1'],
    ['bob', 'hello'],
  ] as const) {
    await t.say('den', user, text);
    await t.clock.advance(120_000);
  }
  await t.say('den', 'bob', 'bad 30');
  const report: BackTestReport = await backTest({
    self: 'bot',
    config: {
      roles: ROLES,
      moderation: readConfig({ exempt: { users: ['tom'] }, mode: 'off' }),
    },
    entries: entriesOf(t),
    rules: [
      {
        name: 'police/bad',
        spec: { id: 'bad', summary: 'Says bad', version: '3', on: 'line', exempt: [] },
        check: async (what, context) => bad.check(what, context),
      },
      {
        name: 'police/broken',
        spec: { id: 'broken', summary: 'Breaks', version: '1', on: 'line', exempt: [], rooms: ['den'] },
        check: () => Promise.reject(new Error('oh no')),
      },
    ],
    actions: { get: () => undefined },
    since: START + 100_000,
  });
  expect(report).toMatchObject({ judged: 5, passedOver: 0 });
  const [found, broken] = report.rules;
  expect(found).toMatchObject({
    objections: 2,
    cases: 2,
    people: [{ user: 'bob', cases: 2 }],
    staff: 1,
    exempt: 1,
    consequences: { 'remove:1d': 1, remove: 1 },
  });
  expect(ruleSentence(found!)).toBe(
    'police/bad would have made 2 cases of 1 person, objected once to staff, to whom nothing happens, once to people who are exempt',
  );
  expect(broken).toMatchObject({ failures: 5, error: 'oh no', cases: 0 });
  expect(reportText(report).join('\n')).toContain('2026-01-01 00:02 UTC den <meg, staff> bad 9 — 9: bad 9');
  await t.stop();
});
