import type { Case } from '../../../plugins/api/cases.ts';
import { consequenceOf } from '../consequences/consequence.ts';

/** `2026-01-31 14:05 UTC`. */
export function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What follows, as part of a sentence. */
export function consequenceWords({ consequence, until }: Pick<Case, 'consequence' | 'until'>): string {
  const of = consequenceOf(consequence);
  const time = until === undefined ? 'for good' : `until ${timeText(until)}`;
  switch (of.kind) {
    case 'note':
      return 'a note';
    case 'report':
      return 'a report to staff';
    case 'warn':
      return 'a warning in private';
    case 'warn-room':
      return 'a warning in the room';
    case 'ignore':
      return `ignored ${time}`;
    case 'remove':
      return `removed ${time}`;
    case 'action':
      return of.name;
  }
}

const appealHint = (id: number) => `If that is wrong, write to me: appeal ${id} and why.`;

/** What the person hears in private; undefined: nothing. */
export function toPerson(of: Case): string | undefined {
  const { id, room, reason, consequence, until } = of;
  switch (consequenceOf(consequence).kind) {
    case 'warn':
      return `${room}: ${reason}. Please stop, this is a warning (case ${id}). ${appealHint(id)}`;
    case 'ignore': {
      const time = until === undefined ? '' : ` until ${timeText(until)}`;
      return `I do not follow your commands${time}: ${reason} in ${room} (case ${id}). ${appealHint(id)}`;
    }
    case 'remove': {
      if (until === undefined)
        return `You were removed from ${room}: ${reason} (case ${id}). ${appealHint(id)}`;
      const back = `I will invite you again then; you have to accept invitations for that.`;
      return `You were removed from ${room} until ${timeText(until)}: ${reason} (case ${id}). ${back} ${appealHint(id)}`;
    }
    default:
      return undefined;
  }
}

/** What the room hears. */
export function toRoom({ id, user, reason }: Case): string {
  return `${user}: ${reason}. Please stop (case ${id}).`;
}

const MAX_TITLE = 200;

/** One line for staff: whom, where, why. */
export function staffTitle(of: Case, what?: string): string {
  const by = of.rule ?? of.actor;
  const end = what === undefined ? '' : ` ${what}`;
  const text = `#${of.id} ${of.room}: ${of.user}, ${of.reason} (${by}, ${of.points} points, ${of.total} in all).${end}`;
  return text.length <= MAX_TITLE ? text : `${text.slice(0, MAX_TITLE - 1)}…`;
}

/** What was said around it, for staff. */
export function staffLines(of: Case): string[] {
  const instead = of.instead === undefined ? [] : [`${of.wanted} is not possible: ${of.instead}`];
  const evidence = of.evidence === undefined ? [] : [`because of: ${of.evidence}`];
  return [...instead, ...evidence, ...of.lines.slice(-5).map(({ user, text }) => `<${user}> ${text}`)];
}

/** What became of a case, for whoever commanded it. */
export function outcomeText(of: Case): string {
  const detail = of.log.at(-1)?.detail;
  const why = detail === undefined ? '' : `: ${detail}`;
  const what = consequenceWords(of);
  switch (of.state) {
    case 'done':
      return `${of.user}: ${what} (case ${of.id})`;
    case 'failed':
      return `${of.user}: not done${why} (case ${of.id})`;
    case 'acting':
      return `${of.user}: ${what}, under way${why} (case ${of.id})`;
    case 'undone':
      return `case ${of.id} (${of.user}) is taken back${why}`;
    case 'pardoned':
      return `case ${of.id} (${of.user}) is pardoned: its points do not count any more${why}`;
    case 'declined':
      return `case ${of.id} (${of.user}): nothing is done`;
    case 'suggested':
      return `case ${of.id} (${of.user}) waits for an answer of staff: ${what}`;
    case 'lapsed':
      return `case ${of.id} (${of.user}): nobody answered in time`;
    case 'noted':
      return `case ${of.id} (${of.user}) is noted`;
  }
}
