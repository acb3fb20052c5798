import type { Case } from '../../../plugins/api/cases.ts';
import type { JournalEntry } from '../../store/journal.ts';
import { consequenceWords, timeText } from './case-texts.ts';

/** How a bundle is recognised. */
export const BUNDLE = { bundle: 'seekeeper-cases', version: 1 } as const;

/** A case, and what was said in the room before and after it as far as the journal still knows. */
export interface Exported {
  readonly of: Case;
  readonly around: readonly { readonly at: number; readonly user: string; readonly text: string }[];
}

/** Lines before a case and after it. */
export const AROUND = { lines: 20, ms: 900_000 };

/** What was said. */
export function linesOf(entries: readonly JournalEntry[]): Case['lines'] {
  return entries.flatMap(({ at, user, text }) =>
    user === undefined || text === undefined ? [] : [{ at, user, text }],
  );
}

/** As the journal has it, or else as the case does. */
export function aroundOf(of: Case, entries: readonly JournalEntry[]): Exported['around'] {
  const said = linesOf(entries);
  return said.length === 0 ? of.lines : said;
}

/** For people to read. */
export function exportText(exported: readonly Exported[], bot: string, now: number): string {
  const head = `Cases of the Soulseek room bot ${bot}, ${timeText(now)}, ${exported.length} in all`;
  return [head, ...exported.map((one) => caseText(one))].join('\n\n');
}

/** For programs. */
export function exportJson(exported: readonly Exported[], bot: string, now: number): string {
  const cases = exported.map(({ of, around }) => ({ ...of, around }));
  return JSON.stringify({ ...BUNDLE, bot, exported: now, cases }, undefined, 2);
}

function caseText({ of, around }: Exported): string {
  const by = of.rule === undefined ? of.actor : `rule ${of.rule} (version ${of.ruleVersion ?? '?'})`;
  const lines = around.map(({ at, user, text }) => `    ${clockText(at)} <${user}> ${text}`);
  const log = of.log.map(
    ({ at, actor, what, detail }) =>
      `    ${timeText(at)} ${what} by ${actor}${detail === undefined ? '' : `: ${detail}`}`,
  );
  return [
    `Case ${of.id}: ${of.user} in ${of.room}, ${timeText(of.at)}`,
    `  reason: ${of.reason}`,
    `  decided by: ${by}; ${of.points} points, ${of.total} in all`,
    `  consequence: ${consequenceWords(of)}${of.instead === undefined ? '' : ` instead of ${of.wanted} (${of.instead})`}`,
    `  state: ${of.state} (mode ${of.mode})`,
    ...(of.evidence === undefined ? [] : [`  evidence: ${of.evidence}`]),
    ...(of.appeal === undefined ? [] : [`  appeal (${of.appeal.state}): ${of.appeal.text}`]),
    ...(lines.length === 0 ? [] : ['  what was said around it:', ...lines]),
    ...(log.length === 0 ? [] : ['  what happened since:', ...log]),
  ].join('\n');
}

const clockText = (at: number): string => new Date(at).toISOString().slice(11, 19);
