import type { BotStatus } from '../../bot/runtime/status.ts';
import type { SessionState } from '../../network/session/state.ts';
import { counted } from '../terminal/counted.ts';
import { printable } from '../terminal/printable.ts';

/** The state of the connection in a few words. */
export function sessionText(state: SessionState): string {
  switch (state.name) {
    case 'offline':
      return state.retryAt === undefined
        ? 'offline'
        : `offline (${state.reason ?? 'no reason known'}), next try at ${timeText(state.retryAt)}`;
    case 'connecting':
      return `connecting, attempt ${state.attempt}`;
    case 'logging-in':
      return `logging in, attempt ${state.attempt}`;
    case 'online':
      return `online since ${timeText(state.since)}`;
    case 'banned':
      return `banned until ${timeText(state.until)} (${state.evidence}); \`seekeeper retry\` does not wait`;
    case 'replaced':
      return `replaced at ${timeText(state.at)}: the account logged in elsewhere; \`seekeeper retry\` logs in again`;
    case 'refused':
      return `refused: ${state.reason}${state.detail === undefined ? '' : ` (${state.detail})`}`;
  }
}

/** What a person wants to know first, a line each. */
export function statusText(status: BotStatus): string[] {
  const { user, phase, session, rooms, plugins, failedPlugins, inbox, outbox, peers, tree, search } = status;
  return [
    `${user}: ${phase}, ${sessionText(session)}`,
    ...rooms.map(({ name, joined, standing, users, problem }) =>
      joined
        ? `room     ${name}: ${counted(users, 'user')}, we are ${standing}`
        : `room     ${name}: not inside${problem === undefined ? '' : `, ${problem}`}`,
    ),
    ...plugins.map(({ id, state, commands, failures, queued, dropped }) => {
      const notes = [
        failures > 0 && counted(failures, 'failure'),
        queued > 0 && `${queued} waiting`,
        dropped > 0 && `${dropped} dropped`,
        state === 'quarantined' && `\`seekeeper plugin release ${id}\` starts it again`,
      ].filter((note) => note !== false);
      const list = commands.length === 0 ? 'no commands' : commands.map((name) => `!${name}`).join(' ');
      return `plugin   ${id}: ${state}, ${list}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
    }),
    ...failedPlugins.map(({ id, reason }) => `plugin   ${id}: left out, ${reason}`),
    `inbox    ${inbox.waiting} waiting${inbox.unstored > 0 ? `, ${inbox.unstored} not stored and not acknowledged` : ''}${inbox.blocked === undefined ? '' : `: ${inbox.blocked}`}`,
    `outbox   ${outbox.waiting} waiting`,
    `peers    ${peersText(peers)}`,
    `tree     ${treeText(tree)}`,
    `search   ${search.running} running; ${counted(search.answering.sent, 'answer')} sent`,
  ].map(printable);
}

function peersText({ ports, accepted, outgoing, links }: BotStatus['peers']): string {
  const open = [
    ports.plain !== 0 && `${ports.plain}`,
    ports.obfuscated !== 0 && `${ports.obfuscated} (obfuscated)`,
  ];
  const listening = open.filter((port) => port !== false).join(' and ');
  return (
    `${listening === '' ? 'no port open' : `port ${listening}`}; ${counted(links.P + links.D + links.F, 'connection')}` +
    ` (${accepted.open} theirs, ${outgoing.open} ours)`
  );
}

function treeText({
  role,
  parent,
  root,
  level,
  children,
  maxChildren,
  requestsPerSecond,
}: BotStatus['tree']): string {
  const rate = `${requestsPerSecond.toFixed(1)} searches/s, ${children.length} of ${maxChildren} children`;
  switch (role) {
    case 'offline':
      return 'not connected';
    case 'none':
      return 'no parent: searches of the network do not reach us';
    case 'root':
      return `branch root, ${rate}`;
    case 'child':
      return `below ${parent?.user ?? '?'} at level ${level} of ${root}'s branch, ${rate}`;
  }
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
