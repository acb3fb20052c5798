import type { Insertable, Selectable } from 'kysely';
import type { Case, CaseState } from '../../plugins/api/cases.ts';
import type { CaseLogTable, CaseTable } from './case-tables.ts';
import { exactText, storedText } from './exact-text.ts';

/** A case as it is made: without what happens afterwards. */
export type NewCase = Omit<Case, 'log' | 'appeal'>;

export interface NewLogEntry {
  readonly at: number;
  readonly actor: string;
  readonly what: string;
  readonly detail?: string;
}

/** What may change of a case, each time with a line in its log. */
export interface CaseChange {
  readonly state?: CaseState;
  readonly until?: number;
  /** Its points do not count any more. */
  readonly void?: boolean;
  /** Its effect has yet to be taken back. */
  readonly toTakeBack?: boolean;
  /** With `text` it is made now. */
  readonly appeal?: { readonly state: 'open' | 'granted' | 'rejected'; readonly text?: string };
}

export function rowOf(of: NewCase): Insertable<CaseTable> {
  return {
    id: of.id,
    at: of.at,
    room: storedText(of.room),
    person: storedText(of.user),
    rule: of.rule ?? null,
    rule_version: of.ruleVersion === undefined ? null : storedText(of.ruleVersion),
    points: of.points,
    total: of.total,
    reason: storedText(of.reason),
    evidence: of.evidence === undefined ? null : storedText(of.evidence),
    // JSON writes what databases cannot keep as escapes.
    said: JSON.stringify(of.lines),
    mode: of.mode,
    wanted: of.wanted,
    consequence: of.consequence,
    at_most: of.atMost ?? null,
    to_take_back: 0,
    instead: of.instead === undefined ? null : storedText(of.instead),
    until_at: of.until ?? null,
    state: of.state,
    actor: storedText(of.actor),
    void: 0,
    changed_at: of.at,
    appeal_at: null,
    appeal_text: null,
    appeal_state: null,
  };
}

export function logRow(id: number, { at, actor, what, detail }: NewLogEntry): Insertable<CaseLogTable> {
  return {
    case_id: id,
    at,
    actor: storedText(actor),
    what,
    detail: detail === undefined ? null : storedText(detail),
  };
}

export function caseOf(row: Selectable<CaseTable>, log: readonly Selectable<CaseLogTable>[]): Case {
  return {
    id: row.id,
    room: exactText(row.room),
    user: exactText(row.person),
    at: row.at,
    ...(row.rule !== null && { rule: row.rule }),
    ...(row.rule_version !== null && { ruleVersion: exactText(row.rule_version) }),
    points: row.points,
    total: row.total,
    reason: exactText(row.reason),
    ...(row.evidence !== null && { evidence: exactText(row.evidence) }),
    lines: JSON.parse(row.said) as Case['lines'],
    mode: row.mode,
    wanted: row.wanted,
    consequence: row.consequence,
    ...(row.instead !== null && { instead: exactText(row.instead) }),
    ...(row.at_most !== null && { atMost: row.at_most }),
    ...(row.until_at !== null && { until: row.until_at }),
    state: row.state as CaseState,
    actor: exactText(row.actor),
    ...(row.appeal_at !== null &&
      row.appeal_state !== null && {
        appeal: { at: row.appeal_at, text: exactText(row.appeal_text ?? ''), state: row.appeal_state },
      }),
    log: log.map(({ at, actor, what, detail }) => ({
      at,
      actor: exactText(actor),
      what,
      ...(detail !== null && { detail: exactText(detail) }),
    })),
  };
}
