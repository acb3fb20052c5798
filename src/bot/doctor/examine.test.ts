import { describe, expect, it } from 'vitest';
import { examine } from './examine.ts';
import { HOUR, NOW, plugin, well, withStatus } from './facts.test-support.ts';
import { countDecisions, type DoctorFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import type { RecentSearch } from './recent-searches.ts';

const { peers, tree, governor } = well.status;
const online = (ms: number) =>
  ({ name: 'online', since: NOW - ms, greeting: '', ip: '192.0.2.1', supporter: false }) as const;
const search = (more: Partial<RecentSearch>): RecentSearch => ({
  plugin: 'wishes',
  at: NOW,
  scope: 'network',
  reason: 'timeout',
  hits: 0,
  users: 0,
  leftOut: 0,
  ...more,
});
const child = {
  user: 'x',
  verified: true,
  since: NOW,
  messages: 1,
  bytes: 1,
  messagesPerSecond: 1,
  queuedBytes: 0,
};
const parentless = { role: 'none' as const, candidates: [] };
const candidate = (connected: boolean) => ({ user: 'x', connected });

it('finds nothing in a bot that is well, and looks at everything', () => {
  const findings = examine(well);
  expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(findings.map(({ about }) => about)).toEqual([
    'session',
    'rooms',
    'ports',
    'parent',
    'children',
    'searches',
    'inbox',
    'outbox',
    'governor',
    'plugins',
    'jobs',
    'notices',
    'decisions',
    'process',
  ]);
});

const offline = withStatus({ session: { name: 'offline', reason: 'timeout', retryAt: NOW + 5_000 } });

const CASES: readonly [string, Finding['level'], string, RegExp, RegExp | undefined, DoctorFacts][] = [
  ['offline', 'problem', 'session', /timeout, next try in 5 s/, /retry/, offline],
  [
    'connecting',
    'warning',
    'session',
    /attempt 3/,
    /wait/,
    withStatus({ session: { name: 'connecting', attempt: 3 } }),
  ],
  [
    'banned',
    'problem',
    'session',
    /banned.*30 min left/,
    /by itself/,
    withStatus({ session: { name: 'banned', until: NOW + HOUR / 2, evidence: 'notice', text: '' } }),
  ],
  [
    'replaced',
    'problem',
    'session',
    /elsewhere/,
    /seekeeper retry/,
    withStatus({ session: { name: 'replaced', at: NOW } }),
  ],
  [
    'refused',
    'problem',
    'session',
    /INVALIDPASS/,
    /password/,
    withStatus({ session: { name: 'refused', reason: 'INVALIDPASS' } }),
  ],
  [
    'stopping',
    'warning',
    'session',
    /stopping/,
    /start/,
    withStatus({ phase: 'stopping', session: { name: 'offline' } }),
  ],
  ['no rooms', 'warning', 'rooms', /in no room/, /config/, withStatus({ rooms: [] })],
  [
    'not let in',
    'problem',
    'rooms',
    /not inside den: it is private/,
    /owner/,
    withStatus({
      rooms: [
        {
          name: 'den',
          joined: false,
          private: true,
          standing: 'visitor',
          users: 0,
          problem: 'it is private',
        },
      ],
    }),
  ],
  [
    'no port',
    'warning',
    'ports',
    /no port is open/,
    /listen\.port/,
    withStatus({ peers: { ...peers, ports: { plain: 0, obfuscated: 0 }, acceptedSoFar: 0 } }),
  ],
  [
    'not reached for a day',
    'warning',
    'ports',
    /port 2234 and 2235 open, but nobody.*not reachable/,
    /forward/,
    withStatus({ peers: { ...peers, acceptedSoFar: 0 } }),
  ],
  [
    'not reached yet',
    'ok',
    'ports',
    /too early/,
    undefined,
    withStatus({ session: online(60_000), peers: { ...peers, acceptedSoFar: 0 } }),
  ],
  ['reached', 'ok', 'ports', /12 connections came in/, undefined, well],
  [
    'no parent, nobody offered',
    'warning',
    'parent',
    /no parent for 1 d.*0 candidates/,
    /wait/,
    withStatus({ tree: { ...tree, ...parentless } }),
  ],
  [
    'no parent, nobody reached',
    'problem',
    'parent',
    /2 candidates, 0 of them connected/,
    /outgoing/,
    withStatus({ tree: { ...tree, ...parentless, candidates: [candidate(false), candidate(false)] } }),
  ],
  [
    'no parent, silent ones',
    'warning',
    'parent',
    /1 candidate, 1 of them connected/,
    /no searches/,
    withStatus({ tree: { ...tree, ...parentless, candidates: [candidate(true)] } }),
  ],
  [
    'no parent yet',
    'ok',
    'parent',
    /no parent yet/,
    undefined,
    withStatus({ session: online(60_000), tree: { ...tree, ...parentless } }),
  ],
  ['branch root', 'ok', 'parent', /root/, undefined, withStatus({ tree: { ...tree, role: 'root' } })],
  [
    'no tree while offline',
    'ok',
    'parent',
    /not online/,
    undefined,
    withStatus({ tree: { ...tree, role: 'offline' } }),
  ],
  [
    'slow children',
    'warning',
    'children',
    /1 of 1 children/,
    /tree\.children/,
    withStatus({ tree: { ...tree, children: [{ ...child, behindMs: 5_000 }] } }),
  ],
  [
    'good children',
    'ok',
    'children',
    /1 of 10/,
    undefined,
    withStatus({ tree: { ...tree, children: [{ ...child, behindMs: 0 }] } }),
  ],
  [
    'no children allowed',
    'ok',
    'children',
    /allows none/,
    undefined,
    withStatus({ tree: { ...tree, maxChildren: 0 } }),
  ],
  [
    'no children without a parent',
    'ok',
    'children',
    /without a parent/,
    undefined,
    withStatus({ tree: { ...tree, ...parentless } }),
  ],
  [
    'searches refused',
    'problem',
    'searches',
    /1 of the last 1 searches never ran \(wishes\)/,
    /seekeeper why/,
    { ...well, searches: [search({ reason: 'refused' })] },
  ],
  [
    'searches without hits',
    'warning',
    'searches',
    /0, 0 hits/,
    /fewer or other words/,
    { ...well, searches: [search({}), search({})] },
  ],
  [
    'hits left out',
    'warning',
    'searches',
    /3 files came and were left out/,
    /filters/,
    { ...well, searches: [search({ leftOut: 3 })] },
  ],
  [
    'hits too late',
    'warning',
    'searches',
    /9 answers came too late/,
    /timeout/,
    {
      ...withStatus({ search: { ...well.status.search, strays: { late: 9, unknown: 0 } } }),
      searches: [search({})],
    },
  ],
  [
    'nobody brings hits',
    'warning',
    'searches',
    /0 hits/,
    /see ports/,
    { ...withStatus({ peers: { ...peers, acceptedSoFar: 0 } }), searches: [search({})] },
  ],
  [
    'searches offline',
    'problem',
    'searches',
    /0 hits/,
    /see session/,
    { ...offline, searches: [search({})] },
  ],
  [
    'searches with hits',
    'ok',
    'searches',
    /0, 4 hits/,
    undefined,
    { ...well, searches: [search({}), search({ hits: 4 })] },
  ],
  [
    'inbox blocked',
    'problem',
    'inbox',
    /disk full; 2 wait/,
    /disk space/,
    withStatus({ inbox: { waiting: 0, unstored: 2, blocked: 'disk full' } }),
  ],
  [
    'inbox long',
    'warning',
    'inbox',
    /30 private messages/,
    /slow/,
    withStatus({ inbox: { waiting: 30, unstored: 0 } }),
  ],
  [
    'outbox long',
    'warning',
    'outbox',
    /50 lines.*most of news/,
    /say less/,
    withStatus({
      outbox: { waiting: 50 },
      governor: { ...governor, queued: [{ kind: 'room.line', origin: 'news', count: 50 }] as never },
    }),
  ],
  [
    'outbox short',
    'ok',
    'outbox',
    /2 lines.*next in 3 s/,
    undefined,
    withStatus({ outbox: { waiting: 2 }, governor: { ...governor, nextAt: NOW + 3_000 } }),
  ],
  [
    'outbox offline',
    'warning',
    'outbox',
    /1 line/,
    /see session/,
    { ...offline, status: { ...offline.status, outbox: { waiting: 1 } } },
  ],
  [
    'budgets not saved',
    'problem',
    'governor',
    /cannot be saved.*read-only/,
    /writable/,
    withStatus({ governor: { ...governor, blocked: 'read-only' } }),
  ],
  [
    'budget used up',
    'warning',
    'governor',
    /used up for now: searches.*waits for search gap/,
    /passes/,
    withStatus({ governor: { ...governor, left: { searches: 0.2, lines: 4 }, waitsFor: 'search gap' } }),
  ],
  [
    'quarantined',
    'problem',
    'plugins',
    /seen failed too often.*boom/,
    /plugin release seen/,
    withStatus({ plugins: [{ ...plugin, state: 'quarantined', problem: 'boom' }] }),
  ],
  [
    'restarting',
    'warning',
    'plugins',
    /started again: boom/,
    /log/,
    withStatus({ plugins: [{ ...plugin, state: 'restarting', problem: 'boom' }] }),
  ],
  [
    'failed',
    'problem',
    'plugins',
    /seen could not be loaded/,
    /check/,
    withStatus({ plugins: [{ ...plugin, state: 'failed', problem: 'syntax' }] }),
  ],
  [
    'left out',
    'problem',
    'plugins',
    /bad is not loaded: syntax/,
    /reload bad/,
    withStatus({ failedPlugins: [{ id: 'bad', reason: 'syntax' }] }),
  ],
  [
    'slow',
    'warning',
    'plugins',
    /missed 4 events/,
    /filters/,
    withStatus({ plugins: [{ ...plugin, dropped: 4 }] }),
  ],
  [
    'not granted',
    'warning',
    'plugins',
    /not granted pm\.send/,
    /plugins\.seen\.grant/,
    withStatus({ plugins: [{ ...plugin, needs: ['pm.send'] }] }),
  ],
  ['no plugins', 'ok', 'plugins', /none/, undefined, withStatus({ plugins: [] })],
  [
    'dead jobs',
    'problem',
    'jobs',
    /2 runs.*news\/daily: boom/,
    /seekeeper jobs/,
    { ...well, deadJobs: { count: 2, last: { name: 'news/daily', error: 'boom' } } },
  ],
  [
    'notices given up',
    'problem',
    'notices',
    /2 notices given up/,
    /seekeeper notices/,
    { ...well, notices: { dead: 2, failing: [] } },
  ],
  [
    'a channel that fails',
    'warning',
    'notices',
    /phone cannot be used: it answered 500/,
    /notices test phone/,
    { ...well, notices: { dead: 0, failing: [{ channel: 'phone', problem: 'it answered 500' }] } },
  ],
  [
    'decisions',
    'ok',
    'decisions',
    /3× run !seen \(cooldown\)/,
    undefined,
    { ...well, decisions: [{ source: 'commands', what: 'run !seen', reason: 'cooldown', times: 3 }] },
  ],
  [
    'few descriptors left',
    'problem',
    'process',
    /1000 of 1024/,
    /ulimit/,
    { ...well, process: { ...well.process, descriptors: 1000 } },
  ],
  [
    'much memory',
    'warning',
    'process',
    /600 MiB/,
    /plugin list/,
    { ...well, process: { ...well.process, residentBytes: 600 * 1024 * 1024 } },
  ],
];

describe('the rules', () => {
  it.each(CASES)('%s', (_name, level, about, what, todo, facts) => {
    const [finding] = examine(facts).filter((one) => one.about === about);
    expect(finding).toMatchObject({ level, what: expect.stringMatching(what) as unknown });
    // What is not well comes with what to do, and the other way round.
    if (todo === undefined) expect(finding).not.toHaveProperty('todo');
    else expect(finding?.todo).toMatch(todo);
  });
});

it('counts decisions of the same kind together', () => {
  const decision = { source: 'commands', what: 'run !seen' };
  expect(
    countDecisions([
      { ...decision, reason: 'its cooldown lasts 3 s more', times: 2 },
      { ...decision, reason: 'no role', times: 1 },
      { ...decision, reason: 'its cooldown lasts 9 s more', times: 1 },
    ]).map(({ times, reason }) => [times, reason]),
  ).toEqual([
    [3, 'its cooldown lasts 3 s more'],
    [1, 'no role'],
  ]);
});
