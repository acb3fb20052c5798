import type { DoctorFacts } from './facts.ts';
import { count, type Finding, ok, problem, span, warning } from './finding.ts';

/** More lines waiting than leave in two minutes. */
const MANY_LINES = 20;
/** Share of the descriptors above which connections are about to be refused. */
const MANY_DESCRIPTORS = 0.9;
/** Above it somebody should look whose memory it is; bytes. */
const MUCH_MEMORY = 512 * 1024 * 1024;
const MIB = 1024 * 1024;

export function inboxRule({ status: { inbox } }: DoctorFacts): Finding {
  const about = 'inbox';
  if (inbox.blocked !== undefined)
    return problem(
      about,
      `private messages cannot be stored: ${inbox.blocked}; ${inbox.unstored} wait and stay at the server`,
      'free disk space, or make the store writable; they are taken in by themselves then',
    );
  if (inbox.waiting > MANY_LINES)
    return warning(
      about,
      `${count(inbox.waiting, 'private message')} wait to be handled`,
      'a plugin that answers private messages is slow: `seekeeper plugin list` shows times and queues',
    );
  return ok(about, `${count(inbox.waiting, 'private message')} waiting`);
}

export function outboxRule({ now, status: { outbox, governor, session } }: DoctorFacts): Finding {
  const about = 'outbox';
  if (outbox.waiting === 0) return ok(about, 'no line waits to be sent');
  const who = origins(governor.queued);
  const waiting = `${count(outbox.waiting, 'line')} wait to be sent${who}`;
  if (session.name !== 'online')
    return warning(about, waiting, 'they leave when the bot is online: see session');
  if (governor.blocked !== undefined) return problem(about, waiting, 'see governor');
  if (outbox.waiting <= MANY_LINES) {
    const next =
      governor.nextAt === undefined ? '' : `, the next in ${span(Math.max(0, governor.nextAt - now))}`;
    return ok(about, `${waiting}${next}`);
  }
  return warning(
    about,
    waiting,
    'plugins say more than the limits let out: let them say less, or in fewer rooms; lines that wait too long expire',
  );
}

function origins(queued: DoctorFacts['status']['governor']['queued']): string {
  const byOrigin = new Map<string, number>();
  for (const { origin, count: many } of queued) byOrigin.set(origin, (byOrigin.get(origin) ?? 0) + many);
  const [most] = [...byOrigin].sort((a, b) => b[1] - a[1]);
  return most === undefined ? '' : `, most of ${most[0]}`;
}

export function governorRule({ status: { governor } }: DoctorFacts): Finding {
  const about = 'governor';
  if (governor.blocked !== undefined)
    return problem(
      about,
      `budgets cannot be saved, so nothing that needs one leaves: ${governor.blocked}`,
      'free disk space, or make the store writable',
    );
  const empty = Object.entries(governor.left).flatMap(([name, left]) => (left < 1 ? [name] : []));
  const waits = governor.waitsFor === undefined ? '' : `; what is next waits for ${governor.waitsFor}`;
  if (empty.length > 0)
    return warning(
      about,
      `used up for now: ${empty.join(', ')}${waits}`,
      'nothing, if it passes; if not, plugins want more than is safe: let them do less',
    );
  const lost = Object.values(governor.dropped).reduce((sum, many) => sum + many, 0);
  return ok(about, `within all limits${waits}${lost > 0 ? `; ${lost} not sent since the start` : ''}`);
}

export function pluginsRule({ status: { plugins, failedPlugins } }: DoctorFacts): readonly Finding[] {
  const about = 'plugins';
  const findings: Finding[] = failedPlugins.map(({ id, reason }) =>
    problem(
      about,
      `${id} is not loaded: ${reason}`,
      `correct it; \`seekeeper check\` says where, then \`seekeeper reload ${id}\``,
    ),
  );
  for (const { id, state, problem: why = 'no reason known', dropped, needs, granted } of plugins) {
    if (state === 'quarantined')
      findings.push(
        problem(
          about,
          `${id} failed too often and is not started again: ${why}`,
          `correct it, then \`seekeeper plugin release ${id}\``,
        ),
      );
    else if (state === 'restarting')
      findings.push(
        warning(
          about,
          `${id} ended and is being started again: ${why}`,
          'look for it in the log; after three times in ten minutes it stays off',
        ),
      );
    else if (state === 'failed')
      findings.push(
        problem(about, `${id} could not be loaded: ${why}`, '`seekeeper check` says where it is wrong'),
      );
    if (dropped > 0)
      findings.push(
        warning(
          about,
          `${id} is too slow: it missed ${count(dropped, 'event')}`,
          '`seekeeper plugin list` shows its times; filters make it get less',
        ),
      );
    const missing = needs.filter((need) => !granted.includes(need));
    if (missing.length > 0)
      findings.push(
        warning(
          about,
          `${id} is not granted ${missing.join(', ')}`,
          `add it under plugins.${id}.grant if it is to do that`,
        ),
      );
  }
  if (findings.length > 0) return findings;
  return [
    ok(about, plugins.length === 0 ? 'none' : `${plugins.map(({ id }) => id).join(', ')}: all running`),
  ];
}

export function noticesRule({ notices: { dead, failing } }: DoctorFacts): readonly Finding[] {
  const about = 'notices';
  const findings = failing.map(({ channel, problem: why }) =>
    warning(
      about,
      `the channel ${channel} cannot be used: ${why}`,
      `put right what it says; \`seekeeper notices test ${channel}\` tells whether it works`,
    ),
  );
  if (dead > 0)
    findings.push(
      problem(
        about,
        `${count(dead, 'notice')} given up`,
        '`seekeeper notices` lists them, and has them told again or forgets them',
      ),
    );
  return findings.length > 0 ? findings : [ok(about, 'no notice was given up, and no channel fails')];
}

export function jobsRule({ deadJobs: { count: many, last } }: DoctorFacts): Finding {
  const about = 'jobs';
  if (many === 0) return ok(about, 'no run by the clock was given up');
  const latest = last === undefined ? '' : `, the last of ${last.name}: ${last.error}`;
  return problem(
    about,
    `${count(many, 'run')} by the clock given up${latest}`,
    '`seekeeper jobs` lists them, and tries them again or forgets them',
  );
}

export function decisionsRule({ decisions }: DoctorFacts): Finding {
  const about = 'decisions';
  if (decisions.length === 0) return ok(about, 'the bot left nothing undone in the last hour');
  const told = decisions
    .slice(0, 3)
    .map(({ times, what, reason }) => `${times}× ${what} (${reason})`)
    .join('; ');
  return ok(about, `left undone in the last hour: ${told}; \`seekeeper why\` has all`);
}

export function processRule({ process }: DoctorFacts): readonly Finding[] {
  const about = 'process';
  const { descriptors, descriptorLimit, residentBytes, pid } = process;
  const memory = `${Math.round(residentBytes / MIB)} MiB`;
  const open =
    descriptors === undefined ? '' : `, ${descriptors} of ${descriptorLimit ?? 'any number of'} descriptors`;
  const findings: Finding[] = [];
  if (
    descriptors !== undefined &&
    descriptorLimit !== undefined &&
    descriptors > descriptorLimit * MANY_DESCRIPTORS
  )
    findings.push(
      problem(
        about,
        `${descriptors} of ${descriptorLimit} file descriptors are in use: connections are about to fail`,
        'raise the limit (ulimit -n, or LimitNOFILE of the service)',
      ),
    );
  if (residentBytes > MUCH_MEMORY)
    findings.push(
      warning(
        about,
        `it takes ${memory} of memory`,
        '`seekeeper plugin list` shows the memory of workers; a plugin in process has no cap',
      ),
    );
  return findings.length > 0 ? findings : [ok(about, `pid ${pid}, ${memory}${open}`)];
}
