import type { DoctorFacts } from './facts.ts';
import { count, type Finding, ok, problem, span, warning } from './finding.ts';

/** How long it may take until others have found our port; milliseconds. */
const REACHED_WITHIN_MS = 15 * 60_000;
/** How long a place in the search tree may take; milliseconds. */
const PARENT_WITHIN_MS = 5 * 60_000;

/** Since when the bot is online, in milliseconds; 0 when it is not. */
function onlineFor({ now, status: { session } }: DoctorFacts): number {
  return session.name === 'online' ? now - session.since : 0;
}

export function sessionRule({ now, status: { session, phase } }: DoctorFacts): Finding {
  const about = 'session';
  switch (session.name) {
    case 'online':
      return ok(about, `online for ${span(now - session.since)}, address ${session.ip}`);
    case 'connecting':
    case 'logging-in':
      return warning(
        about,
        `${session.name}, attempt ${session.attempt}`,
        'wait; if it goes on like this, the server or your connection is down',
      );
    case 'offline': {
      const why = session.reason ?? 'no reason known';
      if (phase === 'stopping' || phase === 'stopped')
        return warning(about, 'the bot is stopping', 'start it again');
      const next =
        session.retryAt === undefined ? '' : `, next try in ${span(Math.max(0, session.retryAt - now))}`;
      return problem(
        about,
        `offline: ${why}${next}`,
        'check the address under server and your connection; `seekeeper retry` tries now',
      );
    }
    case 'banned':
      return problem(
        about,
        `the server has banned this account or address (${session.evidence}), ${span(Math.max(0, session.until - now))} left`,
        'wait: the bot logs in again by itself; trying earlier makes it longer. Look at outgoing limits that were raised',
      );
    case 'replaced':
      return problem(
        about,
        'the account logged in elsewhere, and the bot gave way',
        'end the other program, or give the bot an account of its own; then `seekeeper retry`',
      );
    case 'refused':
      return problem(
        about,
        `the server refused the login: ${session.reason}${session.detail === undefined ? '' : ` (${session.detail})`}`,
        'correct bot.user and its password in the config, then start the bot again',
      );
  }
}

export function roomsRule({ status: { rooms } }: DoctorFacts): readonly Finding[] {
  const about = 'rooms';
  if (rooms.length === 0)
    return [warning(about, 'the bot is in no room', 'name rooms in the config, if it is to be in any')];
  const outside = rooms.filter(({ joined }) => !joined);
  if (outside.length === 0) return [ok(about, `inside ${rooms.map(({ name }) => name).join(', ')}`)];
  return outside.map(({ name, problem: why }) =>
    problem(
      about,
      `not inside ${name}${why === undefined ? '' : `: ${why}`}`,
      'a private room needs its owner to add the bot; a name must be written exactly',
    ),
  );
}

export function portsRule(facts: DoctorFacts): Finding {
  const about = 'ports';
  const { ports, acceptedSoFar, links } = facts.status.peers;
  if (ports.plain === 0 && ports.obfuscated === 0)
    return warning(
      about,
      'no port is open: others can only be reached when they have one',
      'set listen.port in the config and forward that port in your router',
    );
  const which = `port ${[ports.plain, ports.obfuscated].filter((port) => port !== 0).join(' and ')}`;
  if (acceptedSoFar > 0)
    return ok(about, `${which} open, ${count(acceptedSoFar, 'connection')} came in since the start`);
  if (onlineFor(facts) < REACHED_WITHIN_MS)
    return ok(about, `${which} open; nobody has connected yet, which is too early to mean anything`);
  const ours = links.P + links.D + links.F;
  return warning(
    about,
    `${which} open, but nobody has connected in ${span(onlineFor(facts))}${ours > 0 ? `, while ${count(ours, 'connection')} of ours are open` : ''}: it is probably not reachable from outside`,
    `forward ${which} (TCP) to this machine in your router and let it through the firewall`,
  );
}

export function parentRule(facts: DoctorFacts): Finding {
  const about = 'parent';
  const { tree } = facts.status;
  switch (tree.role) {
    case 'offline':
      return ok(about, 'no place in the search tree while the bot is not online');
    case 'root':
      return ok(about, 'branch root: searches come from the server itself');
    case 'child': {
      const { parent, level, root } = tree;
      const since = parent === undefined ? '' : ` since ${span(facts.now - parent.since)}`;
      return ok(
        about,
        `below ${parent?.user ?? '?'}${since}, level ${level} of ${root}'s branch, ${tree.requestsPerSecond.toFixed(1)} searches/s`,
      );
    }
    case 'none':
      return noParent(facts);
  }
}

function noParent(facts: DoctorFacts): Finding {
  const about = 'parent';
  const { candidates, changes } = facts.status.tree;
  const lasted = onlineFor(facts);
  const reached = candidates.filter(({ connected }) => connected).length;
  const found = `${count(candidates.length, 'candidate')}, ${reached} of them connected`;
  const last = changes.at(-1);
  const why = last === undefined ? '' : `; last: ${last.why}`;
  if (lasted < PARENT_WITHIN_MS) return ok(about, `no parent yet (${found})`);
  const what = `no parent for ${span(lasted)}: searches of others do not reach the bot (${found}${why})`;
  if (candidates.length === 0)
    return warning(about, what, 'the server offers nobody: wait, it does so again every few minutes');
  if (reached === 0)
    return problem(about, what, 'none of them could be reached: check that outgoing connections are allowed');
  return warning(about, what, 'they are connected and send no searches: wait, others will be offered');
}

export function childrenRule({ status: { tree } }: DoctorFacts): Finding {
  const about = 'children';
  const { children, maxChildren, accepting, role } = tree;
  const behind = children.filter(({ behindMs }) => behindMs > 1_000);
  if (behind.length > 0)
    return warning(
      about,
      `${behind.length} of ${children.length} children do not keep up`,
      'those who go on like this are dropped by themselves; if it is all of them, your upload is too slow: lower tree.children',
    );
  if (children.length > 0) return ok(about, `${children.length} of ${maxChildren} children`);
  if (role === 'offline') return ok(about, 'none while the bot is not online');
  if (maxChildren === 0)
    return ok(about, 'none: the config allows none, or the server says that this account carries none');
  if (role === 'none') return ok(about, 'none: without a parent there is nothing to pass on');
  if (!accepting) return ok(about, 'none: the bot does not take any now');
  return ok(about, `none yet of ${maxChildren}; the server sends them, sooner when the port is reachable`);
}

export function searchesRule({ status, searches }: DoctorFacts): Finding {
  const about = 'searches';
  const { running, strays } = status.search;
  const last = searches.slice(-5);
  if (last.length === 0) return ok(about, `no search has ended yet, ${running} running`);
  const refused = last.filter(({ reason }) => reason === 'refused');
  const empty = last.filter(({ hits }) => hits === 0);
  const told = `the last ${count(last.length, 'search')}: ${last.map(({ hits }) => hits).join(', ')} hits`;
  if (refused.length > 0)
    return problem(
      about,
      `${refused.length} of the last ${last.length} searches never ran (${refused.at(-1)!.plugin})`,
      '`seekeeper why` says why each of them was refused',
    );
  if (empty.length < last.length) return ok(about, told);
  const leftOut = last.reduce((sum, search) => sum + search.leftOut, 0);
  if (leftOut > 0)
    return warning(
      about,
      `${told}; ${count(leftOut, 'file')} came and were left out`,
      'the filters of the search are too narrow, or the query excludes what it finds',
    );
  if (status.session.name !== 'online') return problem(about, told, 'the bot is not online: see session');
  if (strays.late > 0)
    return warning(
      about,
      `${told}; ${strays.late} answers came too late`,
      'give the searches a longer timeout',
    );
  return warning(
    about,
    told,
    status.peers.acceptedSoFar === 0
      ? 'nobody could connect to bring results: see ports'
      : 'nobody has it: try fewer or other words, and no phrase that the server excludes',
  );
}
