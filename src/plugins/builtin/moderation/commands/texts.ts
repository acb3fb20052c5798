import { type Case, formatDuration } from '../../../api/index.ts';

/** A time for people: `2026-01-31 14:05`, UTC. */
export function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** How long ago, in one unit or two. */
export function agoText(at: number, now: number): string {
  const ms = Math.max(0, now - at);
  const unit = ms < 3_600_000 ? 60_000 : ms < 86_400_000 ? 3_600_000 : 86_400_000;
  const rounded = Math.floor(ms / unit) * unit;
  return rounded === 0 ? 'just now' : `${formatDuration(rounded).replace(/^(\d+w)(\d+d).*/, '$1$2')} ago`;
}

/** `1 point`, `2.5 points`. */
const counted = (points: number): string => {
  const rounded = Math.round(points * 10) / 10;
  return `${rounded} ${rounded === 1 ? 'point' : 'points'}`;
};

/** A case in one line: what, when, whom, why, and what came of it. */
export function caseLine(of: Case): string {
  const by = of.rule ?? of.actor;
  return `#${of.id} ${timeText(of.at)} ${of.room}: ${of.user}, ${of.reason} (${by}${pointsText(of)}): ${endText(of)}`;
}

/** What staff order has no points. */
const pointsText = ({ rule, points }: Case): string =>
  rule === undefined && points === 0 ? '' : `, ${counted(points)}`;

function endText({ consequence, state, mode, wanted, until, appeal }: Case): string {
  const what =
    until === undefined ? consequence : `${consequence.replace(/:.*/, '')} until ${timeText(until)}`;
  const instead = wanted === consequence ? '' : ` instead of ${wanted}`;
  const shadow = mode === 'shadow' ? ' in shadow' : '';
  const appealed = appeal === undefined ? '' : `, appeal ${appeal.state}`;
  return `${what}${instead}, ${state}${shadow}${appealed}`;
}

/** More of the lines around it are in the export. */
const LINES = 8;
const LOG = 8;

/** Everything about a case. */
export function caseText(of: Case): readonly string[] {
  const { instead, evidence, lines, log, appeal } = of;
  return [
    `${caseLine(of)}, ${counted(of.total)} in all.`,
    ...(instead === undefined ? [] : [`Instead: ${instead}.`]),
    ...(evidence === undefined ? [] : [`Because of: ${evidence}`]),
    ...lines.slice(-LINES).map(({ at, user, text }) => `${timeText(at).slice(11)} <${user}> ${text}`),
    ...(appeal === undefined ? [] : [`Appeal of ${timeText(appeal.at)}, ${appeal.state}: ${appeal.text}`]),
    ...log
      .slice(-LOG)
      .map(
        ({ at, actor, what, detail }) =>
          `${timeText(at)} ${actor}: ${what}${detail === undefined ? '' : ` (${detail})`}`,
      ),
  ];
}
